"""The list of members for members: who they are and what they help with, as far as they tell it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from junto.communities.models import Community, Membership, MembershipQuerySet
from junto.communities.queries.directory import PER_PAGE
from junto.people.models import Audience, Person
from junto.people.rules import UP_TO

_SEEN = UP_TO[Audience.COLLEAGUES]


@dataclass(frozen=True, slots=True)
class SoughtMembers:
    """Which members somebody looks for: by name, by what they help with, by agency, by level of government."""

    words: str = ""
    helps: str = ""
    agency: str = ""
    level: str = ""
    after: int = 0

    def query(self) -> dict[str, str]:
        """What stands in an address to ask the same again."""
        told = {"q": self.words, "helps": self.helps, "agency": self.agency, "level": self.level}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class NamedMember:
    """A member as others see them. What they show nobody is empty; who is concealed has no page, and is not asked."""

    membership: Membership
    helps_with: str
    job_title: str
    photo: str
    may_be_asked: bool


@dataclass(frozen=True, slots=True)
class MembersPage:
    """A page of members in order of joining the table; `older` is the key after which the next page begins, or 0.

    `concealed` are those whom the whole list does not name, at their own wish.
    """

    members: list[NamedMember]
    older: int
    concealed: int = 0


def members_page(
    community: Community, sought: SoughtMembers, *, viewer: Person | None, by_address: bool = False
) -> MembersPage:
    """Active members by key, at most 50, in two queries. Managers see who is concealed, and may search addresses too
    (`by_address`). What somebody helps with is found and shown only where their profile tells it to members.
    """
    everybody = Membership.objects.filter(community=community).active()
    found = _asked(everybody if by_address else everybody.named(), sought, by_address=by_address)
    related = found.select_related("person__agency", "person__profile", "address").filter(pk__gt=sought.after)
    rows = list(related.order_by("pk")[: PER_PAGE + 1])
    concealed = everybody.filter(is_concealed=True).count()
    shown = [_as_seen(row, viewer) for row in rows[:PER_PAGE]]
    return MembersPage(shown, rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else 0, concealed)


def _asked(found: MembershipQuerySet, sought: SoughtMembers, *, by_address: bool) -> MembershipQuerySet:
    for word in sought.words.split()[:8]:
        name = Q(person__name__icontains=word)
        found = found.filter(name | Q(address__email__icontains=word) if by_address else name)
    for word in sought.helps.split()[:8]:
        found = found.filter(
            person__profile__helps_with__icontains=word, person__profile__helps_with_for__in=_SEEN, is_concealed=False
        )
    if sought.agency:
        short = Q(person__agency__short_name__iexact=sought.agency)
        found = found.filter(short | Q(person__agency__name__icontains=sought.agency))
    return found.filter(person__agency__level=sought.level) if sought.level else found


def _as_seen(membership: Membership, viewer: Person | None) -> NamedMember:
    person = membership.person
    profile = getattr(person, "profile", None)
    is_own = viewer is not None and viewer.pk == person.pk
    if membership.is_concealed and not is_own:
        return NamedMember(membership, "", "", "", may_be_asked=False)
    helps = profile.helps_with if profile and (is_own or profile.helps_with_for in _SEEN) else ""
    title = person.job_title if profile is None or is_own or profile.job_title_for in _SEEN else ""
    takes = profile is None or profile.takes_questions
    return NamedMember(membership, helps, title, person.photo_for_colleagues, may_be_asked=takes and not is_own)
