"""Who may read, publish and hide."""

from __future__ import annotations

from django.utils.translation import gettext

from junto.communities import rules as communities
from junto.communities.models import Community
from junto.kit.rulings import Ruling, no, yes
from junto.library.models import Piece
from junto.people import rules as people
from junto.people.models import Person


def may_read(person: Person | None, piece: Piece) -> Ruling:
    """Anybody reads what is public. What is not, and what is hidden everywhere, exists for whoever runs the site only."""
    if people.runs_site(person) or (piece.is_public and not is_hidden(piece, None)):
        return yes()
    return no(gettext("There is no such piece in the library."), hidden=True)


def may_publish(by: Person | None) -> Ruling:
    """Whoever runs the site; the operator at the shell acts as nobody and may."""
    return people.may_run_site(by) if by else yes()


def may_hide(by: Person | None, community: Community | None) -> Ruling:
    """Managers decide about the shelf of their community, and whoever runs the site about the whole library."""
    if community is not None:
        return communities.may_manage(by, community)
    return people.may_run_site(by) if by else no(gettext("Sign in first."))


def is_hidden(piece: Piece, community: Community | None) -> bool:
    """Is it kept off this shelf, or, without one, out of the whole library? One query."""
    return piece.hidings.filter(community=community).exists()
