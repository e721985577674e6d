"""What a digest costs beside a post to as many readers: to make it, to read its audience, and the rows written.

Half of the rounds are posts, each a discussion of its own that is accepted as if it had come by mail; half are digests of
twenty posts. Each reader takes a digest and sits at one of eight hours that strike at the same moment (their time zones
differ), so that all of them are served in one run. Nothing is carried: after this both are mailings like any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from junto.communities.models import Community, Delivery, Membership
from junto.config.bench import readers
from junto.discussions import actions as discussions
from junto.discussions import queries
from junto.discussions.models import Message, Thread
from junto.mail import reading, registry, store
from junto.mail.models import Mailing
from junto.people.models import Person

ROUNDS = 3
MESSAGES = 20
_WORDS = "We would like to hear how other agencies do it.\n\n" * 20
_FIRST = datetime(2126, 6, 1, 12, 3, tzinfo=UTC)  # long after all that the bench writes, so that it has settled
_ZONES = {
    "America/New_York": 8,
    "America/Chicago": 7,
    "America/Denver": 6,
    "America/Los_Angeles": 5,
    "America/Anchorage": 4,
    "Pacific/Honolulu": 2,
    "UTC": 12,
    "Pacific/Guam": 22,
}


def run(recipients: int = 100_000, *, rounds: int = ROUNDS) -> dict[str, Any]:
    """Make posts and digests in turns for so many readers, and read their audiences. Needs a database without people.

    All are medians of the rounds, in milliseconds of CPU of this process; `idle_tick` is what the clock costs at an hour
    at which no digest is due, and `ratio` compares making and reading of a digest to those of a post.
    """
    settings.RELAY_URL = "outbox:"
    community = Community.objects.get(pk=readers.enroll(recipients))
    _seat_everyone(community)
    table = [_round(community, number) for number in range(1, rounds + 1)]
    told = {"bench": "digest", "recipients": recipients, "messages": MESSAGES, "rounds": table}
    return told | {name: median(one[name] for one in table) for name in table[0]}


def _round(community: Community, number: int) -> dict[str, Any]:
    noon = _FIRST + timedelta(days=number)
    _choose(Delivery.EACH)
    post = _measured(lambda: _post(community, noon - timedelta(hours=5)))
    _choose(Delivery.DAILY)
    _say(community, noon - timedelta(hours=4))
    digest = _measured(lambda: discussions.issue_digests(now=noon, by=None))
    idle = _measured(lambda: discussions.issue_digests(now=noon + timedelta(minutes=15), by=None))
    return {
        **{f"post_{name}": value for name, value in post.items()},
        **{f"digest_{name}": value for name, value in digest.items()},
        "idle_tick_ms": idle["make_ms"],
        "ratio": round((digest["make_ms"] + digest["read_ms"]) / (post["make_ms"] + post["read_ms"]), 2),
    }


def _measured(make: Callable[[], object]) -> dict[str, Any]:
    last = Mailing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with CaptureQueriesContext(connection) as asked:
        began = time.process_time()
        make()
        made_in = time.process_time() - began
    made = Mailing.objects.filter(pk__gt=last)
    began = time.process_time()
    read = sum(_read(mailing) for mailing in made)
    return {
        "make_ms": round(made_in * 1000, 1),
        "read_ms": round((time.process_time() - began) * 1000, 1),
        "queries": len(asked),
        "mailings": len(made),
        "readers": read,
    }


def _read(mailing: Mailing) -> int:
    stream = registry.stream(mailing.audience)
    return sum(1 for shard in mailing.shards.all() for _ in stream.read(mailing.told, shard.after, shard.upto))


def _post(community: Community, at: datetime) -> None:
    raw = f"From: member1@agency1.gov\r\nSubject: Trust, {at:%d %B}\r\n\r\n{_WORDS}".encode()
    post = queries.post_of(
        community=community,
        mail=reading.read(raw),
        raw=store.put(raw),
        size=len(raw),
        sender="member1@agency1.gov",
        received_at=at,
        is_proven=True,
    )
    discussions.accept_post(post=post, by=post.author)


def _seat_everyone(community: Community) -> None:
    """The zones and hours of the readers, and the first run of the clock, which finds them nowhere and seats them."""
    _choose(Delivery.DAILY)
    for place, (zone, hour) in enumerate(_ZONES.items()):
        Person.objects.alias(place=F("pk") % len(_ZONES)).filter(place=place).update(time_zone=zone)
        Membership.objects.filter(person__time_zone=zone).update(digest_hour=hour)
    _say(community, _FIRST - timedelta(hours=1))
    discussions.issue_digests(now=_FIRST, by=None)


def _choose(delivery: Delivery) -> None:
    Membership.objects.update(delivery=delivery)


def _say(community: Community, at: datetime) -> None:
    thread = Thread.objects.create(
        community=community,
        number=1_000 + at.timetuple().tm_yday,
        subject="How do you measure trust?",
        started_at=at,
        last_at=at,
    )
    for n in range(MESSAGES):
        Message.objects.create(
            community=community,
            thread=thread,
            author_name="Ada Alvarez",
            author_agency="GSA",
            message_id=f"bench.{at:%d}.{n}@example.gov",
            fingerprint=f"{at:%d}.{n}",
            subject=thread.subject,
            sent_at=at,
            received_at=at,
            text=_WORDS,
        )
