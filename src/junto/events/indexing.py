"""Events as search documents. Where one joins online is never part of them."""

from __future__ import annotations

from junto.communities.models import Zone
from junto.communities.rules import label_of
from junto.events.models import Audience, Event
from junto.events.rules import public_label
from junto.kit.html import to_text
from junto.search import actions as search
from junto.search.documents import Document

KIND = "event"


def document_of(event: Event) -> Document:
    """The document of an event that is announced. No query, when its community was selected with it."""
    community = event.community
    is_public = community is None or event.audience == Audience.PUBLIC
    return Document(
        key=_key(event.pk),
        kind=KIND,
        title=event.title,
        text="\n\n".join(filter(None, [event.summary, event.address, to_text(event.description_html)])),
        url=event.get_absolute_url(),
        label=public_label(event.community_id) if is_public else label_of(event.community_id or 0, Zone.PUBLIC),
        scope=community.slug if community else "",
        scope_name=community.name if community else "",
        at=event.starts_at,
    )


def reindex(event_id: int) -> int:
    """Put an event in the index as it is now; how many documents. A draft, and one that is gone, is taken out."""
    event = Event.objects.announced().select_related("community").filter(pk=event_id).first()
    if event is None:
        search.remove([_key(event_id)])
        return 0
    return search.index([document_of(event)])


def _key(event_id: int) -> str:
    return f"events.event:{event_id}"
