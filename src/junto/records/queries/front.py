"""What a community says of itself, for its export: the parts of its page, each version of them, and its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from junto.communities.models import Community, Picture
from junto.records.queries.naming import plain_name

CHUNK = 500
_SECTION = ("id", "title", "body", "position", "changed_at", "removed_at")
_PAGE = ("id", "slug", "former_slugs", "title", "body", "position", "changed_at", "removed_at")
_RESOURCE = ("id", "title", "url", "note", "position", "removed_at")
_VERSION = ("kind", "part", "number", "title", "body", "note", "restores", "at")
_PICTURE = ("id", "file_name", "content_type", "alt", "width", "height", "size", "uploaded_at")


def parts_of_page(community: Community) -> dict[str, Any]:
    """Sections, pages and resources in their order, with those that were taken off; which pictures stand in the band."""
    return {
        "sections": list(community.sections.order_by("position", "pk").values(*_SECTION)),
        "pages": list(community.pages.order_by("position", "pk").values(*_PAGE)),
        "resources": list(community.resource_links.order_by("position", "pk").values(*_RESOURCE)),
        "banner": community.banner_id,
        "logo": community.logo_id,
    }


def versions_of(community: Community) -> Iterator[dict[str, Any]]:
    """Every version of the text on top, the sections and the pages, part by part, the oldest first."""
    rows = community.versions.order_by("kind", "part", "number").values(*_VERSION, by_name=F("by__name"))
    for row in rows.iterator(chunk_size=CHUNK):
        yield row | {"by": row.pop("by_name") or ""}


def pictures_of(community: Community) -> Iterator[Picture]:
    """All pictures, in the order in which they came."""
    rows = community.pictures.select_related("uploaded_by").order_by("pk")
    for picture in rows.iterator(chunk_size=CHUNK):
        picture.community = community
        yield picture


def told_of_picture(picture: Picture) -> dict[str, Any]:
    """A picture as plain values: `path` is what texts name it by, `file` where it lies in the export."""
    return {
        **{name: getattr(picture, name) for name in _PICTURE},
        "uploaded_by": picture.uploaded_by.name if picture.uploaded_by else "",
        "path": picture.get_absolute_url(),
        "file": f"pictures/{picture.pk}-{plain_name(picture.file_name)}",
    }
