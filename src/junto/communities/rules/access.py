"""Who may see, read, take part, moderate and manage."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from junto.communities.models import Community, Invitation, Membership, Readers, Role, State
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person


def may_see(person: Person | None, community: Community) -> Ruling:
    """Hidden communities exist for their members, for whoever is invited or waits, and for whoever runs the site."""
    if not community.is_hidden or people.runs_site(person):
        return yes()
    membership = membership_of(person, community)
    if membership and membership.state in {State.ACTIVE, State.WAITING}:
        return yes()
    return yes() if person and is_invited(person, community) else _not_there()


def may_read(person: Person | None, community: Community) -> Ruling:
    """May this person read the discussions?"""
    if not (seen := may_see(person, community)):
        return seen
    if community.readers == Readers.PUBLIC or _is_member(person, community) or people.runs_site(person):
        return yes()
    if community.readers == Readers.MEMBERS:
        return no(gettext("Only members may read the discussions of this community. Join to read them."))
    if person and people.is_government(person):
        return yes()
    return no(gettext("Sign in with a government address, or join, to read the discussions of this community."))


def may_take_part(person: Person | None, community: Community) -> Ruling:
    """May this person post?"""
    if not (seen := may_see(person, community)):
        return seen
    if community.retired_at:
        return no(gettext("This community has closed. Its archive stays, but nothing new can be posted."))
    membership = membership_of(person, community)
    if membership and membership.is_active():
        return yes()
    if membership and membership.state == State.WAITING:
        return no(gettext("Your request to join waits for a manager. You can post as soon as it is decided."))
    return no(gettext("Only members of %(community)s can post. Join the community first.") % {"community": community})


def may_moderate(person: Person | None, community: Community) -> Ruling:
    if not (seen := may_see(person, community)):
        return seen
    if _has_role(person, community, {Role.MANAGER, Role.MODERATOR}) or people.runs_site(person):
        return yes()
    return no(gettext("Only moderators and managers of this community may do this."))


def may_manage(person: Person | None, community: Community) -> Ruling:
    if not (seen := may_see(person, community)):
        return seen
    if _has_role(person, community, {Role.MANAGER}) or people.runs_site(person):
        return yes()
    return no(gettext("Only managers of this community may do this."))


def may_see_members(person: Person | None, community: Community) -> Ruling:
    if not (seen := may_see(person, community)):
        return seen
    if _is_member(person, community) or people.runs_site(person):
        return yes()
    return no(gettext("Only members may see who else is a member."))


def may_see_insights(person: Person | None, community: Community) -> Ruling:
    """May this person see what was counted about the community? Managers may; members too where it says so."""
    managed = may_manage(person, community)
    if managed or managed.hidden or not community.shows_insights:
        return managed
    if _is_member(person, community):
        return yes()
    return no(_("Only members may see the insights of this community."))


def may_see_addresses(person: Person | None, community: Community) -> Ruling:
    return may_manage(person, community)


def may_create(person: Person | None) -> Ruling:
    if person is None:
        return no(gettext("Sign in first."))
    return people.may_run_site(person)


def may_join(person: Person | None, community: Community) -> Ruling:
    """May this person ask to join? Whether they are admitted is what `eligibility` says."""
    if not (seen := may_see(person, community)):
        return seen
    if community.retired_at:
        return no(gettext("This community has closed, so nobody can join it any more."))
    if person is not None and not person.is_active:
        return no(gettext("This account is switched off. Write to whoever runs this site."))
    return yes()


def may_leave(membership: Membership) -> Ruling:
    """Anyone may leave at any time, except that a community is never left without a manager."""
    if membership.state not in {State.ACTIVE, State.WAITING}:
        return no(gettext("You are not a member of %(community)s.") % {"community": membership.community})
    if is_last_manager(membership):
        return no(gettext("You are the only manager of this community. Appoint another manager first, then leave."))
    return yes()


def is_read_by_all(community: Community) -> bool:
    """Whether anybody, and any search engine, may read what is said in the public zone of this community."""
    return community.readers == Readers.PUBLIC and not community.is_hidden


def may_renew_feed(person: Person | None, membership: Membership) -> Ruling:
    """A private feed belongs to one member; nobody else may end its address."""
    if person is None or person.pk != membership.person_id:
        return no(gettext("This feed belongs to another member."), hidden=True)
    return may_change_delivery(membership)


def may_change_delivery(membership: Membership) -> Ruling:
    if membership.is_active():
        return yes()
    return no(
        gettext("You are not a member of %(community)s, so there is no mail to change.")
        % {"community": membership.community}
    )


def may_remove(person: Person | None, membership: Membership) -> Ruling:
    """May this manager end somebody's membership?"""
    if not (managed := may_manage(person, membership.community)):
        return managed
    if not membership.is_active():
        return no(gettext("This person is not a member."))
    if is_last_manager(membership):
        return no(gettext("This is the only manager of the community. Appoint another manager first."))
    return yes()


def may_appoint(person: Person | None, membership: Membership, role: str) -> Ruling:
    """May this manager give somebody this role?"""
    if not (managed := may_manage(person, membership.community)):
        return managed
    if not membership.is_active():
        return no(gettext("Only a member can be given a role."))
    if role != Role.MANAGER and is_last_manager(membership):
        return no(gettext("A community always has a manager. Appoint another manager first."))
    return yes()


def may_decide(person: Person | None, membership: Membership) -> Ruling:
    """May this manager decide about somebody who waits?"""
    if not (managed := may_manage(person, membership.community)):
        return managed
    if membership.state != State.WAITING:
        return no(gettext("This request has been decided already."))
    return yes()


def is_last_manager(membership: Membership) -> bool:
    if membership.role != Role.MANAGER or not membership.is_active():
        return False
    managers = Membership.objects.filter(community_id=membership.community_id).managing()
    return not managers.exclude(pk=membership.pk).exists()


def is_invited(person: Person, community: Community) -> bool:
    """True when a manager invited an address that this person has proved."""
    emails = person.addresses.exclude(proved_at=None).values("email")
    return Invitation.objects.filter(community=community, email__in=emails).exists()


def is_invited_at(email: str, community: Community) -> bool:
    """True when a manager invited this address, whoever proves it."""
    return Invitation.objects.filter(community=community, email=email).exists()


def membership_of(person: Person | None, community: Community) -> Membership | None:
    """The row of this person in this community in whatever state, or None."""
    if person is None:
        return None
    known: dict[int, Membership | None] = getattr(community, "known_memberships", {})
    if person.pk in known:
        return known[person.pk]
    return Membership.objects.filter(community=community, person=person).first()


def _not_there() -> Ruling:
    return no(gettext("There is no such community here."), hidden=True)


def _is_member(person: Person | None, community: Community) -> bool:
    membership = membership_of(person, community)
    return membership is not None and membership.is_active()


def _has_role(person: Person | None, community: Community, roles: set[Role]) -> bool:
    membership = membership_of(person, community)
    return membership is not None and membership.is_active() and membership.role in roles


def may_take_roster(by: Person | None, community: Community) -> Ruling:
    """Managers take in the members of another list; the operator at the shell acts as nobody and may."""
    return may_manage(by, community) if by else yes()


def may_feed(person: Person | None, source: Community, target: Community) -> Ruling:
    """Only who manages both lists may lead one into the other: it shows what members wrote to other readers."""
    if source.pk == target.pk:
        return no(gettext("A list cannot feed itself."))
    for community in (source, target):
        if not (managed := may_manage(person, community)):
            return managed
        if community.retired_at:
            return no(gettext("%(community)s has closed.") % {"community": community})
    return yes()
