"""Communities and their sub-pages as search documents."""

from __future__ import annotations

from collections.abc import Iterator

from junto.communities.models import Community, Page
from junto.kit.html import to_text
from junto.search import actions as search
from junto.search.documents import Document


def documents_of(community: Community) -> Iterator[Document]:
    """The document of a community, then those of its sub-pages."""
    label = f"community:{community.pk}" if community.is_hidden else "public"
    yield Document(
        key=f"communities.community:{community.pk}",
        kind="community",
        title=community.name,
        text="\n\n".join(
            [community.short_name, community.summary, to_text(community.description_html), *_sections(community)]
        ),
        url=community.get_absolute_url(),
        label=label,
        scope=community.slug,
        scope_name=community.name,
    )
    for page in community.pages.shown().select_related("community").order_by("pk"):
        yield _page(page, label)


def reindex(community_id: int) -> int:
    """Put a community and its sub-pages in the index; how many documents. One that is gone is taken out."""
    community = Community.objects.filter(pk=community_id).first()
    if community is None:
        search.remove([f"communities.community:{community_id}"])
        return 0
    return search.index(documents_of(community))


def forget_page(page_id: int) -> None:
    """Take a sub-page out of the index."""
    search.remove([f"communities.page:{page_id}"])


def _page(page: Page, label: str) -> Document:
    return Document(
        key=f"communities.page:{page.pk}",
        kind="page",
        title=page.title,
        text=to_text(page.body_html),
        url=page.get_absolute_url(),
        label=label,
        scope=page.community.slug,
        scope_name=page.community.name,
        at=page.changed_at,
    )


def _sections(community: Community) -> Iterator[str]:
    for section in community.sections.shown().order_by("position", "pk"):
        yield f"{section.title}\n\n{to_text(section.body_html)}"
