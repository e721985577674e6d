"""What a community's page is made of: sections, sub-pages, resources, pictures; and every version of what was written."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models.community import Community
from junto.people.models import Person


class PartQuerySet(models.QuerySet[Any]):
    def shown(self) -> Self:
        """Those that nobody has taken off the page."""
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        return self.exclude(removed_at=None)


class Section(models.Model):
    """A part of a community's front page, in Markdown."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown")
    body_html = models.TextField(blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="taken off the page; can be put back")

    objects = PartQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """Its key as text, for ids on a page."""
        return str(self.pk)


class Page(models.Model):
    """A sub-page of a community."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="pages")
    slug = models.SlugField(max_length=100)
    former_slugs = models.JSONField(default=list, blank=True, help_text="its addresses before; they answer 301")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown")
    body_html = models.TextField(blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="not published now; can be put back")

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "slug"], name="page_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("communities:page", args=[self.community.slug, self.slug])

    @property
    def key(self) -> str:
        """Its key as text, for ids on a page."""
        return str(self.pk)


class Trouble(models.TextChoices):
    """What is wrong with a link, as far as asking it shows."""

    GONE = "gone", _("The server says that there is no such page.")
    NOWHERE = "nowhere", _("No server has this name.")
    SILENT = "silent", _("The server does not answer, or not safely.")
    BROKEN = "broken", _("The server answers with an error of its own.")


_SURE = frozenset({Trouble.GONE, Trouble.NOWHERE})
_WAS_AWAY = 2


class ResourceLinkQuerySet(PartQuerySet):
    def leading_nowhere(self) -> Self:
        """Those that a manager is told of: gone, or away at two looks in a row."""
        return self.shown().filter(models.Q(trouble__in=_SURE) | models.Q(failures__gte=_WAS_AWAY))


class ResourceLink(models.Model):
    """A resource that the community’s page names."""

    retention = Retention(Kind.RECORD)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="resource_links")
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500)
    note = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="taken off the page; can be put back")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when Junto last looked where it leads")
    trouble = models.CharField(max_length=8, choices=Trouble.choices, blank=True, help_text="what was wrong then")
    failures = models.PositiveSmallIntegerField(default=0, help_text="looks in a row at which something was wrong")

    objects = ResourceLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def leads_nowhere(self) -> bool:
        """Whether a manager is told of it, as long as it is on the page."""
        return self.trouble in _SURE or self.failures >= _WAS_AWAY


class PartKind(models.TextChoices):
    """What is written in Markdown and has a history."""

    LEAD = "lead", _("The text on top")
    SECTION = "section", _("Section")
    PAGE = "page", _("Page")


class VersionQuerySet(models.QuerySet["Version"]):
    def of(self, community: Community, kind: str, part: int) -> Self:
        """The versions of one part, the newest first."""
        return self.filter(community=community, kind=kind, part=part).order_by("-number")


class Version(models.Model):
    """What one part said from one day on. Written once, never changed; restoring one makes a new one."""

    retention = Retention(Kind.RECORD, "who wrote what a community says of itself")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=8, choices=PartKind.choices)
    part = models.PositiveBigIntegerField(help_text="key of the section or page; 0 for the text on top")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="why, in the words of who wrote it")
    restores = models.PositiveIntegerField(null=True, blank=True, help_text="the version that this one brings back")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "part", "number"], name="version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.part}, version {self.number}"


class Picture(models.Model):
    """A picture that pages of a community show. Its file is never replaced, so browsers may keep it."""

    retention = Retention(Kind.RECORD, "may show people")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="pictures")
    file_name = models.CharField(max_length=255, help_text="as it was called where it came from")
    content_type = models.CharField(max_length=40)
    alt = models.CharField(max_length=300, help_text="what the picture shows, for who does not see it")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes")
    key = models.CharField(max_length=200, help_text="in the store, as all files")
    small_key = models.CharField(max_length=200, blank=True, help_text="a copy for small screens, where it is smaller")
    small_width = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("communities:picture", args=[self.community.slug, self.pk])
