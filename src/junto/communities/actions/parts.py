"""Writing the parts of a community's page: with versions, so that nothing is lost, and removals that can be undone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from junto.audit.actions import record
from junto.communities import queries, rules, tasks
from junto.communities.models import Community, Page, PartKind, ResourceLink, Section, Version
from junto.kit.rulings import require
from junto.people.models import Person

Part = Section | Page | ResourceLink


class Overtaken(Exception):
    """Somebody saved a newer version meanwhile. Nothing was changed; `latest` is what they wrote."""

    def __init__(self, latest: Version) -> None:
        super().__init__(str(latest))
        self.latest = latest


@transaction.atomic
def write_lead(
    *,
    community: Community,
    body: str,
    note: str = "",
    based_on: int | None = None,
    restores: int | None = None,
    by: Person,
) -> Community:
    """Write the text on top anew. `based_on` is the version that the writer saw. Raises Refused, Overtaken."""
    require(rules.may_manage(by, community))
    lock(community)
    fresh = Community.objects.values_list("description", flat=True).get(pk=community.pk)
    check(community, PartKind.LEAD, 0, based_on)
    keep(community, PartKind.LEAD, 0, "", body, before=("", fresh), note=note, restores=restores, by=by)
    community.description, community.description_html = body, queries.render(community, body)
    community.save(update_fields=["description", "description_html"])
    record("communities.lead.written", about=community, by=by)
    tasks.reindex.enqueue(community.pk)
    return community


@transaction.atomic
def write_section(
    *,
    community: Community,
    title: str,
    body: str,
    note: str = "",
    based_on: int | None = None,
    restores: int | None = None,
    section: Section | None = None,
    by: Person,
) -> Section:
    """Write a new section below the others, or `section` anew. Raises Refused, Overtaken."""
    require(rules.may_manage(by, community))
    lock(community)
    before = (section.title, section.body) if section else None
    section = section or Section(community=community, position=next_position(community.sections))
    if section.pk:
        check(community, PartKind.SECTION, section.pk, based_on)
    section.title, section.body, section.body_html = title, body, queries.render(community, body)
    section.save()
    keep(community, PartKind.SECTION, section.pk, title, body, before=before, note=note, restores=restores, by=by)
    record("communities.section.written", about=section, by=by, community=community.slug)
    tasks.reindex.enqueue(community.pk)
    return section


@transaction.atomic
def restore_version(*, version: Version, by: Person) -> Version:
    """Bring an older version back, as a new one; those in between stay. Raises Refused, DoesNotExist."""
    community = version.community
    require(rules.may_manage(by, community))
    note = _("Brings back version %(number)d.") % {"number": version.number}
    if version.kind == PartKind.LEAD:
        write_lead(community=community, body=version.body, note=note, restores=version.number, by=by)
    elif version.kind == PartKind.SECTION:
        section = Section.objects.get(community=community, pk=version.part)
        write_section(
            community=community, section=section, title=version.title, body=version.body, note=note,
            restores=version.number, by=by,
        )  # fmt: skip
    else:
        from junto.communities.actions.editing import write_page

        page = Page.objects.get(community=community, pk=version.part)
        write_page(
            community=community, page=page, slug=page.slug, title=version.title, body=version.body, note=note,
            restores=version.number, by=by,
        )  # fmt: skip
    return Version.objects.of(community, version.kind, version.part)[0]


@transaction.atomic
def write_resource(
    *, community: Community, title: str, url: str, note: str = "", resource: ResourceLink | None = None, by: Person
) -> ResourceLink:
    """Name a new resource below the others, or change `resource`; then nothing is wrong with it before the next look.

    Raises Refused.
    """
    require(rules.may_manage(by, community))
    resource = resource or ResourceLink(community=community, position=next_position(community.resource_links))
    resource.asked_at = resource.asked_at if resource.url == url else None
    resource.title, resource.url, resource.note, resource.trouble, resource.failures = title, url, note, "", 0
    resource.save()
    record("communities.resource.written", about=resource, by=by, community=community.slug, url=url)
    return resource


@transaction.atomic
def move_part(*, part: Part, up: bool, by: Person) -> None:
    """Let a part change places with the one above it, or below. On the edge nothing happens. Raises Refused."""
    require(rules.may_manage(by, part.community))
    lock(part.community)
    row = list(type(part).objects.shown().filter(community=part.community).order_by("position", _second(part)))
    here = next((place for place, one in enumerate(row) if one.pk == part.pk), -1)
    there = here - 1 if up else here + 1
    if here < 0 or not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    for place, one in enumerate(row):
        one.position = place
    type(part).objects.bulk_update(row, ["position"])
    record(f"communities.{_kind(part)}.moved", about=part, by=by, up=up, community=part.community.slug)


@transaction.atomic
def remove_part(*, part: Part, by: Person) -> None:
    """Take a part off the page. Its text and its history stay, and `put_back_part` undoes it. Raises Refused."""
    require(rules.may_manage(by, part.community))
    part.removed_at = timezone.now()
    part.save(update_fields=["removed_at"])
    record(f"communities.{_kind(part)}.removed", about=part, by=by, community=part.community.slug)
    if isinstance(part, Page):
        tasks.forget_page.enqueue(part.pk)


@transaction.atomic
def put_back_part(*, part: Part, by: Person) -> None:
    """Undo `remove_part`. Raises Refused."""
    require(rules.may_manage(by, part.community))
    part.removed_at = None
    part.save(update_fields=["removed_at"])
    record(f"communities.{_kind(part)}.put_back", about=part, by=by, community=part.community.slug)
    tasks.reindex.enqueue(part.community_id)


def lock(community: Community) -> None:
    """Let nobody else write this community's page until the transaction ends."""
    Community.objects.select_for_update().only("pk").get(pk=community.pk)


def check(community: Community, kind: str, part: int, based_on: int | None) -> None:
    """Raises Overtaken where a version newer than `based_on` is there; None asks nothing."""
    if based_on is None:
        return
    latest = Version.objects.of(community, kind, part).select_related("by").first()
    if latest and latest.number != based_on:
        raise Overtaken(latest)


def keep(
    community: Community,
    kind: str,
    part: int,
    title: str,
    body: str,
    *,
    before: tuple[str, str] | None,
    note: str = "",
    restores: int | None = None,
    by: Person | None,
) -> None:
    """Write a version, unless nothing changed; what was there before history was kept becomes the first one."""
    latest = Version.objects.of(community, kind, part).first()
    if latest is None and before and any(before):
        latest = Version.objects.create(
            community=community, kind=kind, part=part, number=1, title=before[0], body=before[1]
        )
    if latest and (latest.title, latest.body) == (title, body):
        return
    Version.objects.create(
        community=community, kind=kind, part=part, number=latest.number + 1 if latest else 1, title=title, body=body,
        note=note, restores=restores, by=by,
    )  # fmt: skip


def next_position(parts: object) -> int:
    """The place below all others."""
    return int((parts.aggregate(last=Max("position"))["last"] or 0) + 1)  # type: ignore[attr-defined]


def _kind(part: Part) -> str:
    return {Section: "section", Page: "page", ResourceLink: "resource"}[type(part)]


def _second(part: Part) -> str:
    """What decides between two parts on one place."""
    return "title" if isinstance(part, Page) else "pk"
