"""How messages become search documents."""

from __future__ import annotations

from junto.communities.rules import label_of
from junto.discussions.models import Message
from junto.discussions.queries import without_addresses
from junto.discussions.rules import search_kind
from junto.search.documents import Document

MOST_TEXT = 50_000


def document_of(message: Message) -> Document:
    """The document of a message. No query, when its thread and community were selected with it.

    E-mail addresses are cut short: an excerpt may be shown where the archive is public.
    """
    community = message.community
    return Document(
        key=f"discussions.message:{message.pk}",
        kind=search_kind(message.thread),
        title=without_addresses(message.subject or message.thread.subject),
        text=without_addresses(message.text[:MOST_TEXT]),
        url=f"/communities/{community.slug}/discussions/{message.thread.number}/#message-{message.pk}",
        label=label_of(message.community_id, message.thread.zone),
        scope=community.slug,
        scope_name=community.name,
        author=without_addresses(message.author_name),
        agency=message.author_agency,
        at=message.sent_at,
    )
