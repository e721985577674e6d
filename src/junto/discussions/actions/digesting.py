"""Digests: what was said, to those who want it once a day or once a week, at an hour of their own day.

A clock asks every quarter of an hour which hours have struck. All that follows for one community is one transaction: who
sits at the hour, what is new to them, one mailing for each distinct content, and how far the hour has come. So a kill
sends nothing or everything, and whoever asks a second time finds nothing left to do.

Nobody misses a message or gets it twice, and still no row of a member changes in the daily course of things. A member is
*seated* at an hour, and is told what the hour has not yet told (`DigestHour.upto`). Only who comes and goes is written down:

- who leaves an hour for another takes along what they were told of (`digest_since`), and their next digest begins there;
- who comes from elsewhere (a new member, or one who got each message) gets what the hour tells next, which may begin
  a few hours before they came;
- who is away (paused, or their address stopped) stays seated, and finds no heap on their return;
- who changes to each message gets what their next digest would have said at the next quarter of an hour;
- no digest reaches further back than FURTHEST_BACK before the day (or week) that it is for.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community, Delivery, Membership, State
from junto.discussions import letters, queries
from junto.discussions.models import DigestHour, DigestIssue, Message
from junto.discussions.queries import HourKey, Window
from junto.mail import actions as mail
from junto.mail.letter import Audience, Letter
from junto.people.models import Person

FURTHEST_BACK = timedelta(days=7)
STILL_IN_TIME = timedelta(minutes=30)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
NAMED_IN_A_MAILING = 1_000
AUDIENCE = "discussions.digest_readers"

log = logging.getLogger(__name__)


def issue_digests(*, now: datetime | None = None, by: Person | None = None) -> int:
    """Send every digest whose hour has struck and was not served. Returns how many mailings were made.

    What goes wrong in one community is logged, and keeps no other waiting.
    """
    now = now or timezone.now()
    struck = _struck(now)
    made = 0
    for community in sorted({*struck, *_restless()}):
        try:
            made += issue_in(community=community, hours=struck.get(community, {}), now=now, by=by)
        except Exception:
            log.exception("The digests of community %s could not be made.", community)
    return made


@transaction.atomic
def issue_in(*, community: int, hours: dict[HourKey, set[str]], now: datetime, by: Person | None) -> int:
    """Serve these hours of one community, each with the time zones of persons that mean it."""
    found = Community.objects.select_for_update().get(pk=community)  # whoever else is at it waits here
    press = _Press(found, queries.newest_settled(found, now), now)
    press.send_rest()
    for key, names in hours.items():
        press.seat(key, names)
    press.send()
    for issue in press.issues.values():
        record("discussions.digest.issued", about=issue, by=by, mailings=press.made)
    return press.made


def _struck(now: datetime) -> dict[int, dict[HourKey, set[str]]]:
    """Of the hours in use those that have struck since they were served."""
    served = {
        (h.community_id, HourKey(h.cadence, h.hour, h.weekday, h.time_zone)): h.served_at
        for h in DigestHour.objects.all()
    }
    found: dict[int, dict[HourKey, set[str]]] = defaultdict(dict)
    for community, hours in queries.hours_in_use().items():
        for key, names in hours.items():
            at = served.get((community, key))
            if at is None or at < DigestHour(**key._asdict()).last_struck(now):
                found[community][key] = names
    return found


def _restless() -> list[int]:
    """Communities in which somebody changed from a digest to each message since the clock last looked."""
    changed = Membership.objects.filter(digest_seat__isnull=False, delivery=Delivery.EACH)
    return list(changed.order_by().values_list("community", flat=True).distinct())


class _Press:
    """Makes the issues of one community in one run: each window is read once, each content rendered once."""

    def __init__(self, community: Community, upto: int, now: datetime) -> None:
        self.community, self.upto, self.now = community, upto, now
        self.made = 0
        self.issues: dict[int, DigestIssue] = {}
        self._begins: dict[int, int] = {}
        self._windows: dict[int, Window] = {}
        self._letters: dict[tuple[int, str, tuple[int, ...]], list[Letter]] = {}

    def seat(self, key: HourKey, names: set[str]) -> None:
        """Seat everyone who wants this hour, note where what is new to them begins, and move the hour on."""
        hour = DigestHour.objects.filter(community=self.community, **key._asdict()).first()
        hour = hour or DigestHour(community=self.community, **key._asdict(), upto=0, served_at=FIRST)
        struck = hour.last_struck(self.now)
        if hour.served_at >= struck:
            return
        _let_go(hour, names)
        is_in_use = hour.pk is not None and Membership.objects.filter(digest_seat=hour.pk).exists()
        is_due = is_in_use or self.now - struck <= STILL_IN_TIME
        floor = self._told_before(struck - hour.period - FURTHEST_BACK)
        began = max(hour.upto, floor) if is_in_use else self._told_before(struck - hour.period if is_due else struck)
        hour.upto, hour.served_at = max(began, self.upto) if is_due else began, struck
        hour.save()
        _take_in(hour, names, began=began, floor=floor, is_due=is_due)
        if is_due:
            self._begins[hour.pk] = began

    def send(self) -> None:
        """One mailing for each distinct content to those who sit at the hours that struck."""
        seats: dict[tuple[int, str], list[tuple[int, int | None]]] = defaultdict(list)
        for group in queries.groups_at(self.community.pk, list(self._begins)) if self._begins else ():
            since = self._begins[group.hour] if group.since is None else group.since
            seats[since, group.form].append((group.hour, group.since))
        for (since, form), chosen in seats.items():
            self._send_form(since, {"form": form, "seats": chosen})

    def send_rest(self) -> None:
        """What has come since their last digest to those who want each message from now on; then they sit nowhere."""
        changed = Membership.objects.active().filter(
            community=self.community, digest_seat__isnull=False, delivery=Delivery.EACH
        )
        rows = sorted(set(changed.values_list("digest_seat", "digest_form", "digest_since")), key=str)
        uptos = _uptos({seat for seat, _, _ in rows})
        for seat, form, since in rows:
            told = {"form": form, "seats": [(seat, since)], "delivery": Delivery.EACH}
            self._send_form(uptos.get(seat, self.upto), told)
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
                upto=self.upto,
                defaults={"volume": volume, "number": last + 1, "made_at": self.now},
            )
        return self.issues[since]

    def _window(self, since: int) -> Window:
        if since not in self._windows:
            self._windows[since] = queries.window(self.community, since, self.upto)
        return self._windows[since]

    def _told_before(self, moment: datetime) -> int:
        return queries.told_before(self.community, moment)


def _let_go(hour: DigestHour, names: set[str]) -> None:
    """Unseat who chose another hour, with what they were told of, and who wants no digest any more."""
    if hour.pk is None:
        return
    leavers = queries.leavers_of(hour, names)
    still = leavers.filter(state=State.ACTIVE, delivery__in=queries.CADENCES)
    still.update(digest_since=hour.upto, digest_seat=None)
    leavers.update(digest_since=None, digest_seat=None)
    Membership.objects.filter(digest_seat=hour.pk, digest_since__isnull=False).update(digest_since=None)


def _take_in(hour: DigestHour, names: set[str], *, began: int, floor: int, is_due: bool) -> None:
    """Seat who wants this hour and sat elsewhere or nowhere; who was told of less or more than others keeps that in mind.

    Where the hour is not due yet only those are seated who were told of nothing: what others keep is cleared when the
    hour strikes the next time, and they would not have been served by then.
    """
    joiners = queries.readers_at(hour, names).exclude(digest_seat=hour.pk)
    rows = set(joiners.values_list("digest_seat", "digest_since"))
    uptos = _uptos({seat for seat, _ in rows})
    for seat, since in rows:
        told = uptos.get(seat) if seat else since
        if told is not None and not is_due:
            continue
        own = None if told is None else max(told, floor)
        same = joiners.filter(digest_seat=seat, digest_since=since)
        same.update(digest_seat=hour.pk, digest_since=None if own == began else own)


def _uptos(seats: set[int | None]) -> dict[int | None, int]:
    """The messages that these hours have told of."""
    hours = [seat for seat in seats if seat]
    return {hour.pk: hour.upto for hour in DigestHour.objects.filter(pk__in=hours)} if hours else {}


def _audiences(told: dict[str, Any]) -> list[Audience]:
    """One audience; where its members are named, as many as it takes, for they stand in the mailing."""
    if "members" not in told and "delivery" not in told:
        return [Audience(AUDIENCE, told)]
    named = told.get("members") or queries.members_told(told)
    parts = [named[start : start + NAMED_IN_A_MAILING] for start in range(0, len(named), NAMED_IN_A_MAILING)]
    return [Audience(AUDIENCE, {"community": told["community"], "members": part}) for part in parts]
