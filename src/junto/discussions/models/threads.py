"""Thread, message, attachment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community, Membership, Zone
from junto.discussions.models.types import PostType, title_of
from junto.people.models import Agency, Person


class ThreadQuerySet(models.QuerySet["Thread"]):
    def within(self, zones: Collection[str]) -> Self:
        """Those whose zone is among these."""
        return self.filter(zone__in=zones)

    def listed(self, today: date | None = None) -> Self:
        """What listings show: all but jobs whose closing date is past. Those stay in the archive, at their address."""
        return self.exclude(self._is_closed_job(today))

    def closed_jobs(self, today: date | None = None) -> Self:
        return self.filter(self._is_closed_job(today))

    def questions(self) -> Self:
        return self.filter(kind=PostType.QUESTION)

    def open_questions(self) -> Self:
        """Questions with no answer marked and no summary, in discussions that are not closed."""
        return self.questions().filter(answered_at=None, closed_at=None)

    def unanswered(self) -> Self:
        """Open questions to which nobody has replied at all."""
        return self.open_questions().filter(message_count=1)

    def pinned(self) -> Self:
        """Those that stand on top of the list of their community."""
        return self.filter(pinned_at__isnull=False)

    def due_for_relations(self) -> Self:
        """Those whose related discussions are to be looked for."""
        return self.filter(related_at=None)

    @staticmethod
    def _is_closed_job(today: date | None) -> models.Q:
        return models.Q(kind=PostType.JOB, closing_date__lt=today or timezone.localdate())


class Thread(models.Model):
    """A discussion. `number` counts within its community and is its permanent address."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="threads")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=500)
    first_subject = models.CharField(max_length=500, blank=True, help_text="before a moderator changed it")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="when its latest message was sent")
    message_count = models.PositiveIntegerField(default=0)
    author_name = models.CharField(max_length=200, blank=True)
    author_agency = models.CharField(max_length=250, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=PostType.choices, blank=True)
    closing_date = models.DateField(null=True, blank=True, help_text="of a job: after it, no listing shows it")
    answer = models.ForeignKey("Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="an answer was marked, or a summary posted")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="the asker was asked for the answer, once")
    zone = models.CharField(max_length=8, choices=Zone.choices, default=Zone.PUBLIC)
    braked_until = models.DateTimeField(null=True, blank=True, help_text="the storm brake holds replies until then")
    brake_count = models.PositiveSmallIntegerField(default=0, help_text="how often the storm brake was pulled")
    pinned_at = models.DateTimeField(null=True, blank=True, help_text="on top of the list since then")
    useful_count = models.PositiveIntegerField(default=0, help_text="marks “also useful” on all of its messages")
    was_split = models.BooleanField(default=False, help_text="messages went from here to a thread of their own")
    related = models.JSONField(default=list, blank=True, help_text="key and likeness of the threads most like it")
    related_at = models.DateTimeField(
        null=True, blank=True, help_text="when related ones were looked for; empty when that is due"
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="thread_number_once")]
        indexes = [
            models.Index(fields=["community", "-started_at", "-id"], name="threads_by_start"),
            models.Index(
                fields=["community", "-useful_count", "-id"],
                name="threads_by_use",
                condition=models.Q(useful_count__gt=0),
            ),
            models.Index(fields=["community"], name="threads_pinned", condition=models.Q(pinned_at__isnull=False)),
            models.Index(fields=["id"], name="threads_to_relate", condition=models.Q(related_at=None)),
            models.Index(fields=["community", "-last_at", "-id"], name="threads_by_activity"),
            models.Index(fields=["community", "kind", "-last_at", "-id"], name="threads_by_kind"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("discussions:thread", args=[self.community.slug, self.number])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def title(self) -> str:
        """The subject without the word that says its type, where the type stands beside it as a tag."""
        return title_of(self.subject, self.kind, self.started_at) if self.kind else self.subject


class MessageQuerySet(models.QuerySet["Message"]):
    def with_message_id(self, *ids: str) -> Self:
        return self.filter(message_id__in=ids)


class Message(models.Model):
    """What somebody said. Text and HTML are kept as they may be shown; the raw letter lies in the mail store."""

    retention = Retention(Kind.RECORD, "the author's name, address and words")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="messages")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages")
    author_name = models.CharField(max_length=200, blank=True)
    author_email = models.CharField(max_length=254, blank=True, help_text="never shown to strangers")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_agency = models.CharField(max_length=250, blank=True, help_text="as it stood beside the name at the time")
    message_id = models.CharField(max_length=500, help_text="Message-ID without angle brackets (RFC 5322)")
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    depth = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="sanitised; empty when the letter had none")
    shown = models.TextField(blank=True, help_text="what the page shows: safe HTML with quotations folded")
    raw = models.CharField(max_length=200, blank=True, help_text="key of the raw letter in the mail store")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="tells apart letters that share a Message-ID")
    conversation = models.CharField(
        max_length=44, blank=True, help_text="what Exchange calls it (Thread-Index), in hex"
    )
    came_by = models.CharField(max_length=8, default="mail", help_text="mail, web or import")
    attachment_count = models.PositiveSmallIntegerField(default=0)
    useful_count = models.PositiveIntegerField(default=0, help_text="members who marked it “also useful”")
    split_from = models.ForeignKey(
        Thread, null=True, blank=True, on_delete=models.SET_NULL, related_name="split_off", help_text="where it stood"
    )
    mailing_id = models.BigIntegerField(null=True, blank=True, help_text="the mail engine’s number for its delivery")

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "message_id", "fingerprint"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["thread", "sent_at", "id"], name="messages_in_order"),
            models.Index(fields=["community", "fingerprint"], name="messages_by_fingerprint"),
            models.Index(
                fields=["community", "conversation", "-id"],
                name="messages_by_conversation",
                condition=models.Q(conversation__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or gettext("(no subject)")

    def get_absolute_url(self) -> str:
        """The permanent address. Costs no query on a message whose thread and community are at hand."""
        return f"{self.thread.get_absolute_url()}#message-{self.pk}"


class Attachment(models.Model):
    """A file that came with a message. Its bytes are in the file store under `key`."""

    retention = Retention(Kind.RECORD)

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    key = models.CharField(max_length=200, help_text="in the mail store; empty when the raw letter holds it")
    alt = models.CharField(max_length=300, blank=True, help_text="what a picture shows, in its author’s words")
    is_shown = models.BooleanField(default=False, help_text="a picture that stands in the message itself")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="attachment_once")]

    def __str__(self) -> str:
        return self.file_name


class ThreadChoice(models.Model):
    """A member who follows or mutes one thread, whatever they get of the list otherwise."""

    retention = Retention(Kind.TRANSITORY, "what somebody wants to read")

    class Wish(models.TextChoices):
        FOLLOW = "follow", _("Follow")
        MUTE = "mute", _("Mute")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="choices")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="thread_choices")
    wish = models.CharField(max_length=6, choices=Wish.choices)
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "membership"], name="thread_choice_once")]

    def __str__(self) -> str:
        return f"{self.get_wish_display()} {self.thread}"
