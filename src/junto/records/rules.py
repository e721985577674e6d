"""Who may take records in and out."""

from __future__ import annotations

from django.utils.translation import gettext

from junto.communities import rules as communities
from junto.communities.models import Community, Membership
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person


def may_import(by: Person | None) -> Ruling:
    """Whoever runs the site; the operator at the shell acts as nobody and may."""
    return people.may_run_site(by) if by else yes()


def may_export(by: Person | None, community: Community) -> Ruling:
    """The managers of a community and whoever runs the site; the operator at the shell may."""
    return communities.may_manage(by, community) if by else yes()


def may_back_up(by: Person | None) -> Ruling:
    """Whoever runs the site; the operator at the shell may."""
    return people.may_run_site(by) if by else yes()


def may_see_data(by: Person, person: Person) -> Ruling:
    """Everybody sees what is kept about themselves, and nobody about others."""
    return yes() if by.pk == person.pk else no(gettext("You can see your own data only."), hidden=True)


def may_leave_site(by: Person, person: Person) -> Ruling:
    """May somebody end their account? No community is left without a manager."""
    if not (may := people.may_close_account(by, person)):
        return may
    managing = Membership.objects.filter(person=person).managing().select_related("community")
    alone = sorted(one.community.name for one in managing if communities.is_last_manager(one))
    if alone:
        return no(
            gettext("You are the only manager of %(communities)s. Appoint another manager first, then leave.")
            % {"communities": ", ".join(alone)}
        )
    return yes()
