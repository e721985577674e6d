"""Publishing a piece, naming its authors, hiding it and putting it back.

The index changes in the same transaction, so that an import killed at any moment leaves nothing that cannot be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from junto.audit.actions import record
from junto.communities.models import Community, Topic
from junto.kit import markdown
from junto.kit.html import without_pictures
from junto.kit.rulings import require
from junto.library import indexing, rules
from junto.library.models import Author, Byline, FormerAddress, Hiding, Piece
from junto.people.models import Person


@dataclass(frozen=True, slots=True)
class Draft:
    """What a piece is to say. `body` is Markdown; `former_addresses` are paths that shall lead to it."""

    kind: str
    title: str
    summary: str = ""
    body: str = ""
    source_name: str = ""
    source_url: str = ""
    moved_to: str = ""
    published_date: date | None = None
    expired_date: date | None = None
    is_public: bool = True
    imported_from: str = ""
    topics: Sequence[Topic] = ()
    authors: Sequence[Author] = ()
    former_addresses: Sequence[str] = ()


KEPT = (
    "kind", "title", "summary", "body", "source_name", "source_url", "moved_to", "published_date", "expired_date",
    "is_public", "imported_from",
)  # fmt: skip


@transaction.atomic
def write_author(
    *, slug: str, name: str, agency: str = "", bio: str = "", imported_from: str = "", by: Person | None
) -> Author:
    """Make an author, or change what is told of one. Raises Refused."""
    require(rules.may_publish(by))
    told = {"name": name, "agency": agency, "bio": bio, "imported_from": imported_from}
    author, is_new = Author.objects.update_or_create(slug=slug, defaults=told)
    record(f"library.author.{'named' if is_new else 'changed'}", about=author, by=by)
    if not is_new:
        for piece in author.pieces.values_list("pk", flat=True):
            indexing.reindex(piece)
    return author


@transaction.atomic
def publish(*, slug: str, draft: Draft, by: Person | None) -> Piece:
    """Make the piece of this slug, or change it to say what the draft says. Raises Refused."""
    require(rules.may_publish(by))
    piece = Piece.objects.select_for_update().filter(slug=slug).first()
    is_new = piece is None
    piece = piece or Piece(slug=slug)
    for name in KEPT:
        setattr(piece, name, getattr(draft, name))
    piece.body_html = without_pictures(markdown.render(draft.body))
    piece.save()
    piece.topics.set(draft.topics)
    piece.bylines.all().delete()
    Byline.objects.bulk_create(
        Byline(piece=piece, author=author, position=position) for position, author in enumerate(draft.authors)
    )
    FormerAddress.objects.bulk_create(
        [FormerAddress(piece=piece, path=path) for path in draft.former_addresses], ignore_conflicts=True
    )
    record(f"library.piece.{'published' if is_new else 'changed'}", about=piece, by=by)
    indexing.reindex(piece.pk)
    return piece


@transaction.atomic
def hide(*, piece: Piece, community: Community | None, by: Person | None) -> Hiding:
    """Keep a piece off the shelf of a community, or, without one, out of the whole library and the search. Raises Refused.

    Hiding it twice is hiding it once; `restore` puts it back.
    """
    require(rules.may_hide(by, community))
    hiding, is_new = Hiding.objects.get_or_create(piece=piece, community=community, defaults={"by": by})
    if is_new:
        record("library.piece.hidden", about=piece, by=by, community=community.slug if community else "")
        indexing.reindex(piece.pk)
    return hiding


@transaction.atomic
def restore(*, piece: Piece, community: Community | None, by: Person | None) -> None:
    """Put a piece back where `hide` took it from. Raises Refused."""
    require(rules.may_hide(by, community))
    if Hiding.objects.filter(piece=piece, community=community).delete()[0]:
        record("library.piece.restored", about=piece, by=by, community=community.slug if community else "")
        indexing.reindex(piece.pk)
