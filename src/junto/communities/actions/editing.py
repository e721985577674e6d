"""What a community's page says, and by which rules it runs. Markdown is rendered once, when it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction

from junto.audit.actions import record
from junto.communities import queries, rules, tasks
from junto.communities.actions import parts
from junto.communities.models import Community, Page, PartKind, ResourceLink, Topic
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.models import Person

EDITABLE = frozenset(
    {"name", "short_name", "summary", "description", "guidelines", "terms", "sponsor", "contact", "policy", "readers"}
    | {"reply_to", "passes_through", "moderation", "largest_post", "is_hidden", "redirect_to", "founded_date"}
    | {"asks_before_short_posts", "storm_posts", "slow_mode_minutes", "time_zone", "quiet_from", "quiet_until"}
    | {"coach_is_on", "coach_skips", "welcome", "first_delivery"}
)


@transaction.atomic
def create(*, slug: str, name: str, list_name: str, by: Person, **fields: Any) -> Community:
    """Found a community with its list. Raises Refused; IntegrityError where slug or list name is taken."""
    require(rules.may_create(by))
    community = Community(slug=slug, name=name, list_name=list_name.lower())
    community.list_id = f"{community.list_name}.{settings.LIST_DOMAIN}"
    _set(community, fields)
    community.description_html = markdown.render(community.description)
    community.save(force_insert=True)
    record("communities.community.created", about=community, by=by)
    tasks.reindex.enqueue(community.pk)
    return community


@transaction.atomic
def edit(*, community: Community, topics: Iterable[Topic] | None = None, by: Person, **fields: Any) -> Community:
    """Change what the fields in EDITABLE say; the book keeps which, and the policies before and after. Raises Refused."""
    require(rules.may_manage(by, community))
    before = {name: getattr(community, name) for name in fields}
    _set(community, fields)
    if "description" in fields:
        parts.keep(community, PartKind.LEAD, 0, "", community.description, before=("", before["description"]), by=by)
        community.description_html = queries.render(community, community.description)
    community.save(update_fields=[*fields, "description_html"])
    if topics is not None:
        community.topics.set(topics)
    changed = sorted(name for name, value in fields.items() if before[name] != value)
    record("communities.community.edited", about=community, by=by, changed=changed, **_policies(before, fields))
    tasks.reindex.enqueue(community.pk)
    return community


@transaction.atomic
def write_page(
    *,
    community: Community,
    slug: str,
    title: str,
    body: str,
    note: str = "",
    based_on: int | None = None,
    restores: int | None = None,
    page: Page | None = None,
    by: Person,
) -> Page:
    """Write a new sub-page, or `page` anew; an address that it had before leads to it. `based_on` is the version that the
    writer saw. Raises Refused, Overtaken; IntegrityError where the slug is taken."""
    require(rules.may_manage(by, community))
    parts.lock(community)
    before = (page.title, page.body) if page else None
    page = page or Page(community=community, position=parts.next_position(community.pages))
    if page.pk:
        parts.check(community, PartKind.PAGE, page.pk, based_on)
        _remember_address(page, slug)
    page.slug, page.title, page.body, page.body_html = slug, title, body, queries.render(community, body)
    page.save()
    parts.keep(community, PartKind.PAGE, page.pk, title, body, before=before, note=note, restores=restores, by=by)
    record("communities.page.written", about=page, by=by, community=community.slug)
    tasks.reindex.enqueue(community.pk)
    return page


@transaction.atomic
def set_resources(*, community: Community, links: Iterable[tuple[str, str, str]], by: Person) -> list[ResourceLink]:
    """Replace the list of resources by (title, address, note) in the order given."""
    require(rules.may_manage(by, community))
    community.resource_links.all().delete()
    rows = [
        ResourceLink(community=community, title=title, url=url, note=note, position=position)
        for position, (title, url, note) in enumerate(links)
    ]
    ResourceLink.objects.bulk_create(rows)
    record("communities.resources.set", about=community, by=by, count=len(rows))
    return rows


def _remember_address(page: Page, slug: str) -> None:
    """The address that the page leaves for `slug` leads to it from now on."""
    if page.slug != slug:
        page.former_slugs = [*(one for one in page.former_slugs if one != slug), page.slug]


def _set(community: Community, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} of a community cannot be edited")
        setattr(community, name, value)


def _policies(before: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    names = {"policy", "readers", "moderation", "reply_to", "passes_through", "is_hidden"}
    return {name: [before[name], value] for name, value in fields.items() if name in names and before[name] != value}
