"""What somebody is writing and has not sent."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community
from junto.discussions.models.threads import Thread
from junto.discussions.models.types import PostType
from junto.people.models import Person


class Draft(models.Model):
    """What one person is writing at one place: a new discussion of a community, or a reply in a thread.

    The text is kept as typed, also where it could not be sent like that. A draft outlives its thread.
    """

    retention = Retention(
        Kind.TRANSITORY, "what somebody has not sent: gone when it is sent, discarded, or was not touched for 90 days"
    )
    NEW = "new"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=30, help_text="“new”, or the thread that it replies to")
    kind = models.CharField(max_length=8, choices=PostType.choices, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    closing_date = models.CharField(max_length=20, blank=True, help_text="as typed")
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "community", "place"], name="draft_once_at_a_place")]
        indexes = [models.Index(fields=["saved_at"], name="drafts_by_age")]

    def __str__(self) -> str:
        return self.subject or self.body[:60] or str(_("(nothing written yet)"))

    @property
    def is_empty(self) -> bool:
        return not (self.subject.strip() or self.body.strip())


class DraftFile(models.Model):
    """A file that goes with a draft. Its bytes stand here and not in the mail store, which forgets nothing."""

    retention = Retention(Kind.TRANSITORY, "a file that somebody has not sent: goes with its draft")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()
    alt = models.CharField(max_length=300, blank=True, help_text="what a picture shows, in words")
    is_decoration = models.BooleanField(default=False, help_text="a picture that shows nothing one must know")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="draft_file_once")]

    def __str__(self) -> str:
        return self.file_name
