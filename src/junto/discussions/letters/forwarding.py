"""What a member is written who may know the answer to a question."""

from __future__ import annotations

from dataclasses import replace

from junto.communities.models import Membership
from junto.discussions import rules
from junto.discussions.letters.notices import letter_of
from junto.discussions.letters.wording import absolute
from junto.discussions.models import Thread
from junto.mail.letter import Letter
from junto.people.models import Person

_EXCERPT = 1_500


def question_for_you(thread: Thread, to: Membership, *, note: str, by: Person) -> Letter:
    """To a member who says that they can help: a question that nobody has answered. A reply goes to whoever asks."""
    first = thread.messages.order_by("sent_at", "id").first() if thread.pk else None
    context: dict[str, object] = {
        "community": thread.community,
        "person": to.person,
        "by": by.display_name,
        "note": note,
        "subject": thread.subject,
        "author": thread.author_name,
        "agency": thread.author_agency,
        "words": first.text.strip()[:_EXCERPT] if first else "",
        "link": absolute(thread.get_absolute_url()),
        "list": rules.list_address(thread.community),
    }
    return replace(letter_of("question_for_you", context, thread.community, to=to.person), reply_to=by.email)
