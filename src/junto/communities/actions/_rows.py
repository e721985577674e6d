"""What several actions on memberships share: rows held and changed, and letters that follow."""

from __future__ import annotations

from django.utils import timezone

from junto.communities import letters, queries
from junto.communities.models import Community, Invitation, Membership, State
from junto.mail import actions as mail


def tell_of_joining(membership: Membership) -> None:
    """The letters that go with a new membership: a welcome, or word to the applicant and to the managers."""
    if membership.is_active():
        mail.post(letters.welcome(membership), to=membership.address.email, about=about(membership))
        return
    mail.post(letters.waiting(membership), to=membership.address.email, about=about(membership))
    for manager in queries.manager_addresses(membership.community):
        letter = letters.somebody_waits(membership, language=queries.language_at(manager))
        mail.post(letter, to=manager, about=about(membership))


def hold_managers(community: Community) -> None:
    """Lock the rows of the managers, so that two of them cannot dismiss each other at the same moment."""
    rows = Membership.objects.filter(community_id=community.pk).managing().select_for_update(of=("self",))
    list(rows.order_by("pk").values_list("pk", flat=True))


def locked(membership: Membership) -> Membership:
    """The row as it is now, held until the transaction ends."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("community", "person", "address")
    return rows.get(pk=membership.pk)


def about(membership: Membership) -> str:
    """How the mail engine's log names a membership."""
    return f"communities.membership:{membership.pk}"


def admit(membership: Membership) -> None:
    """The fields of somebody who is a member from now on; the caller saves nothing more."""
    membership.state, membership.joined_at, membership.ended_at = State.ACTIVE, timezone.now(), None
    membership.save(update_fields=["state", "joined_at", "ended_at"])
    emails = membership.person.addresses.values("email")
    invitations = Invitation.objects.filter(community=membership.community, email__in=emails, used_at=None)
    invitations.update(used_at=timezone.now())
