"""The directory of communities."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from junto.communities import rules
from junto.communities.models import Community, CommunityQuerySet, Membership, State, Topic
from junto.people import queries as people
from junto.people.models import Person

PER_PAGE = 50
LONG_TEXTS = ("description", "description_html", "guidelines", "terms")
"""What no list of communities shows, and a page of fifty would read in vain."""


ORDERS: dict[str, tuple[str, ...]] = {
    "": ("-weight", "name", "pk"),
    "name": ("name", "pk"),
    "members": ("-members_now", "name", "pk"),
    "newest": ("-created_at", "name", "pk"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the directory asked for: words, a topic, who may join, how it is ordered, and what is open to them."""

    words: str = ""
    topic: str = ""
    policy: str = ""
    order: str = ""
    is_open_to_me: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.topic or self.policy or self.is_open_to_me)


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the directory: communities with `member_count` and `standing` (“member”, “waiting”, “open” or nothing),
    the topics to choose from, and what was asked."""

    communities: list[Community]
    topics: list[Topic]
    words: str
    topic: Topic | None
    newer: int
    older: int
    total: int


def directory(
    *, words: str = "", topic: str = "", page: int = 1, asked: Asked | None = None, person: Person | None = None
) -> Directory:
    """Visible communities by weight and name, or as `asked`. Members of all of them are counted in one aggregate query."""
    asked = asked or Asked(words, topic)
    open_to = rules.policies_that_admit(people.judge(person.email)) if person else frozenset()
    topics = list(Topic.objects.filter(communities__in=Community.objects.visible()).distinct().order_by("title"))
    found = _found(asked, open_to).defer(*LONG_TEXTS).prefetch_related("topics")
    if asked.order == "members":
        active = Membership.objects.active().filter(community=OuterRef("pk")).order_by().values("community")
        found = found.annotate(members_now=Coalesce(Subquery(active.annotate(n=Count("pk")).values("n")), 0))
    pages = Paginator(found.order_by(*ORDERS.get(asked.order, ORDERS[""])), PER_PAGE)
    shown = pages.get_page(page)
    communities = list(shown)
    _count_members(communities)
    _say_standing(communities, person, open_to)
    return Directory(
        communities,
        topics,
        asked.words,
        next((one for one in topics if one.slug == asked.topic), None),
        newer=shown.previous_page_number() if shown.has_previous() else 0,
        older=shown.next_page_number() if shown.has_next() else 0,
        total=pages.count,
    )


def _found(asked: Asked, open_to: frozenset[str]) -> CommunityQuerySet:
    found = Community.objects.visible()
    for word in asked.words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(summary__icontains=word)
            | Q(pk__in=Topic.objects.filter(title__icontains=word).values("communities"))
        )
    if asked.topic:
        found = found.filter(topics__slug=asked.topic)
    if asked.policy:
        found = found.filter(policy=asked.policy)
    return found.filter(policy__in=open_to) if asked.is_open_to_me else found


def _say_standing(communities: list[Community], person: Person | None, open_to: frozenset[str]) -> None:
    words = {State.ACTIVE: "member", State.WAITING: "waiting"}
    mine: dict[int, str] = {}
    if person:
        rows = Membership.objects.filter(person=person, community__in=communities, state__in=words)
        mine = {community: words[State(state)] for community, state in rows.values_list("community_id", "state")}
    for community in communities:
        open_word = "open" if community.policy in open_to else ""
        community.standing = mine.get(community.pk, open_word)  # type: ignore[attr-defined]


def _count_members(communities: list[Community]) -> None:
    rows = Membership.objects.active().filter(community__in=communities).values("community_id")
    counts = dict(rows.annotate(n=Count("pk")).order_by().values_list("community_id", "n"))
    for community in communities:
        community.member_count = counts.get(community.pk, 0)  # type: ignore[attr-defined]
