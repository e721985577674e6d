"""Who may put discussions in order, and who may mark a message as useful."""

from __future__ import annotations

from django.utils.translation import gettext as _

from junto.communities import rules as community_rules
from junto.communities.models import Community
from junto.discussions.models import Message, Thread
from junto.discussions.rules.access import is_in_zone
from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Person

MOST_PINNED = 3


def may_tidy(person: Person | None, thread: Thread) -> Ruling:
    """Moderators rename, pin and split what its zone lets them read."""
    if not is_in_zone(person, thread.zone):
        return no(_("There is no such discussion here."), hidden=True)
    return community_rules.may_moderate(person, thread.community)


def may_move(person: Person | None, thread: Thread, target: Community) -> Ruling:
    """Only who moderates both communities may take a discussion from one to the other."""
    if not (ruling := may_tidy(person, thread)):
        return ruling
    if not (there := community_rules.may_moderate(person, target)):
        return there
    if target.pk == thread.community_id:
        return no(_("The discussion is in this community already."))
    if target.retired_at:
        return no(_("That community has closed, so nothing new can be put there."))
    ids = thread.messages.exclude(message_id="").values("message_id")
    if Message.objects.filter(community=target, message_id__in=ids).exists():
        return no(_("That community has some of these messages already, in a discussion of its own."))
    return yes()


def may_merge(person: Person | None, thread: Thread, into: Thread) -> Ruling:
    """Two discussions of one community that the same people may read."""
    for one in (thread, into):
        if not (ruling := may_tidy(person, one)):
            return ruling
    if thread.pk == into.pk:
        return no(_("This is the same discussion. Choose another one."))
    if thread.community_id != into.community_id:
        return no(_("Both discussions must be in one community. Move one of them first."))
    if thread.zone != into.zone:
        return no(_("These two are not open to the same people, so they cannot become one discussion."))
    return yes()


def may_split(person: Person | None, thread: Thread, message: Message) -> Ruling:
    """From any message on but the first, with which the discussion itself would go."""
    if not (ruling := may_tidy(person, thread)):
        return ruling
    first = thread.messages.order_by("sent_at", "id").values_list("pk", flat=True).first()
    if message.thread_id != thread.pk:
        return no(_("This message is in another discussion."))
    if first == message.pk:
        return no(_("This is the first message: the whole discussion would go. Change its subject instead."))
    return yes()


def may_pin(person: Person | None, thread: Thread) -> Ruling:
    """Three discussions of a community at most stand on top of its list."""
    if not (ruling := may_tidy(person, thread)):
        return ruling
    pinned = thread.community.threads.pinned().exclude(pk=thread.pk).count()
    if pinned >= MOST_PINNED:
        return no(_("Three discussions are pinned already. Unpin one of them first."))
    return yes()


def may_find_useful(person: Person | None, message: Message) -> Ruling:
    """Members mark what others wrote."""
    thread = message.thread
    if not is_in_zone(person, thread.zone):
        return no(_("There is no such discussion here."), hidden=True)
    if not (ruling := community_rules.may_take_part(person, thread.community)):
        return ruling
    if person is not None and message.author_id == person.pk:
        return no(_("You wrote this message yourself. Others say whether it is useful."))
    return yes()
