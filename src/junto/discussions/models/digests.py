"""The hours at which a list's digests come, and the issues that were made."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community, Delivery


class DigestHour(models.Model):
    """An hour at which digests of a list come: daily, or weekly on one day, in one time zone.

    Whoever reads at that hour is seated at it (`Membership.digest_seat`), and has been told of everything up to the
    message `upto`. `served_at` is the last time that the hour struck and was served: it moves in the transaction that
    sends the issue, so that no hour is served twice, and after an outage only once for all that was missed.
    """

    retention = Retention(Kind.TRANSITORY)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="digest_hours")
    cadence = models.CharField(max_length=8, choices=[(d.value, d.label) for d in (Delivery.DAILY, Delivery.WEEKLY)])
    hour = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField(default=0, help_text="of a weekly digest; 0 is Monday")
    time_zone = models.CharField(max_length=50, help_text="IANA name")
    upto = models.BigIntegerField(help_text="the newest message that its readers have been told of")
    served_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "cadence", "hour", "weekday", "time_zone"], name="digest_hour_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_cadence_display()} at {self.hour}:00 {self.time_zone}"

    @property
    def period(self) -> timedelta:
        return timedelta(days=7 if self.cadence == Delivery.WEEKLY else 1)

    def last_struck(self, now: datetime) -> datetime:
        """The latest moment, at or before `now`, at which it was this hour (and weekday) there.

        An hour that the change to summer time leaves out strikes when the clocks have moved on; one that comes twice
        strikes the first time (PEP 495, fold 0).
        """
        zone = ZoneInfo(self.time_zone)
        date = now.astimezone(zone).date()
        if self.cadence == Delivery.WEEKLY:
            date -= timedelta(days=(date.weekday() - self.weekday) % 7)
        struck = datetime.combine(date, time(self.hour), zone).astimezone(UTC)
        if struck > now:
            struck = datetime.combine(date - self.period, time(self.hour), zone).astimezone(UTC)
        return struck


class DigestIssue(models.Model):
    """One issue: the messages after `since` up to `upto`. Every hour whose window is the same sends the same issue."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="digest_issues")
    volume = models.PositiveSmallIntegerField(help_text="the year of the list’s life")
    number = models.PositiveIntegerField()
    since = models.BigIntegerField()
    upto = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "volume", "number"], name="digest_number_once"),
            models.UniqueConstraint(fields=["community", "since", "upto"], name="digest_window_once"),
            models.CheckConstraint(condition=models.Q(upto__gt=models.F("since")), name="digest_has_messages"),
        ]

    def __str__(self) -> str:
        return f"Vol {self.volume}, Issue {self.number}"
