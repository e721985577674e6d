"""An open question is put before a member who says that they can help."""

from __future__ import annotations

from django.db import transaction

from junto.audit.actions import record
from junto.communities.models import Membership
from junto.discussions import letters, rules
from junto.discussions.models import Thread
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.people.models import Person


@transaction.atomic
def forward_question(*, thread: Thread, to: Membership, note: str = "", by: Person) -> None:
    """Write to one member about a question that nobody has answered, with a word of the manager. Raises Refused."""
    thread = Thread.objects.select_for_update(of=("self",)).select_related("community").get(pk=thread.pk)
    require(rules.may_forward(by, thread, to))
    letter = letters.question_for_you(thread, to, note=note.strip(), by=by)
    mail.post(letter, to=to.address.email, about=f"discussions.thread:{thread.pk}")
    record(rules.FORWARDED, about=thread, by=by, reason=note.strip(), to=to.pk)
