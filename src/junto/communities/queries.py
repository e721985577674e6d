"""Reads: finding a community through one gate, the directory, counts, members, and the audience of a post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from junto.communities import rules
from junto.communities.models import (
    Answer,
    Community,
    Confirmation,
    Delivery,
    ListName,
    Membership,
    OldAddress,
    Readers,
    Role,
    State,
    Topic,
)
from junto.kit import tokens
from junto.kit.rulings import Ruling, require
from junto.people import queries as people
from junto.people import rules as people_rules
from junto.people.models import Level, Person

MEMBERSHIP_SCOPE = "communities.membership"
CONFIRMATION_SCOPE = "communities.confirmation"
PER_PAGE = 50
_CHUNK = 2_000
LONG_TEXTS = ("description", "description_html", "guidelines", "terms")
"""What no list of communities shows, and a page of fifty would read in vain."""


def find(slug: str, *, may: Callable[[Person | None, Community], Ruling], person: Person | None) -> Community:
    """The community under this slug, if the rule `may` allows it. Raises Http404, or Refused with the ruling.

    The membership of the person comes with it, so that further rules about the two ask the database no more.
    """
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        raise Http404("There is no such community here.")
    if person is not None:
        membership = Membership.objects.filter(community=community, person=person).select_related("address").first()
        community.known_memberships = {person.pk: membership}  # type: ignore[attr-defined]
    require(may(person, community))
    return community


def membership_of(person: Person | None, community: Community) -> Membership | None:
    """The row of this person in this community, in whatever state; ask it `is_active()`."""
    return rules.membership_of(person, community)


def community_of_list(name: str) -> Community | None:
    """The community that gets mail under this local part, in any case, also under an older name."""
    found = Community.objects.filter(list_name__iexact=name).first()
    if found:
        return found
    other = ListName.objects.filter(name__iexact=name).select_related("community").first()
    return other.community if other else None


def is_list(name: str, **more: str) -> bool:
    """Does any community get mail under this local part? For the map of mail addresses."""
    return (
        Community.objects.filter(list_name__iexact=name).exists() or ListName.objects.filter(name__iexact=name).exists()
    )


def readable_ids(person: Person | None) -> set[int]:
    """The communities whose discussions this person may read."""
    return set(_readable(person).values_list("pk", flat=True))


def _readable(person: Person | None) -> QuerySet[Community]:
    everything = Community.objects.all()
    if person is not None and people_rules.may_run_site(person):
        return everything
    may = Q(readers=Readers.PUBLIC, is_hidden=False)
    if person is None:
        return everything.filter(may)
    if people_rules.is_government(person):
        may |= Q(readers=Readers.GOVERNMENT, is_hidden=False)
    mine = Membership.objects.filter(person=person).active().values("community_id")
    return everything.filter(may | Q(pk__in=mine))


def old_address(path: str) -> Community | None:
    """The community that once stood at this path of the site, in any spelling of its slashes. Hidden ones stay hidden."""
    bare = path.strip("/")
    spellings = [bare, f"/{bare}", f"{bare}/", f"/{bare}/"]
    found = OldAddress.objects.filter(path__in=spellings, community__is_hidden=False).select_related("community")
    moved = found.first()
    return moved.community if moved else None


def membership_token(membership: Membership) -> str:
    """The token of the links that act for this membership without signing in."""
    return tokens.sign(MEMBERSHIP_SCOPE, membership.pk)


class DeadLink(Http404):
    """A signed link that leads nowhere; the text says why, for people."""


def membership_by_token(token: str) -> Membership:
    """The membership that a signed link speaks for. Raises DeadLink."""
    try:
        number = tokens.read(MEMBERSHIP_SCOPE, token)
    except tokens.BadToken as error:
        raise DeadLink(str(error)) from None
    membership = Membership.objects.select_related("community", "person", "address").filter(pk=number).first()
    if membership is None:
        raise DeadLink("This link belongs to a membership that is no longer kept.")
    return membership


def confirmation_by_token(token: str) -> Confirmation:
    """The confirmation that a token names, open or not. Raises DeadLink."""
    try:
        number = tokens.read(CONFIRMATION_SCOPE, token)
    except tokens.BadToken as error:
        raise DeadLink(str(error)) from None
    confirmation = Confirmation.objects.select_related("community").filter(pk=number).first()
    if confirmation is None:
        raise DeadLink("This link is older than what is kept here. Ask again, and a new one comes.")
    return confirmation


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the directory: communities with `member_count`, the topics to choose from, and what was asked."""

    communities: list[Community]
    topics: list[Topic]
    words: str
    topic: Topic | None
    newer: int
    older: int
    total: int


def directory(*, words: str = "", topic: str = "", page: int = 1) -> Directory:
    """Visible communities by weight and name. Members of all of them are counted in one aggregate query."""
    found = Community.objects.visible()
    for word in words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(summary__icontains=word)
            | Q(topics__title__icontains=word)
        )
    topics = list(Topic.objects.filter(communities__in=Community.objects.visible()).distinct().order_by("title"))
    chosen = next((one for one in topics if one.slug == topic), None)
    if topic:
        found = found.filter(topics__slug=topic)
    if words or topic:
        found = found.distinct()
    named = found.defer(*LONG_TEXTS).order_by("-weight", "name", "pk").prefetch_related("topics")
    pages = Paginator(named, PER_PAGE)
    shown = pages.get_page(page)
    communities = list(shown)
    _count_members(communities)
    return Directory(
        communities,
        topics,
        words,
        chosen,
        newer=shown.previous_page_number() if shown.has_previous() else 0,
        older=shown.next_page_number() if shown.has_next() else 0,
        total=pages.count,
    )


def _count_members(communities: list[Community]) -> None:
    rows = Membership.objects.active().filter(community__in=communities).values("community_id")
    counts = dict(rows.annotate(n=Count("pk")).order_by().values_list("community_id", "n"))
    for community in communities:
        community.member_count = counts.get(community.pk, 0)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a community's page counts: members, their agencies, and both by level of government."""

    members: int = 0
    agencies: int = 0
    levels: list[tuple[str, int, int]] = field(default_factory=list)


def numbers(community: Community) -> Numbers:
    """Counts of active members and of distinct agencies, by level of government, in two queries."""
    active = Membership.objects.filter(community=community).active()
    totals = active.aggregate(members=Count("pk"), agencies=Count("address__agency", distinct=True))
    by_level = (
        active.exclude(address__level="")
        .values_list("address__level")
        .annotate(members=Count("pk"), agencies=Count("address__agency", distinct=True))
        .order_by("-members", "address__level")
    )
    names = dict(Level.choices)
    levels = [(str(names.get(level, level)), people_, agencies) for level, people_, agencies in by_level]
    return Numbers(totals["members"], totals["agencies"], levels)


def front_page(community: Community, person: Person | None) -> dict[str, Any]:
    """Everything that a community's page says but its discussions; `web` adds those and composes the page."""
    membership = membership_of(person, community)
    is_member = membership is not None and membership.is_active()
    return {
        "community": community,
        "person": person,
        "membership": membership,
        "is_member": is_member,
        "is_waiting": membership is not None and membership.state == State.WAITING,
        "delivery_token": membership_token(membership) if membership and is_member else "",
        "standing": standing_of(person, community) if person and not is_member else None,
        "policy": rules.ELIGIBLE[community.policy][1],
        "join_address": community.command_address("subscribe-request"),
        "contact": community.contact or community.command_address("request"),
        "may_join": rules.may_join(person, community),
        "may_manage": rules.may_manage(person, community),
        "may_moderate": rules.may_moderate(person, community),
        "may_read": rules.may_read(person, community),
        "may_see_members": rules.may_see_members(person, community),
        "numbers": numbers(community),
        "managers": managers(community),
        "resources": list(community.resource_links.order_by("position", "pk")),
        "pages": list(community.pages.order_by("position", "title").only("slug", "title", "community_id")),
        "topics": list(community.topics.order_by("title")),
    }


def standing_of(person: Person, community: Community) -> rules.Standing:
    """How the person's first address stands with the community's policy."""
    judgement = people.judge(person.email)
    return rules.eligibility(judgement, community, is_invited=rules.is_invited(person, community))


def managers(community: Community) -> list[Person]:
    """The people who manage a community, by name."""
    managing = Membership.objects.filter(community=community).managing().select_related("person__agency")
    return sorted((one.person for one in managing), key=lambda person: person.display_name.lower())


def manages_something(person: Person) -> bool:
    """Does this person manage any community?"""
    return Membership.objects.filter(person=person).managing().exists()


def manager_addresses(community: Community) -> list[str]:
    """Where letters to the managers go; where a community has none, to whoever runs the site."""
    managing = Membership.objects.filter(community=community).managing()
    emails = list(managing.filter(address__stopped_at=None).order_by("pk").values_list("address__email", flat=True))
    if emails:
        return emails
    staff = Person.objects.filter(is_staff=True, is_active=True)
    return list(staff.order_by("pk").values_list("email", flat=True)[:10])


@dataclass(frozen=True, slots=True)
class MembersPage:
    """A page of members in order of joining the table; `older` is the key after which the next page begins, or 0."""

    members: list[Membership]
    older: int
    words: str = ""


def members_page(community: Community, *, words: str = "", after: int = 0, by_address: bool = False) -> MembersPage:
    """Active members by key, at most 50. Managers may search addresses too (`by_address`)."""
    found = Membership.objects.filter(community=community, pk__gt=after).active()
    for word in words.split()[:8]:
        match = Q(person__name__icontains=word) | Q(person__agency__name__icontains=word)
        match |= Q(person__agency__short_name__iexact=word)
        found = found.filter(match | Q(address__email__icontains=word) if by_address else match)
    rows = list(found.select_related("person__agency", "address").order_by("pk")[: PER_PAGE + 1])
    return MembersPage(rows[:PER_PAGE], rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else 0, words)


def desk(community: Community) -> dict[str, Any]:
    """What waits on a manager's desk: requests, addresses whose mail has stopped, roles, invitations not yet used."""
    memberships = Membership.objects.filter(community=community).select_related("person__agency", "address")
    stopped = memberships.active().exclude(address__stopped_at=None)
    return {
        "waiting": list(memberships.waiting().order_by("pk")[:PER_PAGE]),
        "waiting_count": Membership.objects.filter(community=community).waiting().count(),
        "stopped": list(stopped.order_by("-address__stopped_at", "pk")[:PER_PAGE]),
        "stopped_count": stopped.count(),
        "team": list(memberships.moderating().order_by("role", "pk")),
        "invitations": list(community.invitations.filter(used_at=None).order_by("-invited_at", "-pk")[:PER_PAGE]),
    }


def lists(limit: int = 100) -> list[Community]:
    """The communities that the LISTS command names."""
    return list(Community.objects.visible().order_by("list_name")[:limit])


def active_memberships_of_email(email: str) -> list[Membership]:
    """Where the owner of this address is a member, by name of the list."""
    mine = Membership.objects.filter(person__addresses__email=email.lower()).active()
    return list(mine.select_related("community", "person", "address").order_by("community__list_name"))


class EachMessage:
    """The audience of a post: members who want each message, streamed by key and never all in memory.

    `told` is {"community": id, "except_person": id or None}. A person is a member once, so nobody is told twice.
    """

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """The lowest key, the highest key, and how many there are."""
        found = self._receiving(told).aggregate(low=Min("pk"), high=Max("pk"), count=Count("pk"))
        return found["low"] or 0, found["high"] or 0, found["count"]

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """(key, address) of everyone with after < key <= upto, in order of the key."""
        rows = self._receiving(told).filter(pk__gt=after, pk__lte=upto).order_by("pk")
        return rows.values_list("pk", "address__email").iterator(chunk_size=_CHUNK)

    def _receiving(self, told: dict[str, Any]) -> QuerySet[Membership]:
        found = Membership.objects.filter(community_id=told["community"]).receiving_each_message()
        excepted = told.get("except_person")
        return found.exclude(person_id=excepted) if excepted else found


def is_busy(email: str, *, limit: int) -> bool:
    """Has this address had its day's share of answers?"""
    since = timezone.now() - timedelta(days=1)
    return Answer.objects.filter(email=email, at__gte=since).count() >= limit


DELIVERY_WORDS = {
    Delivery.EACH: "each message as it is posted",
    Delivery.DAILY: "a digest every day",
    Delivery.WEEKLY: "a digest every week",
    Delivery.NONE: "no mail; you read on the web",
}
ROLE_WORDS = {Role.MEMBER: "member", Role.MODERATOR: "moderator", Role.MANAGER: "manager"}
