"""What managers do about members: decide, invite, appoint, remove."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import letters, rules
from junto.communities.actions._rows import about, admit, hold_managers, locked, tell_of_joining
from junto.communities.models import Community, Invitation, Membership, Role, State
from junto.kit.addresses import normalise
from junto.kit.rulings import Refused, no, require
from junto.mail import actions as mail
from junto.people import actions as people_actions
from junto.people import queries as people
from junto.people.models import Person


@transaction.atomic
def decide(*, membership: Membership, admits: bool, note: str = "", by: Person) -> Membership:
    """Admit or decline somebody who waits; the note goes to them when they are declined. Raises Refused."""
    membership = locked(membership)
    require(rules.may_decide(by, membership))
    membership.decided_by, membership.decided_at, membership.decision_note = by, timezone.now(), note.strip()
    membership.state = membership.state if admits else State.DECLINED
    membership.save(update_fields=["decided_by", "decided_at", "decision_note", "state"])
    if admits:
        admit(membership)
        tell_of_joining(membership)
    else:
        mail.post(letters.declined(membership), to=membership.address.email, about=about(membership))
    fact = "admitted" if admits else "declined"
    record(f"communities.member.{fact}", about=membership, by=by, reason=note)
    return membership


@transaction.atomic
def invite(*, community: Community, email: str, by: Person) -> Invitation:
    """Invite the owner of an address: good for any policy. Who waits already is admitted. Raises BadAddress, Refused."""
    require(rules.may_manage(by, community))
    email = normalise(email)
    standing = rules.eligibility(people.judge(email), community, is_invited=True)
    if standing.refuses:
        raise Refused(no(standing.reason))
    rows = Membership.objects.filter(community=community, person__addresses__email=email).select_related("community")
    membership = rows.first()
    if membership and membership.is_active():
        raise Refused(no(gettext("%(email)s is a member already.") % {"email": email}))
    require(rules.may_be_invited(email, community))
    invitation, is_new = Invitation.objects.update_or_create(
        community=community,
        email=email,
        defaults={"invited_by": by, "invited_at": timezone.now(), "used_at": None, "reminded_at": None},
    )
    record("communities.member.invited", about=invitation, by=by, again=not is_new)
    if membership and membership.state == State.WAITING:
        decide(membership=membership, admits=True, note=gettext("Invited."), by=by)
    else:
        mail.post(letters.invitation(invitation), to=email, about=f"communities.invitation:{invitation.pk}")
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Person) -> None:
    """Take an invitation back, as if it had not been sent."""
    require(rules.may_manage(by, invitation.community))
    record("communities.member.invitation_withdrawn", about=invitation, by=by)
    invitation.delete()


@transaction.atomic
def remind(*, invitation: Invitation, by: Person) -> Invitation:
    """Send an invitation a second time, and no third. Raises Refused."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("community", "invited_by")
        .get(pk=invitation.pk)
    )
    require(rules.may_remind(by, invitation))
    invitation.reminded_at = timezone.now()
    invitation.save(update_fields=["reminded_at"])
    record("communities.member.invited", about=invitation, by=by, again=True)
    letter = letters.invitation_again(invitation)
    mail.post(letter, to=invitation.email, about=f"communities.invitation:{invitation.pk}")
    return invitation


@transaction.atomic
def ask_for_proof(*, membership: Membership, by: Person) -> Membership:
    """Ask a member whose proof runs out whether the address is still theirs. Raises Refused."""
    require(rules.may_manage(by, membership.community))
    people_actions.ask_for_proof(address=membership.address, by=by)
    return membership


@transaction.atomic
def note_export(*, community: Community, count: int, by: Person) -> None:
    """A manager takes the list of members out as a file: who does, and of how many, is in the book. Raises Refused."""
    require(rules.may_see_addresses(by, community))
    record("communities.members.exported", about=community, by=by, count=count)


@transaction.atomic
def appoint(*, membership: Membership, role: str, by: Person) -> Membership:
    """Give a member a role, or take it back. A community always keeps a manager. Raises Refused."""
    hold_managers(membership.community)
    membership = locked(membership)
    if role not in Role.values:
        raise Refused(
            no(
                gettext("“%(role)s” is not a role. Choose one of: %(choices)s.")
                % {"role": role, "choices": ", ".join(Role.values)}
            )
        )
    require(rules.may_appoint(by, membership, role))
    if membership.role == role:
        return membership
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record("communities.member.appointed", about=membership, by=by, before=before, after=role)
    mail.post(letters.appointed(membership), to=membership.address.email, about=about(membership))
    return membership


@transaction.atomic
def resume_mail(*, membership: Membership, by: Person) -> Membership:
    """Send mail again to a member whose address kept failing; if it still fails, it stops again. Raises Refused."""
    require(rules.may_manage(by, membership.community))
    people_actions.resume(address=membership.address, by=by)
    record("communities.member.mail_resumed", about=membership, by=by)
    return membership


@transaction.atomic
def remove(*, membership: Membership, reason: str, tells: bool = True, by: Person) -> Membership:
    """End somebody's membership; the reason goes to them and in the book. `tells=False` where the caller tells them.

    Raises Refused.
    """
    hold_managers(membership.community)
    membership = locked(membership)
    require(rules.may_remove(by, membership))
    if not reason.strip():
        raise Refused(no(gettext("Say why: the reason goes to the member and in the book.")))
    membership.state, membership.ended_at, membership.role = State.REMOVED, timezone.now(), Role.MEMBER
    membership.decided_by, membership.decided_at, membership.decision_note = by, timezone.now(), reason.strip()
    membership.save()
    record("communities.member.removed", about=membership, by=by, reason=reason.strip())
    if tells:
        letter = letters.removed(membership, reason=reason.strip())
        mail.post(letter, to=membership.address.email, about=about(membership))
    return membership
