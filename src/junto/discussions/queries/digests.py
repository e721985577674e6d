"""What a digest needs to know: which hours are in use, who sits where, and what was said since.

A window is a range of message numbers, not of time: a post that a moderator let pass late, or whose clock is wrong, is in
the next digest all the same. Imported messages are in none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse

from junto.communities.models import Community, Delivery, Zone
from junto.discussions.models import Alias, Attachment, DigestIssue, Message, MessageQuerySet, Thread
from junto.discussions.queries.posts import alias_address
from junto.mail.models import Mailing

CADENCES = (Delivery.DAILY, Delivery.WEEKLY)
MOST_MESSAGES = 250
SETTLES_IN = timedelta(minutes=1)
LATEST = 1_000
_MAY_BE_FRESH = 200


class HourKey(NamedTuple):
    """An hour at which digests come; `weekday` is 0 for daily ones."""

    cadence: str
    hour: int
    weekday: int
    time_zone: str


class Said(NamedTuple):
    pk: int
    mailing: int | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Item:
    """A message in an issue. `position` counts through the issue; `alias` is empty where nobody stands behind it."""

    position: int
    message: Message
    alias: str
    href: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class IssueThread:
    thread: Thread
    href: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """What one issue tells, before it has a form. `left_out` counts messages that only the archive has."""

    community: Community
    volume: int
    number: int
    made_at: datetime
    threads: tuple[IssueThread, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """The messages of a window in order, the newest MOST_MESSAGES of them, and how many older ones were left out."""

    messages: tuple[Message, ...]
    left_out: int


def hour_key(cadence: str, hour: int, weekday: int, time_zone: str) -> HourKey:
    return HourKey(cadence, hour % 24, weekday % 7 if cadence == Delivery.WEEKLY else 0, time_zone)


@lru_cache(maxsize=1_000)
def zone_name(own: str, of_list: str) -> str:
    """The first of two names that is a time zone here; UTC where neither is."""
    for name in filter(None, (own, of_list)):
        try:
            return ZoneInfo(name).key
        except (ValueError, OSError, LookupError):
            continue
    return "UTC"


def latest(community: Community, *, above: int) -> list[Said]:
    """The newest messages with a higher number than `above`, newest first; no more than LATEST."""
    rows = _said(community).filter(pk__gt=above).order_by("-pk")
    return [Said(*row) for row in rows.values_list("pk", "mailing_id", "received_at")[:LATEST]]


def newest_settled(said: list[Said], now: datetime, *, otherwise: int) -> int:
    """The message up to which all are there for good; `otherwise` where there is none.

    A post whose transaction is still open may have a lower number than one that is there already. None takes
    SETTLES_IN, so what is younger waits for the next digest.
    """
    carried = [message.mailing for message in said[:_MAY_BE_FRESH] if message.mailing]
    fresh = set(Mailing.objects.filter(pk__in=carried, created_at__gt=now - SETTLES_IN).values_list("pk", flat=True))
    settled = otherwise
    for message in reversed(said):
        if message.mailing in fresh:
            break
        settled = message.pk
    return settled


def told_before(said: list[Said], moment: datetime, *, otherwise: int) -> int:
    """The message after which what arrived since `moment` begins; `otherwise` where nothing is there."""
    since = [message.pk for message in said if message.received_at > moment]
    if since:
        return min(since) - 1
    return said[0].pk if said else otherwise


def window(community: Community, since: int, upto: int) -> Window:
    """What was said after message `since`, up to `upto`."""
    said = _said(community).filter(pk__gt=since, pk__lte=upto)
    newest = list(said.select_related("thread").order_by("-pk")[:MOST_MESSAGES])
    left_out = said.filter(pk__lt=newest[-1].pk).count() if len(newest) == MOST_MESSAGES else 0
    for message in newest:
        message.community = message.thread.community = community
    return Window(tuple(reversed(newest)), left_out)


def issue_of(row: DigestIssue, community: Community, messages: Collection[Message], left_out: int) -> Issue:
    """An issue with these messages, thread by thread in the order in which they were first spoken in."""
    aliases = _aliases(community, messages)
    files = _files(messages)
    threads: dict[int, list[Message]] = {}
    for message in messages:
        threads.setdefault(message.thread_id, []).append(message)
    position = 0
    told = []
    for said in threads.values():
        items = []
        for message in said:
            position += 1
            href, alias = message.get_absolute_url(), aliases.get(message.author_id or 0, "")
            items.append(Item(position, message, alias, href, files.get(message.pk, ())))
        told.append(IssueThread(said[0].thread, said[0].thread.get_absolute_url(), tuple(items)))
    return Issue(community, row.volume, row.number, row.made_at, tuple(told), left_out)


def sights(messages: Iterable[Message]) -> list[tuple[str, str]]:
    """Into which classes zones part the readers of these messages: (zone that they belong to, zone that they do not)."""
    zones = {message.thread.zone for message in messages}
    levels = [zone.value for zone in (Zone.FEDERAL, Zone.INTERGOVERNMENTAL) if zone in zones]
    return list(zip([*levels, ""], ["", *levels], strict=True))


def visible(messages: Iterable[Message], beyond: str, muted: Collection[int] = ()) -> list[Message]:
    """Those that readers may see who do not belong to the zone `beyond`, without the threads that they muted."""
    hidden = {Zone.FEDERAL.value, beyond} if beyond else set()
    return [m for m in messages if m.thread.zone not in hidden and m.thread_id not in muted]


def _said(community: Community) -> MessageQuerySet:
    return Message.objects.filter(community=community).exclude(came_by="import")


def _aliases(community: Community, messages: Iterable[Message]) -> dict[int, str]:
    authors = {message.author_id for message in messages if message.author_id}
    found = Alias.objects.filter(community=community, person__in=authors)
    for alias in found:
        alias.community = community
    return {alias.person_id: alias_address(alias) for alias in found}


def _files(messages: Iterable[Message]) -> dict[int, tuple[File, ...]]:
    by_pk = {message.pk: message for message in messages if message.attachment_count}
    found: dict[int, tuple[File, ...]] = {}
    for file in Attachment.objects.filter(message__in=list(by_pk)).order_by("message", "position") if by_pk else ():
        thread = by_pk[file.message_id].thread
        args = [thread.community.slug, thread.number, file.message_id, file.position]
        row = File(file.file_name, reverse("discussions:attachment", args=args))
        found[file.message_id] = (*found.get(file.message_id, ()), row)
    return found
