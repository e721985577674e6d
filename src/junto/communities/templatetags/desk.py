"""The ways through the manager's desk, and the notice of what was just done."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from junto.communities import queries, rules
from junto.communities.models import Community
from junto.people.queries import visitor

register = template.Library()

Words = str | Promise


class Way(NamedTuple):
    """A way through the desk: its label, the page that it leads to, and the pages behind that one."""

    label: Words
    page: str
    behind: tuple[str, ...] = ()


FOR_MODERATORS = (
    Way(_("Held posts"), "discussions:held"),
    Way(_("Conduct"), "communities:conduct", ("communities:conduct-member", "communities:conduct-new")),
)
FOR_MANAGERS: tuple[tuple[Words, tuple[Way, ...]], ...] = (
    ("", (Way(_("Today"), "communities:manage", ("communities:expert",)), *FOR_MODERATORS)),
    (
        _("People"),
        (
            Way(_("Members"), "communities:member-table", ("communities:members-deed", "communities:removal")),
            Way(_("Import a list"), "communities:members-import"),
            Way(_("Invitations"), "communities:invitations"),
            Way(_("Managers and moderators"), "communities:team", ("communities:role",)),
        ),
    ),
    (
        _("Letters"),
        (
            Way(_("Welcome and guidelines"), "communities:welcome"),
            Way(
                _("Announcements"),
                "communities:announcements",
                ("communities:announcement", "communities:announcement-new", "communities:announcement-edit"),
            ),
        ),
    ),
    (
        _("The community"),
        (
            Way(_("Its page"), "communities:edit"),
            Way(_("Resources"), "communities:resources", ("communities:resource",)),
            Way(_("Settings"), "communities:settings", ("communities:setting-group", "communities:closing")),
            Way(_("Protection"), "communities:protection"),
            Way(_("How far posts go"), "communities:reach"),
        ),
    ),
)


@register.inclusion_tag("communities/_desk_nav.html", takes_context=True)
def desk_nav(context: dict[str, Any]) -> dict[str, Any]:
    """Every part of the desk in groups, with where one is; moderators get theirs only."""
    request, community = context["request"], context["community"]
    groups = FOR_MANAGERS if rules.may_manage(visitor(request), community) else (("", FOR_MODERATORS),)
    marked = [(title, [_marked(way, request, community) for way in ways]) for title, ways in groups]
    current = next((label for _group, ways in marked for label, _href, is_here, _is_page in ways if is_here), "")
    return {"groups": marked, "current": current}


@register.inclusion_tag("communities/_undo.html", takes_context=True)
def undo_notice(context: dict[str, Any]) -> dict[str, Any]:
    """What was just done, with the button that undoes it; nothing where the address does not name a deed."""
    number = context["request"].GET.get("did", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    deed = queries.deed_to_tell(context["community"], int(number)) if is_number else None
    return {"deed": deed, "community": context["community"], "csrf_token": context.get("csrf_token")}


def _marked(way: Way, request: HttpRequest, community: Community) -> tuple[Words, str, bool, bool]:
    """Label, address, whether one is there or behind it, and whether it is this very page."""
    href = reverse(way.page, args=[community.slug])
    here = request.resolver_match.view_name if request.resolver_match else ""
    return way.label, href, here in (way.page, *way.behind), request.path == href
