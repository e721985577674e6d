"""What the managers of a community ought to know: servers that refuse its mail, complaints, members lost."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models.community import Community
from junto.people.models import Person


class Notice(models.Model):
    """Something that happened, once or many times, until a manager has settled it."""

    retention = Retention(Kind.TRANSITORY, "may name a member, and what a mail server said")

    class About(models.TextChoices):
        REFUSAL = "refusal", _("A mail server refuses the list’s mail")
        COMPLAINT = "complaint", _("A member reported the list’s mail as spam")
        UNREACHABLE = "unreachable", _("A member could not be reached any more")
        STORM = "storm", _("Too many posts at once in one discussion")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=About.choices)
    words = models.CharField(max_length=500)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind", "words"], condition=models.Q(settled_at=None), name="open_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"
