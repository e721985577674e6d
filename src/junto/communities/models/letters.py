"""What waits for an answer by mail: invitations, confirmations; and the count of answers given."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models.community import Community
from junto.communities.models.membership import Delivery
from junto.people.models import Person


class Invitation(models.Model):
    """A manager asked somebody to join; good for any policy."""

    retention = Retention(Kind.RECORD, "an e-mail address")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="invitations")
    email = models.CharField(max_length=254)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="a second letter went out; there is no third")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "email"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.email} to {self.community}"


class Confirmation(models.Model):
    """Somebody, or whoever writes in their name, asked by mail to join or leave; the owner of the address confirms."""

    retention = Retention(Kind.TRANSITORY, "an e-mail address and a name, for two days")

    class Wish(models.TextChoices):
        JOIN = "join", _("Join")
        LEAVE = "leave", _("Leave")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="confirmations")
    wish = models.CharField(max_length=8, choices=Wish.choices)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=8, choices=Delivery.choices, blank=True, help_text="how mail is to come")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_wish_display()} {self.community}"

    def is_open(self) -> bool:
        return self.used_at is None and timezone.now() < self.expires_at


class Answer(models.Model):
    """A letter that answered a letter: what the daily limit of answers is counted by, so that no loop can run."""

    retention = Retention(Kind.TRANSITORY, "an e-mail address for a day")

    email = models.CharField(max_length=254, db_index=True)
    kind = models.CharField(max_length=80, blank=True, help_text="where the same answer is given once a day only")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"answer of {self.at:%Y-%m-%d %H:%M}"
