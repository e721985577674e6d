"""The table of members for managers: who matches, in what order, a page of them, and each as a row of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from junto.communities.models import Community, Membership, MembershipQuerySet, State
from junto.communities.queries.directory import PER_PAGE
from junto.kit.sheets import harmless
from junto.people.models import Level

SORTS = {
    "name": ("person__name", "pk"),
    "agency": ("address__agency__name", "person__name", "pk"),
    "newest": ("-joined_at", "-pk"),
    "oldest": ("joined_at", "pk"),
}
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Sought:
    """Which members a manager wants to see. `mail` is "bouncing" or "well"; `since` the day after which they joined."""

    words: str = ""
    role: str = ""
    state: str = State.ACTIVE
    level: str = ""
    delivery: str = ""
    mail: str = ""
    since: date | None = None
    sort: str = "name"

    def query(self) -> dict[str, str]:
        """What stands in an address to ask the same again."""
        told = {"q": self.words, "role": self.role, "level": self.level, "delivery": self.delivery, "mail": self.mail}
        told |= {"since": self.since.isoformat() if self.since else ""}
        told |= {"state": "" if self.state == State.ACTIVE else self.state}
        told |= {"sort": "" if self.sort == "name" else self.sort}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Table:
    """One page of the table: its rows, how many match in all, and the numbers of this page and of the last."""

    rows: list[Membership]
    total: int
    page: int
    last: int
    asked: Sought = field(default_factory=Sought)

    @property
    def first_number(self) -> int:
        """Where its first row stands among all that match, from 1."""
        return (self.page - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last_number(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.rows)


def asked_members(community: Community, asked: Sought) -> MembershipQuerySet:
    """Everybody who matches, in no order."""
    found = Membership.objects.filter(community=community, state=asked.state)
    exactly = {"role": asked.role, "delivery": asked.delivery, "address__level": asked.level}
    found = found.filter(**{name: value for name, value in exactly.items() if value})
    if asked.mail:
        found = found.filter(address__stopped_at__isnull=asked.mail == "well")
    if asked.since:
        begins = timezone.make_aware(datetime.combine(asked.since, time.max))
        found = found.filter(joined_at__gt=begins)
    for word in asked.words.split()[:8]:
        agency = Q(address__agency__name__icontains=word) | Q(address__agency__short_name__iexact=word)
        found = found.filter(agency | Q(person__name__icontains=word) | Q(address__email__icontains=word))
    return found


def members_table(community: Community, asked: Sought, *, page: int = 1) -> Table:
    """A page of 50, in two queries; a page beyond the last is the last."""
    found = asked_members(community, asked)
    total = found.count()
    last = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), last)
    begin = (page - 1) * PER_PAGE
    rows = _in_order(found, asked)[begin : begin + PER_PAGE] if total else []
    return Table(list(rows), total, page, last, asked)


def chosen_members(community: Community, keys: list[int]) -> MembershipQuerySet:
    """The members of this community with these numbers, whatever their state."""
    return Membership.objects.filter(community=community, pk__in=keys[:PER_PAGE])


def members_in_rows(community: Community, asked: Sought) -> Iterator[list[str]]:
    """A heading and a row for each who matches, streamed; cells cannot be taken for formulas (OWASP, CSV injection)."""
    yield [
        gettext("Name"),
        gettext("Address"),
        gettext("Agency"),
        gettext("Level"),
        gettext("Role"),
        gettext("Mail"),
        gettext("State"),
        gettext("Member since"),
        gettext("Mail comes back since"),
        gettext("Named to other members"),
    ]
    levels: dict[str, Any] = dict(Level.choices)
    for one in _in_order(asked_members(community, asked), asked).iterator(chunk_size=ROWS_AT_ONCE):
        yield [harmless(" ".join(cell.replace("\x00", "").split())) for cell in _cells(one, levels)]


def _in_order(found: QuerySet[Membership], asked: Sought) -> QuerySet[Membership]:
    order = [
        F(name[1:]).desc(nulls_last=True) if name[0] == "-" else F(name).asc(nulls_last=True)
        for name in SORTS.get(asked.sort, SORTS["name"])
    ]
    return found.select_related("person", "address__agency").order_by(*order)


def _cells(one: Membership, levels: dict[str, Any]) -> list[str]:
    agency = one.address.agency
    return [
        one.person.display_name,
        one.address.email,
        agency.name if agency else "",
        str(levels.get(one.address.level, "")),
        str(one.get_role_display()),
        str(one.get_delivery_display()),
        str(one.get_state_display()),
        _day(one.joined_at),
        _day(one.address.stopped_at),
        gettext("No") if one.is_concealed else gettext("Yes"),
    ]


def _day(at: datetime | None) -> str:
    return timezone.localtime(at).date().isoformat() if at else ""
