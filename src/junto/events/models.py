"""One event, with what iCalendar (RFC 5545) says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind as RecordKind
from junto.audit.retention import Retention
from junto.communities.models import Community, Readers
from junto.kit.clocks import zone_or_utc


class Kind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    WEBINAR = "webinar", _("Webinar")
    TRAINING = "training", _("Training")
    SPEAKER = "speaker", _("Speaker")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Canceled")


class Audience(models.TextChoices):
    """Who may see an event. The link to join online has a rule of its own."""

    READERS = "readers", _("Whoever may read the discussions of the community")
    PUBLIC = "public", _("Anyone")


class EventQuerySet(models.QuerySet["Event"]):
    def announced(self) -> Self:
        """Not drafts: published, or cancelled after that."""
        return self.exclude(state=State.DRAFT)

    def standing(self) -> Self:
        """Those that take place."""
        return self.filter(state=State.PUBLISHED)

    def upcoming(self, now: datetime | None = None) -> Self:
        """Not over yet: what goes on just now counts."""
        return self.filter(ends_at__gt=now or timezone.now())

    def past(self, now: datetime | None = None) -> Self:
        return self.filter(ends_at__lte=now or timezone.now())

    def for_everyone(self) -> Self:
        """Those that anybody may see, once they are announced."""
        by_itself = Q(community=None) | Q(audience=Audience.PUBLIC)
        return self.filter(by_itself | Q(community__readers=Readers.PUBLIC)).exclude(community__is_hidden=True)


def _new_uid() -> str:
    return str(uuid4())


class Event(models.Model):
    """Something that takes place at a time. Without a community it belongs to the whole site."""

    retention = Retention(RecordKind.RECORD)

    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField(help_text="in its community, or among the events of the site")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MEETING)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True, help_text="one or two sentences, plain text")
    description = models.TextField(blank=True, help_text="Markdown")
    description_html = models.TextField(blank=True, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=50, default="America/New_York", help_text="IANA name")
    link = models.URLField(max_length=500, blank=True, help_text="where one joins online; never shown to strangers")
    address = models.CharField(max_length=300, blank=True, help_text="where it takes place, as text")
    source_url = models.URLField(max_length=500, blank=True, help_text="the page elsewhere that it was told on first")
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.READERS)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    cancellation_note = models.TextField(blank=True, help_text="why it was cancelled, for those who wanted to come")
    uid = models.CharField(max_length=255, unique=True, default=_new_uid, editable=False, help_text="never changes")
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="goes up when time, place or state change"
    )
    imported_from = models.CharField(max_length=300, blank=True, help_text="where an import took it from")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="event_number_once"),
            models.UniqueConstraint(fields=["number"], condition=Q(community=None), name="event_number_once_on_site"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["community", "starts_at"], name="events_of_community"),
            models.Index(fields=["starts_at"], name="events_by_date"),
            models.Index(fields=["ends_at"], name="events_by_end"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.community is None:
            return reverse("site-events:event", args=[self.number])
        return reverse("events:event", args=[self.community.slug, self.number])

    @property
    def zone(self) -> ZoneInfo:
        return zone_or_utc(self.time_zone)

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
