"""Pictures of a community: the gallery, where each is used, and Markdown that shows them at the right size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import gettext as _

from junto.communities.models import Community, Picture
from junto.kit import markdown
from junto.mail import store

_SIZES = "(max-width: 50rem) 100vw, 50rem"


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a picture stands."""

    label: str
    url: str


def gallery(community: Community) -> list[Picture]:
    """All pictures of a community, the newest first."""
    found = list(community.pictures.order_by("-pk"))
    for picture in found:
        picture.community = community
    return found


def render(community: Community, text: str) -> str:
    """Markdown as safe HTML, in which the community's own pictures have their size and a copy for small screens; of one
    that was deleted its words are left."""
    html = markdown.render(text)
    shown = _tags_of(community)
    numbers = {int(number) for number in shown.findall(html)}
    if not numbers:
        return html
    known = community.pictures.in_bulk(numbers)
    return shown.sub(lambda tag: _sized(tag[0], known.get(int(tag[1]))), html)


def uses(picture: Picture) -> list[Use]:
    """Where a picture stands: the text on top, sections, pages, the band; also what was taken off the page."""
    community = picture.community
    path = picture.get_absolute_url()
    front = community.get_absolute_url()
    found = [Use(_("The text on top of the community’s page"), front)] if path in community.description else []
    if picture.pk in {community.banner_id, community.logo_id}:
        found.append(Use(_("The band of the community’s page"), front))
    held = Q(body__contains=path)
    sections = community.sections.filter(held).order_by("position", "pk")
    found += [Use(one.title, f"{front}#section-{one.pk}") for one in sections]
    pages = community.pages.filter(held).order_by("position", "title")
    return found + [Use(one.title, f"{front}pages/{one.slug}/") for one in pages]


def bytes_of_picture(picture: Picture, *, small: bool = False) -> bytes:
    """The file, or its copy for small screens. Raises NotStored of the store."""
    return store.get(picture.small_key if small and picture.small_key else picture.key)


def band_of(community: Community) -> dict[str, Picture]:
    """The banner and the logo that a community chose, by these words; one query where it chose any."""
    wanted = {"banner": community.banner_id, "logo": community.logo_id}
    keys = [key for key in wanted.values() if key]
    known = _of(community, keys) if keys else {}
    return {word: known[key] for word, key in wanted.items() if key in known}


def _of(community: Community, keys: Iterable[int]) -> dict[int, Picture]:
    found = community.pictures.in_bulk(list(keys))
    for picture in found.values():
        picture.community = community
    return found


def _tags_of(community: Community) -> re.Pattern[str]:
    path = re.escape(f"{community.get_absolute_url()}pictures/")
    return re.compile(rf'<img [^>]*?src="{path}(\d{{1,15}})/"[^>]*>')


def _sized(tag: str, picture: Picture | None) -> str:
    alt = re.search(r'\balt="([^"]*)"', tag)
    if picture is None:
        return alt[1] if alt else ""
    words = alt[1] if alt and alt[1] else escape(picture.alt)
    path = re.search(r'\bsrc="([^"]*)"', tag)
    assert path is not None
    small = f"{path[1]}small/ {picture.small_width}w, {path[1]} {picture.width}w" if picture.small_key else ""
    more = f' srcset="{small}" sizes="{_SIZES}"' if small else ""
    return f'<img src="{path[1]}"{more} alt="{words}" width="{picture.width}" height="{picture.height}" loading="lazy">'
