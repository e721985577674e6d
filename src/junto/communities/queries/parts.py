"""The parts of a community's page as they are edited: their versions, what was removed, two versions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from junto.communities.models import Community, Page, PartKind, ResourceLink, Section, Version
from junto.kit.wording import Piece, compare

_ASKED_EVERY = timedelta(days=7)
MODELS: dict[str, type[Section] | type[Page] | type[ResourceLink]] = {
    "section": Section,
    "page": Page,
    "resource": ResourceLink,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a part with a history says now. `number` is its key, 0 for the text on top."""

    kind: str
    number: int
    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, the older first, and what changed from the one to the other."""

    older: Version
    newer: Version
    title: list[Piece]
    body: list[Piece]


def find_part(community: Community, kind: str, number: int) -> Section | Page | ResourceLink:
    """A section, page or resource of a community, also one that was taken off. Raises Http404."""
    model = MODELS.get(kind)
    found = model.objects.filter(community=community, pk=number).first() if model else None
    if found is None:
        raise Http404(_("There is no such part of the page."))
    found.community = community
    return found  # type: ignore[no-any-return]


def written(community: Community, kind: str, number: int) -> Written:
    """A part that has a history, as it is now. Raises Http404."""
    if kind == PartKind.LEAD and number == 0:
        return Written(kind, 0, _("The text on top"), community.description, f"{community.get_absolute_url()}#lead")
    if kind not in {PartKind.SECTION, PartKind.PAGE}:
        raise Http404(_("There is no such part of the page."))
    part: Any = find_part(community, kind, number)
    url = part.get_absolute_url() if kind == PartKind.PAGE else f"{community.get_absolute_url()}#section-{part.pk}"
    return Written(kind, part.pk, part.title, part.body, community.get_absolute_url() if part.removed_at else url)


def versions(community: Community, kind: str, number: int) -> list[Version]:
    """Every version of a part, the newest first, with who wrote it."""
    return list(Version.objects.of(community, kind, number).select_related("by"))


def latest_number(community: Community, kind: str, number: int) -> int:
    """The number of the newest version; 0 where none was kept yet."""
    newest = Version.objects.of(community, kind, number).values_list("number", flat=True).first()
    return newest or 0


def comparison(found: list[Version], older: int, newer: int) -> Comparison | None:
    """Two versions out of a list, in the order of their numbers; None where one of them is not there."""
    by_number = {one.number: one for one in found}
    low, high = by_number.get(min(older, newer)), by_number.get(max(older, newer))
    if low is None or high is None or low is high:
        return None
    return Comparison(low, high, compare(low.title, high.title), compare(low.body, high.body))


def removed_parts(community: Community) -> list[tuple[str, Any]]:
    """(kind, part) of everything that was taken off the page, the latest first."""
    found = [
        (kind, one)
        for kind, model in MODELS.items()
        for one in model.objects.removed().filter(community=community).order_by("-removed_at")[:50]
    ]
    return sorted(found, key=lambda one: one[1].removed_at, reverse=True)


def just_removed(community: Community, asked: str) -> tuple[str, Any] | None:
    """(kind, part) that a notice names (“section-3”), where it is off the page indeed."""
    kind, _dash, number = asked.partition("-")
    if kind not in MODELS or not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    part = MODELS[kind].objects.removed().filter(community=community, pk=int(number)).first()
    return (kind, part) if part else None


def links_to_ask() -> QuerySet[ResourceLink]:
    """Resources at which nobody has looked for a week, the longest ago first; none of this site’s own pages, and none of
    communities that have closed."""
    due = Q(asked_at=None) | Q(asked_at__lt=timezone.now() - _ASKED_EVERY)
    found = ResourceLink.objects.shown().filter(due, community__retired_at=None)
    outside = found.exclude(url__startswith=f"{settings.SITE_URL}/")
    return outside.order_by(F("asked_at").asc(nulls_first=True), "pk")
