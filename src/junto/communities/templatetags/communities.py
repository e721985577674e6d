"""Where one is: the name of the community and the ways through it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from junto.communities import rules
from junto.communities.models import Community
from junto.people.queries import visitor

register = template.Library()


@register.inclusion_tag("ui/components/place.html", takes_context=True)
def place(context: dict[str, Any], current: str, is_front: bool = False) -> dict[str, Any]:
    """The band of a community: its name, and tabs to what this reader may open; `current` is the English label of one of them.

    On the front page the name is the heading of the page already, so `is_front` leaves it out.
    """
    community, person = context["community"], visitor(context["request"])
    front = community.get_absolute_url()
    ways = [
        ("About", gettext("About"), front, True),
        ("Discussions", gettext("Discussions"), f"{front}discussions/", rules.may_read(person, community)),
        ("Events", gettext("Events"), f"{front}events/", True),
        ("Library", gettext("Library"), f"{front}library/", True),
        ("Members", gettext("Members"), f"{front}members/", rules.may_see_members(person, community)),
        ("Insights", gettext("Insights"), f"{front}insights/", rules.may_see_insights(person, community)),
        ("Manage", gettext("Manage"), f"{front}manage/", rules.may_manage(person, community)),
    ]
    return {
        "name": community.name,
        "url": front,
        "tag": _state_of(community),
        "tabs": [(label, href, key == current) for key, label, href, may_open in ways if may_open],
        "is_front": is_front,
    }


def _state_of(community: Community) -> str:
    if community.retired_at:
        return gettext("Closed")
    return gettext("Hidden") if community.is_hidden else ""
