"""One person in one community, and how they are told of posts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models.community import Community
from junto.people.models import Address, Person


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    MANAGER = "manager", _("Manager")


class Delivery(models.TextChoices):
    """How a member is told of posts."""

    EACH = "each", _("Each message")
    DAILY = "daily", _("Daily digest")
    WEEKLY = "weekly", _("Weekly digest")
    NONE = "none", _("No mail: I read on the web")


class DigestForm(models.TextChoices):
    """What a digest looks like."""

    HTML = "html", _("Formatted, with a plain part")
    PLAIN = "plain", _("Plain text only (RFC 1153)")
    MIME = "mime", _("Each message as an attachment (RFC 2046)")
    INDEX = "index", _("Index: subjects and links only")


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting for a decision")
    ACTIVE = "active", _("Member")
    DECLINED = "declined", _("Declined")
    LEFT = "left", _("Left")
    REMOVED = "removed", _("Removed")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def managing(self) -> Self:
        return self.active().filter(role=Role.MANAGER)

    def moderating(self) -> Self:
        return self.active().filter(role__in=[Role.MANAGER, Role.MODERATOR])

    def receiving_each_message(self) -> Self:
        """Active members who want each message, at an address that still takes mail."""
        return self.reachable().filter(delivery=Delivery.EACH)

    def reachable(self) -> Self:
        """Active members whom mail of this list may go to now: not paused, not stopped, and they did not complain."""
        awake = models.Q(paused_until=None) | models.Q(paused_until__lte=timezone.now())
        return self.active().filter(awake, address__stopped_at=None, complained_at=None)

    def named(self) -> Self:
        """Those whom other members may see in a list of members."""
        return self.filter(is_concealed=False)


class Membership(models.Model):
    """One person in one community. A row for life: leaving changes its state."""

    retention = Retention(Kind.RECORD, "who belongs to what, since when and why")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    delivery = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.EACH)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    wants_own_posts = models.BooleanField(default=True)
    wants_receipt = models.BooleanField(default=False, help_text="a note when an own post was sent (LISTSERV: ACK)")
    digest_form = models.CharField(max_length=5, choices=DigestForm.choices, default=DigestForm.HTML)
    digest_hour = models.PositiveSmallIntegerField(default=7, help_text="hour of the member’s own day")
    digest_weekday = models.PositiveSmallIntegerField(default=0, help_text="of the weekly digest; 0 is Monday")
    digest_seat = models.BigIntegerField(
        null=True, blank=True, help_text="the hour (discussions.DigestHour) at which the last digest was due"
    )
    digest_since = models.BigIntegerField(
        null=True, blank=True, help_text="told of up to this message, where that differs from others of the seat"
    )
    feed_edition = models.PositiveSmallIntegerField(
        default=0, help_text="counts the addresses of the private feed; only the newest opens"
    )
    paused_until = models.DateTimeField(null=True, blank=True, help_text="no mail of this list before then")
    is_concealed = models.BooleanField(default=False, help_text="not named in the list of members")
    complained_at = models.DateTimeField(null=True, blank=True, help_text="reported our mail as spam: none goes there")
    wants_announcements = models.BooleanField(default=True, help_text="gets what the managers announce to everybody")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="since when a request to join waits, or waited")
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    guidelines_accepted_at = models.DateTimeField(null=True, blank=True)
    came_by = models.CharField(max_length=10, blank=True, help_text="web, mail, roster, invitation")
    reason = models.TextField(blank=True, help_text="why this one waits, or what the applicant says")
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "person"], name="member_once"),
            models.CheckConstraint(
                condition=~models.Q(state="active") | models.Q(joined_at__isnull=False),
                name="active_since_some_day",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "delivery", "id"], name="membership_receiving"),
            models.Index(
                fields=["digest_seat", "delivery"], condition=models.Q(digest_seat__isnull=False), name="digest_seats"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.community}"

    def is_active(self) -> bool:
        return self.state == State.ACTIVE
