"""The ways through the manager's desk, and the notice of what was just done."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from junto.communities import queries, rules
from junto.communities.models import Community
from junto.people.queries import visitor

register = template.Library()


@register.inclusion_tag("communities/_desk_nav.html", takes_context=True)
def desk_nav(context: dict[str, Any]) -> dict[str, Any]:
    """Every part of the desk in groups, with where one is; moderators get theirs only."""
    request, community = context["request"], context["community"]
    match = request.resolver_match
    here = match.view_name if match else ""
    manages = bool(rules.may_manage(visitor(request), community))
    groups = _of_managers(community) if manages else [("", _of_moderators(community))]
    marked = [
        (title, [(label, href, here in names, request.path == href) for label, href, *names in ways])
        for title, ways in groups
    ]
    current = next((label for _, ways in marked for label, _, is_here, _ in ways if is_here), "")
    return {"groups": marked, "current": current}


@register.inclusion_tag("communities/_undo.html", takes_context=True)
def undo_notice(context: dict[str, Any]) -> dict[str, Any]:
    """What was just done, with the button that undoes it; nothing where the address does not name a deed."""
    number = context["request"].GET.get("did", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    deed = queries.deed_to_tell(context["community"], int(number)) if is_number else None
    return {"deed": deed, "community": context["community"], "csrf_token": context.get("csrf_token")}


def _of_managers(community: Community) -> list[tuple[str, list[tuple[str, ...]]]]:
    def way(label: str, name: str, *names: str) -> tuple[str, ...]:
        return (label, reverse(name, args=[community.slug]), name, *names)

    return [
        ("", [way(_("Today"), "communities:manage", "communities:expert"), *_of_moderators(community)]),
        (
            _("People"),
            [
                way(_("Members"), "communities:member-table", "communities:members-deed", "communities:removal"),
                way(_("Import a list"), "communities:members-import"),
                way(_("Invitations"), "communities:invitations"),
                way(_("Managers and moderators"), "communities:team", "communities:role"),
            ],
        ),
        (
            _("Letters"),
            [
                way(_("Welcome and guidelines"), "communities:welcome"),
                way(
                    _("Announcements"),
                    "communities:announcements",
                    "communities:announcement",
                    "communities:announcement-new",
                    "communities:announcement-edit",
                ),
            ],
        ),
        (
            _("The community"),
            [
                way(_("Its page"), "communities:edit"),
                way(_("Resources"), "communities:resources"),
                way(_("Settings"), "communities:settings", "communities:setting-group", "communities:closing"),
                way(_("Protection"), "communities:protection"),
                way(_("How far posts go"), "communities:reach"),
            ],
        ),
    ]


def _of_moderators(community: Community) -> list[tuple[str, ...]]:
    conduct = ("communities:conduct", "communities:conduct-member", "communities:conduct-new")
    held = reverse("discussions:held", args=[community.slug])
    return [
        (_("Held posts"), held, "discussions:held"),
        (_("Conduct"), reverse(conduct[0], args=[community.slug]), *conduct),
    ]
