"""The alias of a poster, posts that wait, and which moderators were told of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community, Membership, Zone
from junto.discussions.models.threads import Thread
from junto.people.models import Person


class Alias(models.Model):
    """The address that stands for a poster in one community: replies to it reach them, and show nobody’s address."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="aliases")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [models.UniqueConstraint(fields=["community", "person"], name="alias_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.community}"


class HeldPostQuerySet(models.QuerySet["HeldPost"]):
    def waiting(self) -> Self:
        return self.filter(outcome="")

    def for_moderators(self) -> Self:
        """Those on which a moderator decides. Private replies are never among them."""
        return self.filter(waits_for=HeldPost.For.MODERATOR, alias=None)

    def within(self, zones: Collection[str]) -> Self:
        """Those that somebody to whom these zones are open may read."""
        return self.filter(zone__in=zones)

    def for_their_author(self) -> Self:
        return self.filter(waits_for=HeldPost.For.AUTHOR)

    def for_the_clock(self) -> Self:
        return self.filter(waits_for=HeldPost.For.CLOCK)

    def due(self) -> Self:
        """Those that waited for the clock long enough, in the order in which they go on."""
        now = timezone.now()
        return self.waiting().for_the_clock().filter(release_at__lte=now).order_by("release_at", "held_at", "pk")


class HeldPost(models.Model):
    """A post that waits: for its author to say that it is theirs, or for a moderator."""

    retention = Retention(Kind.RECORD, "the author's address and words")

    class For(models.TextChoices):
        AUTHOR = "author", _("Its author confirms")
        MODERATOR = "moderator", _("A moderator decides")
        CLOCK = "clock", _("Goes out at its time")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        DISCARDED = "discarded", _("Discarded")
        EXPIRED = "expired", _("Expired")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="held_posts")
    waits_for = models.CharField(max_length=10, choices=For.choices)
    raw = models.CharField(max_length=200)
    message_id = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    came_by = models.CharField(max_length=8, default="mail", help_text="mail or web")
    alias = models.ForeignKey(
        Alias,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="held_replies",
        help_text="set for a private reply: no moderator sees it",
    )
    thread = models.ForeignKey(
        Thread, null=True, blank=True, on_delete=models.SET_NULL, related_name="held_posts", help_text="that it answers"
    )
    arrival_id = models.BigIntegerField(null=True, blank=True)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    excerpt = models.TextField(blank=True)
    rule = models.CharField(max_length=60, help_text="the rule of the posting chain that held it")
    reason = models.TextField(blank=True)
    zone = models.CharField(
        max_length=8, choices=Zone.choices, default=Zone.PUBLIC, help_text="how far it may go, and who may decide on it"
    )
    held_at = models.DateTimeField(default=timezone.now)
    release_at = models.DateTimeField(null=True, blank=True, help_text="when a post that waits for the clock goes on")
    new_subject = models.CharField(max_length=500, blank=True, help_text="as a moderator edited it")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)

    objects = HeldPostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["community", "outcome", "held_at"], name="held_posts_waiting"),
            models.Index(
                fields=["release_at"],
                name="held_posts_due",
                condition=models.Q(outcome="", waits_for="clock"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at=None)
                | (~models.Q(outcome="") & models.Q(decided_at__isnull=False)),
                name="decided_means_when",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or gettext("(no subject)")

    @property
    def is_decided(self) -> bool:
        return self.outcome != ""

    @property
    def subject_to_be(self) -> str:
        """The subject that the post goes out with: as a moderator edited it, or its own."""
        return self.new_subject or self.subject


class HintGiven(models.Model):
    """When a member last got a hint by mail: the same one comes once a week at most. Without a name: they want none."""

    retention = Retention(Kind.TRANSITORY, "which hints somebody got")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="hints_given")
    name = models.CharField(max_length=20, blank=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "hints given"
        constraints = [models.UniqueConstraint(fields=["membership", "name"], name="hint_given_once")]

    def __str__(self) -> str:
        return f"{self.name or 'no hints'} for {self.membership}"


class HeldNotice(models.Model):
    """One moderator who was told of one held post. Its number is what the reply address and the link of their letter carry,
    so that each names the post and the moderator."""

    retention = Retention(Kind.TRANSITORY, "which moderator was asked")

    held = models.ForeignKey(HeldPost, on_delete=models.CASCADE, related_name="notices")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["held", "membership"], name="held_notice_once")]

    def __str__(self) -> str:
        return f"{self.held} before {self.membership.person}"
