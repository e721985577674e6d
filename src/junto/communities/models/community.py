"""A community, its names, addresses and pages."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention


class Policy(models.TextChoices):
    """Who may join without anybody's decision."""

    FEDERAL = "federal", _("Federal government employees")
    GOVERNMENT = "government", _("Government employees of all levels")
    CONTRACTORS = "contractors", _("Government employees of all levels, and their contractors")
    INVITATION = "invitation", _("By invitation")
    OPEN = "open", _("Anyone")


class Readers(models.TextChoices):
    """Who may read the discussions."""

    PUBLIC = "public", _("Anyone")
    GOVERNMENT = "government", _("Anyone signed in with a government address")
    MEMBERS = "members", _("Members only")


class ReplyTo(models.TextChoices):
    """Where a plain reply to a post goes."""

    AUTHOR = "author", _("To the author of the post")
    LIST = "list", _("To the whole list")


class Moderation(models.TextChoices):
    """Whose posts wait for a moderator."""

    NONE = "none", _("Nobody’s: members post at once")
    FIRST = "first", _("A new member’s first post")
    ALL = "all", _("Every post")


class Zone(models.TextChoices):
    """How far a post may go: on delivery, in the archive, in search, in feeds and in digests."""

    FEDERAL = "federal", _("Federal only")
    INTERGOVERNMENTAL = "intergov", _("Government of all levels")
    PUBLIC = "public", _("Everyone who may read the list")


class Hint(models.TextChoices):
    """What the coach looks at before a post goes out, each a switch of its own."""

    SSN = "ssn", _("Numbers that look like a Social Security number")
    PERSONAL = "personal", _("Private addresses and telephone numbers")
    BANNER = "banner", _("Markings such as CUI, FOUO or CONFIDENTIAL")
    ENDORSEMENT = "endorsement", _("Praise of a product or a company")
    FILES = "files", _("Large files")
    ALT_TEXT = "alt_text", _("Images without alternative text")
    LINK_TEXT = "link_text", _("Links that say “click here”")
    SUBJECT = "subject", _("A subject that is missing, shouted or says nothing")
    READING = "reading", _("Text that is hard to read")
    DISCLAIMER = "disclaimer", _("Confidentiality notices below a post")


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
    passes_through = models.BooleanField(
        default=False, help_text="a post whose own DKIM signature would survive keeps its From: line"
    )
    time_zone = models.CharField(max_length=50, default="America/New_York", help_text="of quiet hours and digests")
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True, help_text="hour at which quiet begins")
    quiet_until = models.PositiveSmallIntegerField(null=True, blank=True, help_text="hour at which held posts go out")
    slow_mode_minutes = models.PositiveIntegerField(default=0, help_text="between two posts of one author; 0: off")
    storm_posts = models.PositiveSmallIntegerField(default=20, help_text="posts an hour in one thread; 0: no brake")
    asks_before_short_posts = models.BooleanField(default=True, help_text="“me too” and thanks ask their author first")
    coach_is_on = models.BooleanField(default=True, help_text="authors get hints, in private, before a post goes out")
    coach_skips = models.JSONField(default=list, blank=True, help_text="names of hints that are switched off")
    welcome = models.TextField(blank=True, help_text="Markdown: first words of the letter to a new member; empty: ours")
    first_delivery = models.CharField(
        max_length=8,
        choices=[("each", _("Each message")), ("daily", _("Daily digest")), ("weekly", _("Weekly digest"))],
        default="each",
        help_text="how mail comes to a new member who does not choose",
    )
    has_zones = models.BooleanField(default=False, help_text="authors may name a zone in the subject")
    default_zone = models.CharField(max_length=8, choices=Zone.choices, default=Zone.PUBLIC)
    feeds = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="fed_by")

    banner = models.ForeignKey(
        "communities.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    logo = models.ForeignKey("communities.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    shows_insights = models.BooleanField(default=False, help_text="members see the insights, not managers alone")

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
