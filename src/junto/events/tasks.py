"""Work for after the commit: an event that changed is found anew."""

from __future__ import annotations

from junto.events import indexing
from junto.kit.tasks import task


@task()
def reindex(event_id: int) -> int:
    """Put an event in the search index, as it is now."""
    return indexing.reindex(event_id)
