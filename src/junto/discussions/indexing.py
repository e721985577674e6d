"""How messages become search documents."""

from __future__ import annotations

from datetime import datetime

from junto.communities.models import Community
from junto.communities.rules import label_of
from junto.discussions.models import Message, Thread
from junto.discussions.models.types import title_of
from junto.discussions.queries import without_addresses
from junto.discussions.rules import search_kind
from junto.search.documents import Document

MOST_TEXT = 50_000


def document_of(message: Message) -> Document:
    """The document of a message. No query, when its thread and community were selected with it.

    E-mail addresses are cut short: an excerpt may be shown where the archive is public.
    """
    return document(
        message.community,
        message.thread,
        message.pk,
        subject=message.subject,
        text=message.text,
        author=message.author_name,
        agency=message.author_agency,
        at=message.sent_at,
    )


def document(
    community: Community, thread: Thread, key: int, *, subject: str, text: str, author: str, agency: str, at: datetime
) -> Document:
    """The same for a message of which there is no object: `key` is its primary key."""
    return Document(
        key=f"discussions.message:{key}",
        kind=search_kind(thread),
        title=without_addresses(_title(subject or thread.subject, thread)),
        text=without_addresses(text[:MOST_TEXT]),
        url=f"/communities/{community.slug}/discussions/{thread.number}/#message-{key}",
        label=label_of(community.pk, thread.zone),
        scope=community.slug,
        scope_name=community.name,
        author=without_addresses(author),
        agency=agency,
        at=at,
    )


def _title(subject: str, thread: Thread) -> str:
    """The subject without the word that says the type, in answers as well: the type stands beside it."""
    if not thread.kind:
        return subject
    begin = "Re: " if subject[:4].lower() == "re: " else ""
    return begin + title_of(subject[len(begin) :], thread.kind, thread.started_at)
