"""What the engine keeps: letters that arrived, letters on their way, and whom a server deferred or refused."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from junto.audit.retention import Kind, Retention


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def due(self) -> Self:
        """Waiting, and their next try has come."""
        return self.filter(state=Arrival.State.WAITING, next_try_at__lte=timezone.now())

    def quarantined(self) -> Self:
        return self.filter(state=Arrival.State.QUARANTINED)


class Arrival(models.Model):
    """One letter for ONE recipient that was taken in with 250. The bytes are in the mail store under `raw_key`."""

    retention = Retention(Kind.RECORD, "addresses of sender and recipient, and what they wrote")

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        DISCARDED = "discarded", "Discarded"
        HELD = "held", "Held"
        QUARANTINED = "quarantined", "In quarantine"

    sender = models.CharField(max_length=320, blank=True, help_text="envelope sender; empty for the null sender")
    recipient = models.CharField(max_length=320)
    peer = models.CharField(max_length=64, blank=True, help_text="network address of the server that brought it")
    raw_key = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="bytes")
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    words = models.TextField(blank=True, help_text="what became of it, or why it is in quarantine")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", handled_at=None) | (~Q(state="waiting") & Q(handled_at__isnull=False)),
                name="arrival_handled_when_not_waiting",
            )
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="arrival_due")]

    def __str__(self) -> str:
        return f"arrival {self.pk} for {self.recipient}"


class MailingQuerySet(models.QuerySet["Mailing"]):
    def quarantined(self) -> Self:
        return self.filter(state=Mailing.State.QUARANTINED)


class Mailing(models.Model):
    """One letter on its way to an audience. `pieces` is the message as it goes over the wire, with places for slots."""

    retention = Retention(Kind.TRANSITORY, "the letter, and the address of a single reader")

    class State(models.TextChoices):
        ON_ITS_WAY = "on its way", "On its way"
        DONE = "done", "Done"
        QUARANTINED = "quarantined", "In quarantine"

    kind = models.CharField(max_length=60)
    return_to = models.CharField(max_length=24, help_text="short name in the local part of the return path")
    audience = models.CharField(max_length=100, help_text="a stream of config/mail_routes.py")
    told = models.JSONField(default=dict)
    pieces = models.BinaryField()
    places = models.JSONField(default=list, help_text="[offset, slot] in order")
    is_8bit = models.BooleanField(default=False)
    scope = models.CharField(max_length=60, blank=True, help_text="purpose under which the REF slot is signed")
    about = models.CharField(max_length=100, blank=True, db_index=True)
    total = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ON_ITS_WAY)
    failures = models.PositiveSmallIntegerField(default=0, help_text="times that carrying it raised an exception")
    words = models.TextField(blank=True, help_text="why it is in quarantine")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    first_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
                name="mailing_done_has_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.total:,}"


class ShardQuerySet(models.QuerySet["Shard"]):
    def free(self) -> Self:
        """Not finished, and nobody is at work on them."""
        return self.filter(state=Shard.State.OPEN, lease_until__lte=timezone.now())


class Shard(models.Model):
    """Some thousands of recipients of a mailing: those with `after` < key ≤ `upto`. Up to `cursor` all is settled."""

    retention = Retention(Kind.TRANSITORY)

    class State(models.TextChoices):
        OPEN = "open", "Open"
        HELD = "held", "Held with its mailing"
        DONE = "done", "Done"

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="shards")
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    cursor = models.BigIntegerField()
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    leased_by = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(default=timezone.now, help_text="nobody else may begin before this time")
    troubles = models.PositiveSmallIntegerField(default=0, help_text="times in a row that the relay did not answer")
    words = models.TextField(blank=True, help_text="what kept the last run from going on")
    accepted = models.PositiveIntegerField(default=0, help_text="at the first try")
    deferred = models.PositiveIntegerField(default=0, help_text="at the first try")
    refused = models.PositiveIntegerField(default=0, help_text="at the first try")
    skipped = models.PositiveIntegerField(default=0, help_text="what the audience gave is no address")

    objects = ShardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "after"], name="shard_once"),
            models.CheckConstraint(
                condition=Q(cursor__gte=models.F("after"), cursor__lte=models.F("upto")), name="cursor_within_shard"
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="shard_free")]

    def __str__(self) -> str:
        return f"shard {self.after}–{self.upto} of mailing {self.mailing_id}"


class SetbackQuerySet(models.QuerySet["Setback"]):
    def due(self) -> Self:
        return self.filter(settled_at=None, next_try_at__lte=timezone.now())


class Setback(models.Model):
    """A recipient whose server did not take the letter at the first try, and what became of it."""

    retention = Retention(Kind.TRANSITORY, "an e-mail address and what its server said")

    class Kind(models.TextChoices):
        DEFERRED = "deferred", "Deferred"
        REFUSED = "refused", "Refused"
        ACCEPTED = "accepted", "Accepted later"

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="setbacks")
    key = models.BigIntegerField()
    address = models.CharField(max_length=320)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=16, blank=True, help_text="reply code and enhanced status: 550 5.1.1")
    words = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = SetbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "key"], name="setback_once"),
            models.CheckConstraint(
                condition=Q(kind="deferred", settled_at=None, next_try_at__isnull=False)
                | (~Q(kind="deferred") & Q(settled_at__isnull=False)),
                name="setback_settled_unless_deferred",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(settled_at=None), name="setback_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.address}"


class OutboxCopy(models.Model):
    """A copy that the built-in outbox keeps instead of a relay, to be read in the browser."""

    retention = Retention(Kind.TRANSITORY, "an address and the letter sent to it; the newest ten thousand")

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="copies")
    recipient = models.CharField(max_length=320)
    return_path = models.CharField(max_length=320)
    content = models.BinaryField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "outbox copies"

    def __str__(self) -> str:
        return f"copy {self.pk} for {self.recipient}"


class BounceReport(models.Model):
    """What a bounce said of one address."""

    retention = Retention(Kind.TRANSITORY, "an e-mail address and what its server said")

    class Fault(models.TextChoices):
        PERMANENT = "permanent", "The address does not work"
        TEMPORARY = "temporary", "The address does not work now"
        POLICY = "policy", "The server refuses the letter, not the address"

    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.SET_NULL, related_name="bounce_reports")
    mailing = models.ForeignKey(Mailing, null=True, on_delete=models.SET_NULL, related_name="bounce_reports")
    address = models.CharField(max_length=320)
    fault = models.CharField(max_length=9, choices=Fault.choices)
    status = models.CharField(max_length=16, blank=True)
    words = models.TextField(blank=True)
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["mailing", "address"], name="bounce_of_mailing")]

    def __str__(self) -> str:
        return f"{self.get_fault_display()}: {self.address}"
