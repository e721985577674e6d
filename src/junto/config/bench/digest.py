"""What a digest costs beside a post to as many readers: seconds to make it, rows written, seconds to read its audience.

Each reader takes a digest and sits at one of eight hours that strike at the same moment (their time zones differ), so
that all of them are served in one run. Nothing is carried: after this both are mailings like any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from junto.communities.models import Community, Delivery, Membership
from junto.config.bench import readers
from junto.discussions import actions as discussions
from junto.discussions.models import Message, Thread
from junto.mail import actions, registry
from junto.mail.letter import Audience
from junto.mail.models import Mailing, Shard
from junto.people.models import Person

MESSAGES = 20
_FIRST = datetime(2026, 6, 1, 12, 3, tzinfo=UTC)
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


def run(recipients: int = 100_000) -> dict[str, Any]:
    """Make a post and a digest for so many readers, and read both audiences. Needs a database without people."""
    community = Community.objects.get(pk=readers.enroll(recipients))
    post = _measured(lambda: _post(community))
    _choose_digests()
    _say(community, _FIRST - timedelta(hours=1))
    discussions.issue_digests(now=_FIRST, by=None)  # the first run seats everyone
    _say(community, _FIRST + timedelta(hours=20))
    digest = _measured(lambda: discussions.issue_digests(now=_FIRST + timedelta(days=1), by=None))
    idle = _measured(lambda: discussions.issue_digests(now=_FIRST + timedelta(days=1, minutes=15), by=None))
    return {
        "bench": "digest",
        "recipients": recipients,
        "messages": MESSAGES,
        **{f"post_{name}": value for name, value in post.items()},
        **{f"digest_{name}": value for name, value in digest.items()},
        "idle_tick_seconds": idle["seconds"],
    }


def _measured(make: Callable[[], object]) -> dict[str, Any]:
    last = Mailing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        make()
        took = time.perf_counter() - began
    made = Mailing.objects.filter(pk__gt=last)
    began = time.perf_counter()
    read = sum(_read(mailing) for mailing in made)
    return {
        "seconds": round(took, 3),
        "queries": len(queries),
        "mailings": len(made),
        "shards": Shard.objects.filter(mailing__in=made).count(),
        "readers": read,
        "audience_seconds": round(time.perf_counter() - began, 3),
    }


def _read(mailing: Mailing) -> int:
    stream = registry.stream(mailing.audience)
    return sum(1 for shard in mailing.shards.all() for _ in stream.read(mailing.told, shard.after, shard.upto))


def _post(community: Community) -> None:
    told = {"community": community.pk, "except_person": None}
    actions.fan_out(readers.letter(), audience=Audience("discussions.post_readers", told), return_to="bench")


def _choose_digests() -> None:
    Membership.objects.update(delivery=Delivery.DAILY)
    for place, (zone, hour) in enumerate(_ZONES.items()):
        remainder = Person.objects.extra(where=["id %% %s = %s"], params=[len(_ZONES), place])
        remainder.update(time_zone=zone)
        Membership.objects.filter(person__time_zone=zone).update(digest_hour=hour)


def _say(community: Community, at: datetime) -> None:
    thread = Thread.objects.create(
        community=community, number=at.day, subject="How do you measure trust?", started_at=at, last_at=at
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
            text="We would like to hear how other agencies do it.\n\n" * 20,
        )
