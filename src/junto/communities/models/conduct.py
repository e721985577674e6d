"""The conduct ladder: what was done about how somebody behaved, as the log of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models.community import Community
from junto.people.models import Person


class Step(models.TextChoices):
    """The rungs, from the lowest to the highest."""

    REMINDER = "reminder", _("Reminder")
    FIRST_NOTICE = "first", _("First notice")
    SECOND_NOTICE = "second", _("Second notice")
    REMOVAL = "removal", _("Removal")


class ConductCaseQuerySet(models.QuerySet["ConductCase"]):
    def counting(self, now: datetime | None = None) -> Self:
        """Those that still count: neither lifted nor aged out. A removal without an end counts for good."""
        open_ended = models.Q(expires_at=None) | models.Q(expires_at__gt=now or timezone.now())
        return self.filter(open_ended, lifted_at=None)

    def removals(self) -> Self:
        return self.filter(step=Step.REMOVAL)


class ConductCase(models.Model):
    """One step on the ladder that was taken with one person in one community."""

    retention = Retention(Kind.RECORD, "how somebody behaved, and what was done")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="conduct_cases")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=8, choices=Step.choices)
    note = models.TextField(blank=True, help_text="for managers and moderators; never sent")
    words = models.TextField(help_text="what the member was sent")
    about = models.URLField(max_length=500, blank=True, help_text="the message that it is about")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="from then on it does not count any more")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ConductCaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "person", "-at"], name="conduct_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step="removal") | models.Q(expires_at__isnull=False), name="notices_age_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{Step(self.step).label} to {self.person}"

    def is_counting(self, now: datetime | None = None) -> bool:
        return self.lifted_at is None and (self.expires_at is None or self.expires_at > (now or timezone.now()))

    @property
    def is_permanent(self) -> bool:
        return self.step == Step.REMOVAL and self.expires_at is None
