"""Community, its names and pages, and its memberships."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from junto.audit.retention import Kind, Retention
from junto.people.models import Address, Person


class Policy(models.TextChoices):
    """Who may join without anybody's decision."""

    FEDERAL = "federal", "Federal government employees"
    GOVERNMENT = "government", "Government employees of all levels"
    CONTRACTORS = "contractors", "Government employees of all levels, and their contractors"
    INVITATION = "invitation", "By invitation"
    OPEN = "open", "Anyone"


class Readers(models.TextChoices):
    """Who may read the discussions."""

    PUBLIC = "public", "Anyone"
    GOVERNMENT = "government", "Anyone signed in with a government address"
    MEMBERS = "members", "Members only"


class ReplyTo(models.TextChoices):
    """Where a plain reply to a post goes."""

    AUTHOR = "author", "To the author of the post"
    LIST = "list", "To the whole list"


class Moderation(models.TextChoices):
    """Whose posts wait for a moderator."""

    NONE = "none", "Nobody’s: members post at once"
    FIRST = "first", "A new member’s first post"
    ALL = "all", "Every post"


class Topic(models.Model):
    retention = Retention(Kind.REFERENCE)

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class CommunityQuerySet(models.QuerySet["Community"]):
    def visible(self) -> Self:
        """Those that the directory may name."""
        return self.filter(is_hidden=False, retired_at=None)


class Community(models.Model):
    """A community of practice, and the mailing list that it is."""

    retention = Retention(Kind.RECORD)

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True, help_text="stands in From: lines and subjects: CX-COP")
    summary = models.TextField(blank=True, help_text="one sentence, plain text")
    description = models.TextField(blank=True, help_text="Markdown: what we do, who we are, resources")
    description_html = models.TextField(blank=True, editable=False)
    guidelines = models.TextField(blank=True, help_text="Markdown; accepted at joining")
    terms = models.TextField(blank=True, help_text="who may join, in the community’s own words")
    sponsor = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=254, blank=True, help_text="address shown for questions to the managers")
    topics = models.ManyToManyField(Topic, blank=True, related_name="communities")

    list_name = models.CharField(max_length=64, help_text="local part of the list’s address: cx-cop")
    list_id = models.CharField(
        max_length=200, unique=True, editable=False, help_text="List-Id (RFC 2919), never changed"
    )
    policy = models.CharField(max_length=12, choices=Policy.choices, default=Policy.GOVERNMENT)
    readers = models.CharField(max_length=12, choices=Readers.choices, default=Readers.MEMBERS)
    reply_to = models.CharField(max_length=8, choices=ReplyTo.choices, default=ReplyTo.AUTHOR)
    moderation = models.CharField(max_length=8, choices=Moderation.choices, default=Moderation.NONE)
    largest_post = models.PositiveIntegerField(default=10_000_000, help_text="bytes")

    weight = models.SmallIntegerField(default=1, help_text="higher stands first in the directory")
    is_hidden = models.BooleanField(default=False, help_text="not in the directory; members still reach it")
    redirect_to = models.URLField(max_length=500, blank=True, help_text="the community’s page is elsewhere")
    founded_date = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    imported_from = models.CharField(max_length=300, blank=True, help_text="where an import took it from")
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    next_number = models.PositiveIntegerField(default=1, help_text="the number of the next discussion")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "communities"
        constraints = [models.UniqueConstraint(Lower("list_name"), name="list_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("communities:front", args=[self.slug])

    @property
    def list_address(self) -> str:
        """Where a post is sent: cx-cop@lists.agency.gov."""
        return f"{self.list_name}@{settings.LIST_DOMAIN}"

    def command_address(self, command: str) -> str:
        """Where a command is sent: cx-cop-subscribe-request@lists.agency.gov."""
        return f"{self.list_name}-{command}@{settings.LIST_DOMAIN}"

    @property
    def list_label(self) -> str:
        """The list as it stands in From: lines: CX-COP."""
        return self.short_name or self.list_name.upper()


class ListName(models.Model):
    """Another local part that reaches a community. Old addresses keep working."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="list_names")
    name = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="other_list_name_once")]

    def __str__(self) -> str:
        return self.name


class OldAddress(models.Model):
    """A path that a community once had on the web; it answers 301."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="old_addresses")
    path = models.CharField(max_length=300, unique=True)

    class Meta:
        verbose_name_plural = "old addresses"

    def __str__(self) -> str:
        return self.path


class Page(models.Model):
    """A sub-page of a community."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="pages")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown")
    body_html = models.TextField(blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "slug"], name="page_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("communities:page", args=[self.community.slug, self.slug])


class ResourceLink(models.Model):
    """A resource that the community’s page names."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="resource_links")
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500)
    note = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class Role(models.TextChoices):
    MEMBER = "member", "Member"
    MODERATOR = "moderator", "Moderator"
    MANAGER = "manager", "Manager"


class Delivery(models.TextChoices):
    """How a member is told of posts."""

    EACH = "each", "Each message"
    DAILY = "daily", "Daily digest"
    WEEKLY = "weekly", "Weekly digest"
    NONE = "none", "No mail: I read on the web"


class State(models.TextChoices):
    WAITING = "waiting", "Waiting for a decision"
    ACTIVE = "active", "Member"
    DECLINED = "declined", "Declined"
    LEFT = "left", "Left"
    REMOVED = "removed", "Removed"


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
        return self.active().filter(delivery=Delivery.EACH, address__stopped_at=None)

    def except_for(self, person: Person | None) -> Self:
        return self.exclude(person=person) if person else self


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
        indexes = [models.Index(fields=["community", "state", "delivery", "id"], name="membership_receiving")]

    def __str__(self) -> str:
        return f"{self.person} in {self.community}"

    def is_active(self) -> bool:
        return self.state == State.ACTIVE


class Invitation(models.Model):
    """A manager asked somebody to join; good for any policy."""

    retention = Retention(Kind.RECORD, "an e-mail address")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="invitations")
    email = models.CharField(max_length=254)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "email"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.email} to {self.community}"


class Confirmation(models.Model):
    """Somebody, or whoever writes in their name, asked by mail to join or leave; the owner of the address confirms."""

    retention = Retention(Kind.TRANSITORY, "an e-mail address and a name, for two days")

    class Wish(models.TextChoices):
        JOIN = "join", "Join"
        LEAVE = "leave", "Leave"

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="confirmations")
    wish = models.CharField(max_length=8, choices=Wish.choices)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
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
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"answer of {self.at:%Y-%m-%d %H:%M}"
