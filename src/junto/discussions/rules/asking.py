"""A question to one member, through the list's alias."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.models import Entry
from junto.communities import rules as communities
from junto.communities.models import Community, Membership
from junto.discussions.models import Thread
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person

QUESTIONS_A_DAY = 5
ASKED = "discussions.question.asked"


def may_ask(by: Person | None, person: Person, shared: Sequence[Community]) -> Ruling:
    """May somebody write to a person through one of the communities that they share? At most five times a day."""
    is_open = [community for community in shared if community.retired_at is None]
    if not (may := people.may_be_asked(person, by=by, is_colleague=bool(is_open))):
        return may
    assert by is not None
    since = timezone.now() - timedelta(days=1)
    if Entry.objects.filter(fact=ASKED, by_id=str(by.pk), at__gt=since).count() >= QUESTIONS_A_DAY:
        words = gettext(
            "You have asked %(most)d people within a day. Ask again tomorrow, or ask everybody at once: "
            "start a discussion in a community that you share."
        )
        return no(words % {"most": QUESTIONS_A_DAY})
    return yes()


FORWARDED = "discussions.question.forwarded"
FORWARDS_OF_A_QUESTION = 5


def may_forward(by: Person | None, thread: Thread, to: Membership) -> Ruling:
    """May a manager put an open question before this member? Each once, and five of them for one question."""
    if not (managed := communities.may_manage(by, thread.community)):
        return managed
    if thread.is_closed or thread.answered_at:
        return no(gettext("This question is not open any more."))
    if to.community_id != thread.community_id or not to.is_active():
        return no(gettext("This person is not a member."))
    before = Entry.objects.filter(fact=FORWARDED, about_type=thread._meta.label_lower, about_id=str(thread.pk))
    asked = list(before.values_list("details__to", flat=True)[: FORWARDS_OF_A_QUESTION + 1])
    if to.pk in asked:
        return no(gettext("%(name)s was asked about this already.") % {"name": to.person.display_name})
    if len(asked) >= FORWARDS_OF_A_QUESTION:
        return no(gettext("%(count)d people were asked about this already. Wait for them.") % {"count": len(asked)})
    return yes()
