"""Work for after the commit: what changed is found anew."""

from __future__ import annotations

from junto.communities import indexing
from junto.kit.tasks import task


@task()
def reindex(community_id: int) -> None:
    """Put a community and its sub-pages in the search index, as they are now."""
    indexing.reindex(community_id)


@task()
def forget_page(page_id: int) -> None:
    """Take a deleted sub-page out of the search index."""
    indexing.forget_page(page_id)
