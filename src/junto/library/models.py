"""Pieces, their authors, the addresses that they once had, and where they are hidden."""

from __future__ import annotations

from datetime import UTC, datetime, time
from html import unescape
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.communities.models import Community, Topic
from junto.people.models import Person

_BEGINNING, _FIRST_WORDS = 60, 3_000


class PieceKind(models.TextChoices):
    """What sort of text a piece is."""

    NEWS = "news", _("News")
    RESOURCE = "resource", _("Resource")
    GUIDE = "guide", _("Guide")


class Author(models.Model):
    """A name that somebody published under. Nobody signs in as an author."""

    retention = Retention(Kind.RECORD, "names and agencies that people published under")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    agency = models.CharField(max_length=250, blank=True)
    bio = models.TextField(blank=True, help_text="a few sentences, plain text")
    imported_from = models.CharField(max_length=300, blank=True, help_text="where an import took it from")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library:author", args=[self.slug])


class PieceQuerySet(models.QuerySet["Piece"]):
    def open_to_all(self) -> Self:
        """Those that strangers may read: public, and hidden from nobody."""
        return self.filter(is_public=True).not_hidden_in(None)

    def not_hidden_in(self, community: Community | None) -> Self:
        """Those that stand on the shelf of a community; None is the whole library."""
        return self.exclude(pk__in=Hiding.objects.filter(community=community).values("piece"))

    def hidden_in(self, community: Community | None) -> Self:
        return self.filter(pk__in=Hiding.objects.filter(community=community).values("piece"))

    def sharing_a_topic_with(self, community: Community) -> Self:
        topics = community.topics.through.objects.filter(community=community).values("topic")
        return self.filter(pk__in=Piece.topics.through.objects.filter(topic__in=topics).values("piece"))

    def newest_first(self) -> Self:
        """By the day of publication; what has none stands last."""
        return self.order_by(models.F("published_date").desc(nulls_last=True), "-pk")


class Piece(models.Model):
    """One text of the library."""

    retention = Retention(Kind.RECORD)

    slug = models.SlugField(max_length=200, unique=True)
    kind = models.CharField(max_length=8, choices=PieceKind.choices)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, help_text="a sentence or two, plain text")
    body = models.TextField(blank=True, help_text="Markdown")
    body_html = models.TextField(blank=True, editable=False)
    source_name = models.CharField(max_length=200, blank=True, help_text="who published it first")
    source_url = models.URLField(max_length=500, blank=True, help_text="where it was published first")
    moved_to = models.URLField(max_length=500, blank=True, help_text="where its successor is")
    published_date = models.DateField(null=True, blank=True)
    expired_date = models.DateField(null=True, blank=True, help_text="since when nobody keeps it up to date")
    is_public = models.BooleanField(default=True, help_text="strangers may read it; drafts are not public")
    topics = models.ManyToManyField(Topic, blank=True, related_name="pieces")
    authors = models.ManyToManyField(Author, blank=True, through="Byline", related_name="pieces")
    imported_from = models.CharField(max_length=300, blank=True, help_text="where an import took it from")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PieceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["published_date", "id"], name="piece_newest"),
            models.Index(fields=["imported_from"], name="piece_imported_from"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:piece", args=[self.slug])

    @property
    def published_at(self) -> datetime | None:
        """Five in the afternoon UTC of the day of publication: the same day in every zone of the country."""
        return datetime.combine(self.published_date, time(17), UTC) if self.published_date else None

    def begins_with_its_summary(self) -> bool:
        """Are the first words of the body those of the summary? Then a page says them once."""
        start = " ".join(self.summary.split())[:_BEGINNING]
        return bool(start) and start in " ".join(unescape(strip_tags(self.body_html[:_FIRST_WORDS])).split())

    def is_expired(self) -> bool:
        """Does nobody keep it up to date any more?"""
        return self.expired_date is not None and self.expired_date <= timezone.localdate()


class Byline(models.Model):
    """One author of one piece, in the order in which they are named."""

    retention = Retention(Kind.RECORD)

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["piece", "author"], name="author_once")]

    def __str__(self) -> str:
        return f"{self.author}: {self.piece}"


class FormerAddress(models.Model):
    """A path that a piece once had on the web; it answers 301."""

    retention = Retention(Kind.RECORD)

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="former_addresses")
    path = models.CharField(max_length=300, unique=True)

    class Meta:
        verbose_name_plural = "former addresses"

    def __str__(self) -> str:
        return self.path


class Hiding(models.Model):
    """A piece that is kept off the shelf of a community, or, without one, out of the whole library."""

    retention = Retention(Kind.RECORD, "who hid it")

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="hidings")
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["piece", "community"], name="hidden_once"),
            models.UniqueConstraint(
                fields=["piece"], condition=models.Q(community__isnull=True), name="hidden_everywhere_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece}, hidden"
