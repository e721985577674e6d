"""Who may take records in and out."""

from __future__ import annotations

from junto.communities import rules as communities
from junto.communities.models import Community
from junto.kit.rulings import Ruling, yes
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
