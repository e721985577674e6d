"""Events of Digital.gov, for one run of its import: one file, one event.

The clock of the site is that of Washington: its files write “-0500” in summer too, so the hour is read and the offset is
not. An event goes to the community that its host names, else that its kicker or `event_cop` names; where none of them
names one, it is an event of the whole site.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.utils import timezone

from junto.communities.models import Community
from junto.events import actions
from junto.events.models import Audience, Event, Kind
from junto.kit.hugo.front_matter import Content
from junto.kit.hugo.shortcodes import SITE
from junto.people.models import Person

ZONE = "America/New_York"
USUAL_LENGTH = timedelta(hours=1)
Step = Callable[[Path, Content, str], None]
_MOMENT = re.compile(r"^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})")
_VIDEO = re.compile(r"^[\w-]{11}$")
_HOSTS = re.compile(r"\s*(?:,|&|\+|;|\band\b)\s*")
_EMPTY_WORDS = re.compile(r"\b(?:the|federal|u\.?s\.?|community|communities|of practice|cop)\b|[^a-z0-9]+")
_TRAININGS = re.compile(r"\b(?:101|training|workshop|introduction|intro|foundations|how to|learning series|learn)\b")
_MEETINGS = re.compile(r"\b(?:call|meeting|forum|office hours|gathering|summit|session|sessions)\b")
_ALSO_CALLED = {
    "ai": "artificial-intelligence",
    "api": "apis",
    "challenges prizes": "challenges-prizes",
    "crowdsourcing": "crowdsourcing-citizen-science",
    "communicators network": "communicators",
    "mobilegov": "mobile",
    "plain": "plain-language",
    "plain language action information network": "plain-language",
    "rpa": "rpa",
    "socialgov": "social-media",
    "uswds": "uswds",
    "ux": "user-experience",
    "video": "video-production",
    "web analytics": "web-analytics-and-optimization",
    "web managers": "web-content-managers",
}
"""Names of communities in the files, without their empty words, and the slugs that they stand for."""


class Site(Protocol):
    @property
    def content(self) -> Path: ...

    def markdown(self, content: Content, repairs: list[str] | None = None) -> str: ...


class Run(Protocol):
    """What this part needs of a run: where the files are, who imports, and the report that grows."""

    @property
    def site(self) -> Site: ...

    @property
    def by(self) -> Person | None: ...

    def skip(self, where: str, what: str) -> None: ...

    def count(self, is_new: bool, repairs: list[str], where: str) -> None: ...


class Events:
    """The events of one run. They come after the communities."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def plan(self) -> Iterator[tuple[Path, Step]]:
        """The files, in the order of their days."""
        for path in sorted(self.run.site.content.glob("events/**/*.md"), key=lambda path: path.name):
            yield path, self._take

    @cached_property
    def communities(self) -> dict[str, Community]:
        """Communities by what the files may call them. Hidden ones would hide what was public, and are left out."""
        found: dict[str, Community] = {}
        everywhere = list(Community.objects.filter(part_of=None, is_hidden=False).order_by("pk"))
        for community in everywhere:
            for name in (community.name, community.slug.replace("-", " "), re.sub(r"\(.*?\)", "", community.name)):
                found.setdefault(_bare(name), community)
        slugs = {community.slug: community for community in everywhere}
        found |= {name: slugs[slug] for name, slug in _ALSO_CALLED.items() if slug in slugs and name not in found}
        found.pop("", None)
        return found

    def _take(self, path: Path, content: Content, where: str) -> None:
        if path.name == "_index.md":
            return self.run.skip(where, "this is the list’s own page; Junto makes its lists itself")
        if content.text("draft").lower() == "true":
            return self.run.skip(where, "it is a draft")
        repairs = list(content.repairs)
        starts_at = _moment(content.text("date"))
        if starts_at is None:
            return self.run.skip(where, f"its date “{content.text('date')[:40]}” is no day and time")
        community = self._community_of(content, repairs)
        fields = self._fields(path, content, starts_at, community, repairs)
        is_new = self._write(where, community, fields, repairs)
        return self.run.count(is_new, repairs if is_new else [], where)

    def _write(self, where: str, community: Community | None, fields: dict[str, Any], repairs: list[str]) -> bool:
        """Take it, unless it is there. What was changed here stays as it is here."""
        digest = _digest(fields)
        known = Event.objects.filter(imported_from__startswith=f"digitalgov:{where}#").first()
        if known is not None:
            stored = known.imported_from.rpartition("#")[2]
            if stored == digest or _digest({name: getattr(known, name) for name in fields}) != stored:
                return False
        actions.take_in(
            uid=str(uuid5(NAMESPACE_URL, f"{SITE}/{where}")),
            community=known.community if known else community,
            imported_from=f"digitalgov:{where}#{digest}",
            by=self.run.by,
            **fields,
        )
        return True

    def _fields(
        self, path: Path, content: Content, starts_at: datetime, community: Community | None, repairs: list[str]
    ) -> dict[str, Any]:
        ends_at = _moment(content.text("end_date"))
        if ends_at is None or ends_at <= starts_at:
            repairs.append("it does not say when it ends; an hour was taken")
            ends_at = starts_at + USUAL_LENGTH
        address = _address(content)
        return {
            "title": (content.text("title") or path.stem.replace("-", " ").capitalize())[:200],
            "kind": _kind(content, has_address=bool(address)),
            "summary": content.text("summary") or content.text("deck"),
            "description": self._description(content, ends_at, community, repairs),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "time_zone": ZONE,
            "address": address[:300],
            "audience": str(Audience.PUBLIC),
            "source_url": _source(path, content)[:500],
        }

    def _description(self, content: Content, ends_at: datetime, community: Community | None, repairs: list[str]) -> str:
        """The text, and what the fields of the file tell beside it: host, registration, recording."""
        host, video, register = content.text("host"), content.text("youtube_id"), content.text("registration_url")
        told = [
            self.run.site.markdown(content, repairs),
            f"Hosted by {host}." if host and community is None else "",
            f"[Register](<{register}>)" if ends_at > timezone.now() and register.startswith("https://") else "",
            f"[Watch the recording](https://www.youtube.com/watch?v={video})" if _VIDEO.match(video) else "",
        ]
        return "\n\n".join(filter(None, told))

    def _community_of(self, content: Content, repairs: list[str]) -> Community | None:
        names = [content.text("host"), *_HOSTS.split(content.text("host"))]
        names += [content.text("kicker"), *_HOSTS.split(content.text("kicker")), *content.texts("event_cop")]
        found = list(dict.fromkeys(filter(None, (self._called(name) for name in names))))
        if len(found) > 1:
            others = ", ".join(str(other) for other in found[1:])
            repairs.append(f"it stands under “{found[0]}”; told with it: {others}")
        return found[0] if found else None

    def _called(self, name: str) -> Community | None:
        whole = self.communities.get(_bare(name))
        return whole or self.communities.get(_bare(re.sub(r"\(.*?\)", "", name)))


def _bare(name: str) -> str:
    """A name in small letters without the words that every community has."""
    return " ".join(_EMPTY_WORDS.sub(" ", name.lower().replace(" and ", " ")).split())


def _moment(text: str) -> datetime | None:
    found = _MOMENT.match(text)
    try:
        return datetime(*(int(part) for part in found.groups()), tzinfo=ZoneInfo(ZONE)) if found else None  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def _kind(content: Content, *, has_address: bool) -> str:
    told = f"{content.text('title')} {content.text('kicker')}".lower()
    if _TRAININGS.search(told):
        return str(Kind.TRAINING)
    return str(Kind.MEETING if has_address or _MEETINGS.search(told) else Kind.WEBINAR)


def _address(content: Content) -> str:
    """The venue in one line; its fields stand in a group or by themselves."""
    group = content.fields.get("venue")
    venue = group if isinstance(group, dict) else content.fields

    def part(name: str) -> str:
        value = venue.get(name)
        return " ".join(value.split()) if isinstance(value, str) else ""

    room = part("room")
    state = " ".join(filter(None, [part("state"), part("zip")]))
    room = f"room {room}" if room[:1].isdigit() else room
    return ", ".join(filter(None, [part("venue_name"), part("address"), room, part("city"), state]))


def _source(path: Path, content: Content) -> str:
    """Where the page was: the day of the event, and its slug (the permalinks of config.yml)."""
    slug = content.text("slug").strip("/") or re.sub(r"^\d{4}-\d{2}-\d{2}-", "", path.stem)
    return f"{SITE}/event/{content.text('date')[:10].replace('-', '/')}/{slug}/"


def _digest(fields: dict[str, Any]) -> str:
    told = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
        for name, value in fields.items()
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]
