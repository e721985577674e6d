"""What managers may do from their desk beside decisions about one person: undo, remind, announce, close, reopen."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from junto.communities.models import Announcement, Community, Deed, Invitation, Membership, Role
from junto.communities.rules.access import may_manage
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person

REMINDS_AFTER = timedelta(days=3)
INVITATION_WAITS = timedelta(days=7)
ANNOUNCEMENTS_APART = timedelta(hours=24)
MOST_APPOINTED = 20


def may_undo(person: Person | None, deed: Deed) -> Ruling:
    """May this manager take back what was done? Within a day, once."""
    if not (managed := may_manage(person, deed.community)):
        return managed
    if deed.undone_at:
        return no(gettext("This has been undone already."))
    if not deed.is_open():
        return no(gettext("This can be undone within a day only. Change it again by hand."))
    return yes()


def may_remind(person: Person | None, invitation: Invitation) -> Ruling:
    """May this manager send an invitation a second time? Once, and not sooner than after three days."""
    if not (managed := may_manage(person, invitation.community)):
        return managed
    told = {"email": invitation.email}
    if invitation.used_at:
        return no(gettext("%(email)s has joined already.") % told)
    if invitation.reminded_at:
        return no(gettext("%(email)s was reminded once. A third letter would only be a nuisance.") % told)
    if timezone.now() - invitation.invited_at < REMINDS_AFTER:
        return no(gettext("%(email)s was invited less than three days ago. Give them some time.") % told)
    return yes()


def may_remove_from_table(person: Person | None, membership: Membership) -> bool:
    """Whether a removal of many takes this member: never a manager, and nobody removes themselves."""
    return membership.role != Role.MANAGER and (person is None or membership.person_id != person.pk)


def may_announce(person: Person | None, community: Community) -> Ruling:
    """May this manager write to every member?"""
    if not (managed := may_manage(person, community)):
        return managed
    if community.retired_at:
        return no(gettext("This community has closed. Nothing is announced to its members any more."))
    return yes()


def may_send(person: Person | None, announcement: Announcement, *, is_sure: bool) -> Ruling:
    """May a draft go out now? A second one within a day needs somebody who says that they are sure."""
    if not (may := may_announce(person, announcement.community)):
        return may
    if announcement.sent_at:
        return no(gettext("This announcement has been sent already."))
    if not is_sure and announced_lately(announcement.community) is not None:
        return no(gettext("The last announcement went out less than a day ago. Tick the box if this one cannot wait."))
    return yes()


def announced_lately(community: Community) -> Announcement | None:
    """The announcement that went out within the last day, if any."""
    since = timezone.now() - ANNOUNCEMENTS_APART
    return community.announcements.filter(sent_at__gt=since).order_by("-sent_at").first()


def may_close(person: Person | None, community: Community) -> Ruling:
    if not (managed := may_manage(person, community)):
        return managed
    if community.retired_at:
        return no(gettext("This community has closed already."))
    return yes()


def may_reopen(person: Person | None, community: Community) -> Ruling:
    """Only who runs the site opens a closed community again."""
    if person is None or not (runs := people.may_run_site(person)):
        return no(gettext("Only those who run this site can open a closed community again. Write to them."))
    return runs if community.retired_at else no(gettext("This community is open."))
