"""Reads for what is handed out: rows as plain values, streamed, so that a large community costs no more memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from junto.audit.models import Entry
from junto.communities.models import Community, Membership
from junto.discussions.models import Attachment, Message

CHUNK = 500
_SETTINGS = (
    "slug", "name", "short_name", "summary", "description", "guidelines", "terms", "sponsor", "contact", "list_name",
    "list_id", "policy", "readers", "reply_to", "moderation", "largest_post", "weight", "is_hidden", "redirect_to",
    "founded_date", "retired_at", "imported_from", "created_at",
)  # fmt: skip


def settings_of(community: Community) -> dict[str, Any]:
    """Everything that the managers of a community set, and its pages as Markdown."""
    return {name: getattr(community, name) for name in _SETTINGS} | {
        "part_of": community.part_of.slug if community.part_of else None,
        "topics": sorted(community.topics.values_list("slug", flat=True)),
        "other_list_names": sorted(community.list_names.values_list("name", flat=True)),
        "old_addresses": sorted(community.old_addresses.values_list("path", flat=True)),
        "pages": list(community.pages.order_by("position", "pk").values("slug", "title", "body", "position")),
    }


def members_of(community: Community) -> Iterator[Membership]:
    """All memberships, also those that ended, with person, agency and address."""
    rows = community.memberships.select_related("person__agency", "address").order_by("pk")
    return rows.iterator(chunk_size=CHUNK)


def messages_of(community: Community) -> Iterator[Message]:
    """All messages, oldest first, with their thread and attachments."""
    rows = community.messages.select_related("thread").prefetch_related("attachments").order_by("sent_at", "pk")
    return rows.iterator(chunk_size=CHUNK)


def attachments_of(community: Community) -> Iterator[Attachment]:
    """Attachments whose bytes are kept apart from the raw letter."""
    rows = Attachment.objects.filter(message__community=community).exclude(key="").select_related("message__thread")
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def entries_about(community: Community) -> Iterator[Entry]:
    """What the book says of the community, its memberships, threads and messages."""
    parts = {
        "communities.membership": community.memberships.values_list("pk", flat=True),
        "discussions.thread": community.threads.values_list("pk", flat=True),
        "discussions.message": community.messages.values_list("pk", flat=True),
        "discussions.heldpost": community.held_posts.values_list("pk", flat=True),
    }
    known = {kind: {str(pk) for pk in keys} for kind, keys in parts.items()}
    mine = Q(about_type="communities.community", about_id=str(community.pk))
    for entry in Entry.objects.filter(mine | Q(about_type__in=known)).order_by("pk").iterator(chunk_size=CHUNK):
        if entry.about_type == "communities.community" or entry.about_id in known[entry.about_type]:
            yield entry
