"""Who may see what came of a community, compare communities, and show it to a sponsor."""

from __future__ import annotations

from django.utils.translation import gettext as _

from junto.communities import rules as communities
from junto.communities.models import Community, Membership
from junto.insights.models import SponsorLink
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person

FEWEST_TO_COMPARE = 2


def may_see(person: Person | None, community: Community) -> Ruling:
    """Managers; members too where the community says so."""
    return communities.may_see_insights(person, community)


def may_manage(person: Person | None, community: Community) -> Ruling:
    """May this person say who sees the numbers, and make or withdraw the sponsor’s link?"""
    return communities.may_manage(person, community)


def may_count(person: Person | None, community: Community) -> Ruling:
    """The clock counts on its own (None); managers may ask for it."""
    return yes() if person is None else may_manage(person, community)


def may_compare(person: Person | None) -> Ruling:
    """Whoever runs the site, and whoever manages at least two communities."""
    if person is None:
        return no(_("Sign in first."))
    if people.may_run_site(person):
        return yes()
    if Membership.objects.filter(person=person).managing().count() >= FEWEST_TO_COMPARE:
        return yes()
    return no(_("Only people who manage two or more communities may compare them."))


def may_open(link: SponsorLink) -> Ruling:
    """Does this link still open the sponsor’s page?"""
    if link.withdrawn_at is not None:
        return no(_("This link was withdrawn. Ask a manager of the community for a new one."))
    if not link.is_open():
        return no(_("This link has expired. Ask a manager of the community for a new one."))
    return yes()


def may_withdraw(person: Person | None, link: SponsorLink) -> Ruling:
    if not (managed := may_manage(person, link.community)):
        return managed
    return yes() if link.withdrawn_at is None else no(_("This link was withdrawn already."))
