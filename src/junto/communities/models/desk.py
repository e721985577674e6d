"""What managers do from their desk and may want back, and what they announce to everybody."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models.community import Community
from junto.people.models import Person

UNDO_LASTS = timedelta(days=1)


class Deed(models.Model):
    """Something a manager did to settings or to members, with what was before, so that it can be undone for a day."""

    retention = Retention(
        Kind.TRANSITORY, "which members a manager’s deed was about, until it cannot be undone any more"
    )

    class What(models.TextChoices):
        SETTINGS = "settings", _("Settings")
        DELIVERY = "delivery", _("How members get mail")
        ROLE = "role", _("Role")
        REMOVAL = "removal", _("Removal")
        WELCOME = "welcome", _("Welcome letter")
        REACH = "reach", _("How far posts go")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="deeds")
    what = models.CharField(max_length=10, choices=What.choices)
    words = models.CharField(max_length=1_000, help_text="what was done, as the notice tells of it")
    before = models.JSONField(
        help_text="fields and their values; [number of a membership, value] for each member; or how far posts went and go"
    )
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community", "-at"], name="deeds_by_day")]

    def __str__(self) -> str:
        return self.words

    def is_open(self) -> bool:
        """Whether it can still be undone."""
        may = self.what != Deed.What.WELCOME and self.undone_at is None
        return may and timezone.now() - self.at < UNDO_LASTS


class Announcement(models.Model):
    """What the managers tell every member by mail. A draft until somebody confirms that it goes out."""

    retention = Retention(Kind.RECORD, "the name of whoever announced it")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="announcements")
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    recipients = models.PositiveIntegerField(default=0, help_text="members whom it went to")
    mailing_id = models.BigIntegerField(null=True, blank=True, help_text="the mail engine’s number for its delivery")

    def __str__(self) -> str:
        return self.subject
