"""What would become of everybody on a roster. Reading changes nothing; `actions.take_roster` acts on the same judgement."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.models import Community, Delivery, Invitation, Membership, Role, State
from junto.communities.rules import eligibility, may_take_roster
from junto.kit.addresses import BadAddress, normalise
from junto.kit.rosters import Line, NotARoster, read
from junto.kit.rulings import require
from junto.people.models import Address, Person
from junto.people.queries import Judgement, judge_many

__all__ = ["NotARoster", "RosterOutcome", "RosterPreview", "RosterRow", "preview_roster", "roster_text", "sorted_out"]
AT_ONCE = 1_000
_AT = re.compile(r"\s*[\[(]?\s*\b(?:at|@)\b\s*[\])]?\s*", re.IGNORECASE)


class RosterOutcome(TextChoices):
    """What becomes of one line."""

    NEW = "new", _("New member")
    THERE = "there", _("Already here")
    WAITS = "waits", _("Waits for a manager")
    REFUSED = "refused", _("Not taken")
    UNREADABLE = "unreadable", _("No address")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster and what becomes of it, with the reason and what had to be mended to read it.

    `address` is as Junto keeps it; as written, where it is none. `agency` is what the register says, or the roster.
    """

    line: int
    address: str
    name: str
    agency: str
    outcome: RosterOutcome
    reason: str
    repairs: tuple[str, ...] = ()
    role: str = Role.MEMBER
    delivery: str = Delivery.EACH

    @property
    def is_taken(self) -> bool:
        """Whether this line makes a membership."""
        return self.outcome in (RosterOutcome.NEW, RosterOutcome.WAITS)


@dataclass(slots=True)
class RosterPreview:
    """Everybody on a roster in its order, the form it has, and how many of each outcome."""

    form: str
    rows: list[RosterRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[RosterOutcome, int]:
        """How many lines have each outcome, in a fixed order, those with none as well."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in RosterOutcome}

    @property
    def repaired(self) -> int:
        """How many lines had to be mended."""
        return sum(bool(row.repairs) for row in self.rows)


def preview_roster(*, community: Community, text: str, file: str = "The roster", by: Person | None) -> RosterPreview:
    """What `actions.take_roster` would do with this text now; nothing is changed. Six queries for each 1,000 lines.

    `by` None is the operator at the shell. Raises Refused, and NotARoster with words for people.
    """
    require(may_take_roster(by, community))
    form, lines = read(text, file=file)
    seen: dict[str, int] = {}
    rows = [row for batch in in_batches(lines) for row in sorted_out(batch, community, seen)]
    return RosterPreview(form.value, rows)


def roster_text(raw: bytes) -> str:
    """The text of an uploaded roster: UTF-8, UTF-16, or what Windows uses; empty for what is no text."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw:
        return ""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def in_batches(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines in portions that are judged, and taken, at once."""
    return (lines[start : start + AT_ONCE] for start in range(0, len(lines), AT_ONCE))


def sorted_out(lines: Sequence[Line], community: Community, seen: dict[str, int]) -> list[RosterRow]:
    """A row for each line. `seen` holds who stood on which line before, and grows."""
    read_as = [_mended(line) for line in lines]
    addresses = list(dict.fromkeys(address for address, _repairs in read_as if address))
    known = _Known(community, addresses)
    return [
        _row(line, address, repairs, known, seen) if address else _unreadable(line)
        for line, (address, repairs) in zip(lines, read_as, strict=True)
    ]


class _Known:
    """What is known of a batch of addresses: their judgements, people and memberships, in six queries."""

    def __init__(self, community: Community, addresses: Sequence[str]) -> None:
        self.community = community
        self.judged = dict(zip(addresses, judge_many(addresses), strict=True))
        rows = Address.objects.filter(email__in=addresses).select_related("person")
        self.people = {person.email: person for person in Person.objects.filter(email__in=addresses)}
        self.people |= {address.email: address.person for address in rows}
        members = Membership.objects.filter(community=community, person__in=self.people.values())
        self.states = dict(members.values_list("person", "state"))
        invited = Invitation.objects.filter(community=community, email__in=addresses)
        self.invited = frozenset(invited.values_list("email", flat=True))


def _mended(line: Line) -> tuple[str, tuple[str, ...]]:
    """The address as it is kept, and a word about it where it stood there otherwise; empty where there is none."""
    for candidate in (line.address, _AT.sub("@", line.address.strip())):
        try:
            address = normalise(candidate)
        except BadAddress:
            continue
        written = line.address.strip()
        if written.lower() == address:
            return address, ()
        return address, (gettext("“%(written)s” was read as %(address)s") % {"written": written, "address": address},)
    return "", ()


def _unreadable(line: Line) -> RosterRow:
    reason = gettext("“%(written)s” is not an e-mail address.") % {"written": line.address.strip()[:80]}
    if not line.address.strip():
        reason = gettext("There is no address in this line.")
    return RosterRow(line.number, line.address.strip()[:254], line.name, line.agency, RosterOutcome.UNREADABLE, reason)


def _row(line: Line, address: str, repairs: tuple[str, ...], known: _Known, seen: dict[str, int]) -> RosterRow:
    judgement, person = known.judged[address], known.people.get(address)
    outcome, reason = _outcome(line, judgement, person, known, seen)
    role, of_role = _role(line, outcome)
    delivery, of_delivery = _delivery(line)
    return RosterRow(
        line.number,
        address,
        line.name or (person.name if person else ""),
        judgement.agency_name or " ".join(line.agency.split())[:200],
        outcome,
        reason,
        (*repairs, *of_role, *of_delivery),
        role,
        delivery,
    )


def _outcome(
    line: Line, judgement: Judgement, person: Person | None, known: _Known, seen: dict[str, int]
) -> tuple[RosterOutcome, str]:
    first = seen.setdefault(f"person:{person.pk}" if person else judgement.address, line.number)
    if first != line.number:
        return RosterOutcome.THERE, gettext("Line %(line)s names the same person.") % {"line": first}
    if line.role == "nonmember":
        return RosterOutcome.REFUSED, gettext("The roster itself says that this is no member.")
    if person and person.pk in known.states:
        return _as_is(known.states[person.pk])
    if person and not person.is_active:
        return RosterOutcome.REFUSED, gettext("This account is switched off.")
    standing = eligibility(judgement, known.community, is_invited=judgement.address in known.invited)
    if standing.refuses:
        return RosterOutcome.REFUSED, standing.reason
    if standing.admits:
        return RosterOutcome.NEW, standing.reason
    return RosterOutcome.WAITS, f"{standing.reason}{_hint(line, judgement)}"


def _as_is(state: str) -> tuple[RosterOutcome, str]:
    """Who is known here in any way stays as they are."""
    if state == State.ACTIVE:
        return RosterOutcome.THERE, gettext("Is a member already.")
    if state == State.WAITING:
        return RosterOutcome.THERE, gettext("Waits for a manager already.")
    return RosterOutcome.REFUSED, gettext("Is known here as “%(state)s” and is not brought back.") % {
        "state": State(state).label
    }


def _hint(line: Line, judgement: Judgement) -> str:
    """What the roster says of their agency, for who decides, where no register knows it."""
    said = " ".join(line.agency.split())[:200]
    return (
        " " + gettext("The roster says: %(agency)s.") % {"agency": said} if said and not judgement.agency_name else ""
    )


def _role(line: Line, outcome: RosterOutcome) -> tuple[str, tuple[str, ...]]:
    """Only who is admitted at once is given a role."""
    if line.role and line.role != "nonmember" and line.role not in Role.values:
        return Role.MEMBER, (gettext("“%(word)s” is no role here; a member") % {"word": line.role[:40]},)
    return (line.role or Role.MEMBER) if outcome == RosterOutcome.NEW else Role.MEMBER, ()


def _delivery(line: Line) -> tuple[str, tuple[str, ...]]:
    if line.delivery and line.delivery not in Delivery.values:
        words = gettext("“%(word)s” is no way of delivery here; each message") % {"word": line.delivery[:40]}
        return Delivery.EACH, (words,)
    return line.delivery or Delivery.EACH, ()
