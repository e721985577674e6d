"""Numbers by day and as they stand, and the links that show a sponsor what came of a community."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community
from junto.discussions.models import Thread
from junto.people.models import Person

LINK_LASTS = timedelta(days=90)


class DayQuerySet(models.QuerySet["Day"]):
    def between(self, first: date, last: date) -> Self:
        """From one day to another, both included."""
        return self.filter(date__gte=first, date__lte=last)


class Day(models.Model):
    """One day of one community. Counted from other rows, and the same whenever it is counted again; only what the mail
    engine has forgotten since stays as it was, and so does `visitors`, of which nothing but the number was ever kept."""

    retention = Retention(Kind.REFERENCE)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="days")
    date = models.DateField(help_text="in the time zone of the community")
    members = models.PositiveIntegerField(default=0, help_text="at the end of the day")
    joined = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    threads = models.PositiveIntegerField(default=0, help_text="discussions begun")
    questions = models.PositiveIntegerField(default=0, help_text="of these")
    thread_waits = models.JSONField(
        default=list, blank=True, help_text="minutes until somebody else answered, of each discussion begun that was"
    )
    question_waits = models.JSONField(default=list, blank=True, help_text="the same of questions")
    first_writers = models.PositiveIntegerField(default=0, help_text="wrote for the first time")
    writers = models.PositiveIntegerField(
        default=0, help_text="members at the end of the day who wrote within a year before"
    )
    visitors = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="members who used the site in the 30 days before; empty: not counted on this day",
    )
    accepted = models.PositiveIntegerField(default=0, help_text="copies that a mail server took in the end")
    deferred = models.PositiveIntegerField(default=0, help_text="copies that had to be tried again")
    refused = models.PositiveIntegerField(default=0, help_text="copies that a mail server refused for good")
    returned = models.PositiveIntegerField(default=0, help_text="bounces that came back on this day")

    objects = DayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "date"], name="day_once")]

    def __str__(self) -> str:
        return f"{self.community} on {self.date}"


class Tally(models.Model):
    """When a community was last counted, and what stood at that time and has no history."""

    retention = Retention(Kind.REFERENCE)

    community = models.OneToOneField(Community, primary_key=True, on_delete=models.CASCADE, related_name="tally")
    counted_at = models.DateTimeField(default=timezone.now)
    agencies = models.JSONField(default=list, blank=True, help_text="[name, members], the largest first, up to twenty")
    agency_count = models.PositiveIntegerField(default=0)
    levels = models.JSONField(default=list, blank=True, help_text="[level, members, agencies]")
    states = models.JSONField(default=dict, blank=True, help_text="members by USPS code")
    visitors = models.PositiveIntegerField(default=0, help_text="members who used the site in the last 30 days")
    stopped = models.PositiveIntegerField(default=0, help_text="members whose address takes no mail")

    def __str__(self) -> str:
        return f"tally of {self.community}"


class Sheet(models.Model):
    """What managers chose to show on the sponsor’s page."""

    retention = Retention(Kind.RECORD)

    community = models.OneToOneField(Community, primary_key=True, on_delete=models.CASCADE, related_name="sheet")
    threads = models.ManyToManyField(Thread, blank=True, related_name="+", help_text="named by their subjects")

    def __str__(self) -> str:
        return f"sponsor’s page of {self.community}"


class SponsorLinkQuerySet(models.QuerySet["SponsorLink"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def open(self) -> Self:
        """Those that still open the page."""
        return self.standing().filter(expires_at__gt=timezone.now())


class SponsorLink(models.Model):
    """A link that opens the sponsor’s page without signing in, until it expires or is withdrawn."""

    retention = Retention(Kind.RECORD, "who made and withdrew it")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="sponsor_links")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SponsorLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=models.Q(withdrawn_at=None), name="one_sponsor_link_stands"
            )
        ]

    def __str__(self) -> str:
        return f"sponsor’s link of {self.community}, {self.made_at:%Y-%m-%d}"

    def is_open(self) -> bool:
        return self.withdrawn_at is None and timezone.now() < self.expires_at
