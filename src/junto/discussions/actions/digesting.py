"""Digests: what was said, to those who want it once a day or once a week, at an hour of their own day.

A clock asks every quarter of an hour which hours have struck. All that follows for one community is one transaction: who
sits at the hour, what is new to them, one mailing for each distinct content, and how far the hour has come. So a kill
sends nothing or everything, and whoever asks a second time finds nothing left to do.

Nobody misses a message or gets it twice, and still no row of a member changes in the daily course of things: who sits
where is told in `_seating`. Who changes to each message gets what their next digest would have said, at the next quarter
of an hour.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community, Delivery, Membership
from junto.discussions import letters, queries
from junto.discussions.actions._seating import Glance, Seating, served
from junto.discussions.models import DigestHour, DigestIssue, Message
from junto.discussions.queries import HourKey, Sitting, Window
from junto.mail import actions as mail
from junto.mail.letter import Audience, Letter
from junto.people.models import Person

NAMED_IN_A_MAILING = 1_000
AUDIENCE = "discussions.digest_readers"

log = logging.getLogger(__name__)


def issue_digests(*, now: datetime | None = None, by: Person | None = None) -> int:
    """Send every digest whose hour has struck and was not served. Returns how many mailings were made.

    What goes wrong in one community is logged, and keeps no other waiting.
    """
    now = now or timezone.now()
    made = 0
    for community, hours, glance in _to_serve(now):
        try:
            made += issue_in(community=community, hours=hours, glance=glance, now=now, by=by)
        except Exception:
            log.exception("The digests of community %s could not be made.", community)
    return made


@transaction.atomic
def issue_in(*, community: int, hours: Collection[HourKey], glance: Glance, now: datetime, by: Person | None) -> int:
    """Serve these hours of one community. Returns how many mailings were made."""
    found = Community.objects.select_for_update().get(pk=community)  # whoever else is at it waits here
    seating = Seating(found, hours, now, glance)
    press = _Press(seating)
    press.send_rest()
    for key in sorted(hours):
        seating.serve(key)
    press.send()
    for issue in press.issues.values():
        record("discussions.digest.issued", about=issue, by=by, mailings=press.made)
    return press.made


def _to_serve(now: datetime) -> Iterator[tuple[int, set[HourKey], Glance]]:
    """The communities in which an hour in use has struck since it was served, or somebody changed from a digest to each
    message; with these hours, and what was seen of them. Hours are read first: what changes after that is noticed."""
    hours_of: dict[int, list[DigestHour]] = defaultdict(list)
    for hour in DigestHour.objects.all():
        hours_of[hour.community_id].append(hour)
    zones = dict(Community.objects.filter(retired_at=None).values_list("pk", "time_zone"))
    for community, sittings in sorted(queries.all_sittings().items()):
        hours = hours_of[community]
        struck = _struck(sittings, hours, zones[community], now) if community in zones else set()
        if struck or any(sitting.seat and sitting.delivery == Delivery.EACH for sitting in sittings):
            yield community, struck, Glance(sittings, served(hours))


def _struck(sittings: set[Sitting], hours: list[DigestHour], time_zone: str, now: datetime) -> set[HourKey]:
    """Of the hours that somebody wants those that have struck since they were served."""
    at = {HourKey(h.cadence, h.hour, h.weekday, h.time_zone): h.served_at for h in hours}
    wanted = {key for sitting in sittings if (key := sitting.wants(time_zone))}
    return {key for key in wanted if key not in at or at[key] < DigestHour(**key._asdict()).last_struck(now)}


class _Press:
    """Makes the issues of one community in one run: each window is read once, each content rendered once."""

    def __init__(self, seating: Seating) -> None:
        self.seating, self.community, self.now = seating, seating.community, seating.now
        self.made = 0
        self.issues: dict[int, DigestIssue] = {}
        self._windows: dict[int, Window] = {}
        self._letters: dict[tuple[int, str, tuple[int, ...]], list[Letter]] = {}

    def send(self) -> None:
        """One mailing for each distinct content to those who sit at the hours that struck."""
        seats: dict[tuple[int, str], list[tuple[int, int | None]]] = defaultdict(list)
        begins = self.seating.begins
        for form, own, hour in self.seating.groups:
            seats[begins[hour] if own is None else own, form].append((hour, own))
        for (since, form), chosen in seats.items():
            self._send_form(since, {"form": form, "seats": chosen})

    def send_rest(self) -> None:
        """What has come since their last digest to those who want each message from now on; then they sit nowhere."""
        changed = Membership.objects.active().filter(
            community=self.community, digest_seat__isnull=False, delivery=Delivery.EACH
        )
        for seat, form, since in sorted(
            set(changed.values_list("digest_seat", "digest_form", "digest_since")), key=str
        ):
            told = {"form": form, "seats": [(seat, since)], "delivery": Delivery.EACH}
            self._send_form(self.seating.told_by(seat or 0), told)
        changed.update(digest_seat=None, digest_since=None)

    def _send_form(self, since: int, chosen: dict[str, Any]) -> None:
        window = self._window(since)
        same = {"community": self.community.pk, "muted": [], "at": timezone.now().isoformat()}
        muted = queries.muted_threads(self.community.pk, {m.thread_id for m in window.messages})
        for within, beyond in queries.sights(window.messages):
            told = {**same, "within": within, "beyond": beyond, **chosen}
            self._print(since, queries.visible(window.messages, beyond), {**told, "muted": muted})
            for threads, members in queries.muting(told, muted).items() if muted else ():
                self._print(since, queries.visible(window.messages, beyond, threads), {**told, "members": members})

    def _print(self, since: int, messages: list[Message], told: dict[str, Any]) -> None:
        """Send these messages, unless there is nothing to say or nobody to say it to."""
        if not messages or not queries.reaches_somebody(told):
            return
        form = told["form"]
        key = since, form, tuple(message.pk for message in messages)
        if key not in self._letters:
            issue = queries.issue_of(self._issue(since), self.community, messages, self._window(since).left_out)
            self._letters[key] = letters.digest(issue, form=form)
        for audience in _audiences(told):
            for letter in self._letters[key]:
                mail.fan_out(
                    letter,
                    audience=audience,
                    return_to=self.community.list_name,
                    about=f"discussions.digestissue:{self._issue(since).pk}",
                )
                self.made += 1

    def _issue(self, since: int) -> DigestIssue:
        """The issue of a window, with the next number of this year of the list."""
        if since not in self.issues:
            volume = max(self.now.year - (self.community.founded_date or self.community.created_at).year, 0) + 1
            last = self.community.digest_issues.filter(volume=volume).aggregate(last=Max("number"))["last"] or 0
            self.issues[since], _ = DigestIssue.objects.get_or_create(
                community=self.community,
                since=since,
                upto=self.seating.upto,
                defaults={"volume": volume, "number": last + 1, "made_at": self.now},
            )
        return self.issues[since]

    def _window(self, since: int) -> Window:
        if since not in self._windows:
            self._windows[since] = queries.window(self.community, since, self.seating.upto)
        return self._windows[since]


def _audiences(told: dict[str, Any]) -> list[Audience]:
    """One audience; where its members are named, as many as it takes, for they stand in the mailing."""
    if "members" not in told and "delivery" not in told:
        return [Audience(AUDIENCE, told)]
    named = told.get("members") or queries.members_told(told)
    parts = [named[start : start + NAMED_IN_A_MAILING] for start in range(0, len(named), NAMED_IN_A_MAILING)]
    return [Audience(AUDIENCE, {"community": told["community"], "members": part}) for part in parts]
