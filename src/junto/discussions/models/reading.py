"""What readers and moderators add to threads: marks of usefulness, numbers that lead elsewhere now."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community
from junto.discussions.models.threads import Message, Thread
from junto.people.models import Person


class UsefulMark(models.Model):
    """A member who found a message useful."""

    retention = Retention(Kind.TRANSITORY, "what somebody found useful")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="useful_marks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="useful_marks")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="useful_mark_once")]

    def __str__(self) -> str:
        return f"{self.person} found {self.message} useful"


class FormerNumber(models.Model):
    """A number under which a thread stood before it was moved, or before it was merged into this one.

    `messages` and `subject` are those of a merged thread, so that the merge can be undone; `former_thread` is its old
    key, which signed links in letters carry.
    """

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="former_numbers")
    number = models.PositiveIntegerField()
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="former_numbers")
    subject = models.CharField(max_length=500, blank=True)
    messages = models.JSONField(default=list, blank=True, help_text="keys of the messages that a merge brought along")
    former_thread = models.BigIntegerField(null=True, blank=True, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="former_number_once")]

    def __str__(self) -> str:
        return self.subject or f"{self.community} {self.number}"
