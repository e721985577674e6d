"""Reads: the library by topic, kind and author; the shelf of a community; one piece, and what is near it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from junto.communities.models import Community, Topic
from junto.kit.atom import Entry, Feed, urn
from junto.kit.rulings import require
from junto.library import rules
from junto.library.models import Author, Byline, FormerAddress, Piece, PieceKind
from junto.people.models import Person

PER_PAGE, IN_FEED = 20, 30
LONG_TEXTS = ("body", "body_html")
_BYLINES = Prefetch("bylines", Byline.objects.select_related("author").order_by("position", "pk"))


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody narrows the library: the slug of a topic, a kind, words of an author's name; or what was left out."""

    topic: str = ""
    kind: str = ""
    author: str = ""
    show: str = ""

    def address(self, page: int) -> str:
        """The same question for another page."""
        told = {
            "topic": self.topic,
            "kind": self.kind,
            "author": self.author,
            "show": self.show,
            "page": page if page > 1 else "",
        }
        kept = urlencode({name: value for name, value in told.items() if value})
        return f"?{kept}" if kept else "."


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of pieces, how many there are in all, and addresses of the pages beside it."""

    pieces: list[Piece]
    total: int
    newer: str = ""
    older: str = ""
    topics: list[Topic] = field(default_factory=list)
    topic: Topic | None = None


def library(asked: Asked, *, page: int = 1) -> Shelf:
    """The whole library as strangers may read it: six queries."""
    topics = list(Topic.objects.filter(pk__in=Piece.topics.through.objects.values("topic")).order_by("title"))
    return _page(_narrowed(Piece.objects.open_to_all(), asked), asked, page, topics)


def shelf_of(community: Community, asked: Asked, *, page: int = 1, hidden: bool = False) -> Shelf:
    """The pieces that share a topic with a community; with `hidden`, those that its managers left out. Six queries."""
    shared = Piece.objects.open_to_all().sharing_a_topic_with(community)
    found = shared.hidden_in(community) if hidden else shared.not_hidden_in(community)
    return _page(_narrowed(found, asked), asked, page, list(community.topics.order_by("title")))


def pieces_by(author: Author, *, page: int = 1) -> Shelf:
    """What somebody published under this name."""
    return _page(Piece.objects.open_to_all().filter(authors=author), Asked(), page, [])


def find_piece(slug: str, *, person: Person | None) -> Piece:
    """The piece of this slug with topics and authors, if this person may read it. Raises Http404 or Refused."""
    piece = Piece.objects.prefetch_related(_BYLINES, "topics").filter(slug=slug).first()
    if piece is None:
        raise Http404(gettext("There is no such piece in the library."))
    require(rules.may_read(person, piece))
    return piece


def find_author(slug: str) -> Author:
    """Raises Http404."""
    author = Author.objects.filter(slug=slug).first()
    if author is None:
        raise Http404(gettext("There is no such author in the library."))
    return author


def communities_near(piece: Piece, limit: int = 5) -> list[Community]:
    """Communities that the directory names and that share topics with a piece, those that share most first."""
    found = Community.objects.visible().filter(topics__in=piece.topics.all()).annotate(shared=Count("topics"))
    return list(found.order_by("-shared", "-weight", "name")[:limit])


def pieces_near(piece: Piece, limit: int = 4) -> list[Piece]:
    """Other pieces that share topics with this one: those that share most, and of these the newest."""
    found = Piece.objects.open_to_all().filter(topics__in=piece.topics.all()).exclude(pk=piece.pk)
    ranked = found.annotate(shared=Count("topics")).defer(*LONG_TEXTS)
    return list(ranked.order_by("-shared", F("published_date").desc(nulls_last=True), "-pk")[:limit])


def feed_of(community: Community, *, path: str) -> Feed:
    """What came last onto the shelf of a community, for feed readers. Three queries."""
    found = Piece.objects.open_to_all().sharing_a_topic_with(community).not_hidden_in(community)
    pieces = found.exclude(published_date=None).newest_first().defer(*LONG_TEXTS).prefetch_related(_BYLINES)
    return Feed(
        id=urn(community.list_id, "library"),
        title=gettext("%(community)s: library") % {"community": community.name},
        subtitle=community.summary,
        url=f"{settings.SITE_URL}{reverse('shelf:pieces', args=[community.slug])}",
        own_url=f"{settings.SITE_URL}{path}",
        founded=community.created_at,
        entries=[_entry(piece) for piece in pieces[:IN_FEED]],
    )


def old_address(path: str) -> Piece | None:
    """The piece that once stood at this path, if strangers may read it."""
    former = FormerAddress.objects.filter(path=f"/{path.strip('/')}/").values("piece")
    return Piece.objects.open_to_all().filter(pk__in=former).defer(*LONG_TEXTS).first()


def public_addresses() -> QuerySet[Piece]:
    """Every piece that search engines may know of, in the order of their rows."""
    return Piece.objects.open_to_all().order_by("pk").only("slug", "created_at")


def _narrowed(pieces: QuerySet[Piece], asked: Asked) -> QuerySet[Piece]:
    if asked.topic:
        pieces = pieces.filter(topics__slug=asked.topic)
    if asked.kind in PieceKind.values:
        pieces = pieces.filter(kind=asked.kind)
    for word in asked.author.split()[:5]:
        named = Author.objects.filter(name__icontains=word)
        pieces = pieces.filter(pk__in=Byline.objects.filter(author__in=named).values("piece"))
    return pieces


def _page(found: QuerySet[Piece], asked: Asked, page: int, topics: list[Topic]) -> Shelf:
    named = found.newest_first().defer(*LONG_TEXTS).prefetch_related(_BYLINES, "topics")  # type: ignore[attr-defined]
    pages = Paginator(named, PER_PAGE)
    shown = pages.get_page(page)
    return Shelf(
        pieces=list(shown),
        total=pages.count,
        newer=asked.address(shown.previous_page_number()) if shown.has_previous() else "",
        older=asked.address(shown.next_page_number()) if shown.has_next() else "",
        topics=topics,
        topic=next((topic for topic in topics if topic.slug == asked.topic), None),
    )


def _entry(piece: Piece) -> Entry:
    assert piece.published_at is not None
    return Entry(
        id=urn(settings.LIST_DOMAIN, f"library/{piece.pk}"),
        title=piece.title,
        url=f"{settings.SITE_URL}{piece.get_absolute_url()}",
        author=", ".join(byline.author.name for byline in piece.bylines.all()) or settings.SITE_NAME,
        summary=piece.summary,
        published=piece.published_at,
        kind=piece.kind,
    )
