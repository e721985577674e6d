"""Pieces as search documents, of the kinds library.news, library.resource and library.guide."""

from __future__ import annotations

from junto.kit.html import to_text
from junto.library.models import Piece
from junto.search import actions as search
from junto.search.documents import Document


def reindex(piece_id: int) -> int:
    """Put a piece in the index, or take it out where strangers may not read it; how many documents were written."""
    piece = Piece.objects.open_to_all().prefetch_related("topics", "bylines__author").filter(pk=piece_id).first()
    if piece is None:
        search.remove([f"library.piece:{piece_id}"])
        return 0
    return search.index([document_of(piece)])


def document_of(piece: Piece) -> Document:
    """The document of a piece. No query, when its topics and authors were fetched with it."""
    authors = [byline.author for byline in sorted(piece.bylines.all(), key=lambda byline: byline.position)]
    topics = ", ".join(topic.title for topic in piece.topics.all())
    return Document(
        key=f"library.piece:{piece.pk}",
        kind=f"library.{piece.kind}",
        title=piece.title,
        text="\n\n".join(filter(None, [piece.summary, to_text(piece.body_html), topics])),
        url=piece.get_absolute_url(),
        label="public",
        author=", ".join(author.name for author in authors),
        agency=next((author.agency for author in authors if author.agency), ""),
        at=piece.published_at,
    )
