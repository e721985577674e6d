"""What one person wrote, for their page, and for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils import timezone

from junto.communities.rules import zones_of
from junto.discussions.models import Message
from junto.discussions.queries.marks import day, without_addresses
from junto.people.models import Person

POSTS_ON_A_PROFILE = 10
_READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as a profile names it."""

    href: str
    subject: str
    community: str
    when: str
    iso: str


def posts_of(author: Person, *, reader: Person | None, communities: Collection[int]) -> list[PostRow]:
    """The latest posts of a person in the communities that the reader may read, within the reader's zones; one query."""
    found = Message.objects.filter(author=author, community__in=communities, thread__zone__in=zones_of(reader))
    columns = ("pk", "subject", "sent_at", "thread__number", "thread__subject", "community__slug", "community__name")
    return [
        PostRow(
            href=f"/communities/{slug}/discussions/{number}/#message-{pk}",
            subject=without_addresses(subject or of_thread),
            community=name,
            when=day(sent_at),
            iso=timezone.localtime(sent_at).isoformat(timespec="seconds"),
        )
        for pk, subject, sent_at, number, of_thread, slug, name in found.order_by("-sent_at", "-pk").values_list(
            *columns
        )[:POSTS_ON_A_PROFILE]
    ]


def written_by(author: Person) -> Iterator[Message]:
    """Everything that a person wrote in discussions, oldest first, with thread and community; streamed."""
    found = Message.objects.filter(author=author).select_related("thread", "community").order_by("sent_at", "pk")
    return found.iterator(chunk_size=_READ_AT_ONCE)
