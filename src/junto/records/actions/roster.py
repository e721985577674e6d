"""Takes a roster: CSV, LISTSERV REVIEW output or a Mailman list. Each address is judged; nobody gets a letter."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Community, Delivery, Membership, Role, State
from junto.communities.rules import Standing, eligibility
from junto.kit.addresses import BadAddress, normalise
from junto.kit.reports import Report
from junto.mail.reading.charsets import to_text
from junto.people.actions import welcome_many
from junto.people.models import Address, Person
from junto.people.queries import Judgement, judge_many

BATCH = 1_000
_REVIEW = re.compile(r"^(\S+@\S+)\s+(.*)$")
_MAILMAN = re.compile(r"^\s*(.*?)\s*<(\S+@\S+)>\s*$")
_OPTIONS = {"NOMAIL": Delivery.NONE, "DIGEST": Delivery.DAILY, "DIGESTS": Delivery.DAILY, "INDEX": Delivery.DAILY}


class NotARoster(ValueError):
    """The file holds nobody; the message says what is expected."""


class Line(NamedTuple):
    """One person of a roster, as written. `number` is the line in the file."""

    number: int
    address: str
    name: str
    role: str
    delivery: str
    agency: str = ""


def take(
    path: Path,
    *,
    community: Community,
    progress: Callable[[int, int | None], None] | None = None,
    by: Person | None = None,
) -> Report:
    """Reads a roster into a community: admitted at once, waiting, or skipped, each with its reason in the report.

    Who is a member stays as they are; who left is not brought back. Run again, it takes nobody twice.
    Raises NotARoster where the file holds no address at all.
    """
    report = Report()
    lines = list(_lines(_text_of(path)))
    for start in range(0, len(lines), BATCH):
        with transaction.atomic():
            _take_batch(lines[start : start + BATCH], community, path.name, report, by)
        if progress:
            progress(min(start + BATCH, len(lines)), len(lines))
    record("records.roster.imported", about=community, by=by, file=path.name, summary=report.summary())
    return report


def _text_of(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16", "replace")
    else:
        text = "" if b"\x00" in raw else to_text(raw, "")[0]
    if "@" not in text:
        raise NotARoster(
            f"{path.name} holds no e-mail address. Give a CSV file whose first row names the columns address and "
            "name, the output of LISTSERV’s REVIEW, or a list with one address on a line. Nothing was changed."
        )
    return text


def _lines(text: str) -> Iterator[Line]:
    """The people of a roster, whatever its form: a header row with "address" or "email" says CSV."""
    first = text.lstrip("\ufeff").partition("\n")[0].lower()
    columns = [c.strip(' "\r') for c in re.split(r"[,;\t]", first)]
    if {"address", "email"} & set(columns):
        yield from _csv(text.lstrip("\ufeff"), first)
        return
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith(("*", "#", "Total number")):
            continue
        if match := _MAILMAN.match(bare):
            yield Line(number, match[2], match[1].strip("\"' "), "", "")
        elif match := _REVIEW.match(bare):
            words = match[2].split()
            delivery = next((_OPTIONS[w.strip("(),")] for w in words if w.strip("(),") in _OPTIONS), "")
            name = " ".join(w for w in words if w.strip("(),") not in _OPTIONS)
            yield Line(number, match[1], name, "", delivery)
        else:
            yield Line(number, bare, "", "", "")


def _csv(text: str, first: str) -> Iterator[Line]:
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    for row in reader:
        known = {str(key or "").strip().lower(): value or "" for key, value in row.items() if isinstance(value, str)}
        address = known.get("address") or known.get("email", "")
        if any(known.values()):
            others = (known.get(column, "") for column in ("name", "role", "delivery", "agency"))
            yield Line(reader.line_num, address, *others)


def _take_batch(lines: list[Line], community: Community, file: str, report: Report, by: Person | None) -> None:
    good: list[tuple[Line, str]] = []
    for line in lines:
        report.read += 1
        try:
            good.append((line, normalise(line.address)))
        except BadAddress as error:
            report.skipped += 1
            report.note(f"{file}, line {line.number}", str(error), "skipped")
    known = dict(
        Membership.objects.filter(community=community, person__addresses__email__in=[a for _, a in good]).values_list(
            "person__addresses__email", "state"
        )
    )
    wanted: list[_Wanted] = []
    for (line, address), judgement in zip(good, judge_many(a for _, a in good), strict=True):
        where = f"{file}, line {line.number}: {address}"
        if address in known:
            _leave_as_is(known[address], where, report)
            continue
        standing = eligibility(judgement, community)
        known[address] = State.DECLINED if standing.refuses else State.ACTIVE if standing.admits else State.WAITING
        if standing.refuses:
            report.skipped += 1
            report.note(where, standing.reason, "skipped")
        else:
            wanted.append(_Wanted(line, address, where, standing.admits, _reason(line, judgement, standing)))
    _enroll(wanted, community, report, by)


class _Wanted(NamedTuple):
    """Somebody whom the rules admit, or let wait for the reason given."""

    line: Line
    address: str
    where: str
    is_admitted: bool
    reason: str


def _reason(line: Line, judgement: Judgement, standing: Standing) -> str:
    """Why somebody waits. What the roster says of their agency is a hint for who decides, where no register knows it."""
    if standing.admits:
        return ""
    hint = " ".join(line.agency.split())[:200]
    return f"{standing.reason} The roster says: {hint}." if hint and not judgement.agency_name else standing.reason


def _leave_as_is(state: str, where: str, report: Report) -> None:
    if state in (State.LEFT, State.REMOVED, State.DECLINED):
        report.skipped += 1
        report.note(where, f"is known here as “{State(state).label}”", "not brought back")
    else:
        report.already_there += 1


def _enroll(wanted: list[_Wanted], community: Community, report: Report, by: Person | None) -> None:
    """Makes the memberships; a person who is there under another address stays as they are."""
    addresses = welcome_many(names={one.address: one.line.name for one in wanted}, by=by)
    people = [address.person_id for address in addresses.values()]
    states = dict(Membership.objects.filter(community=community, person__in=people).values_list("person", "state"))
    made: list[Membership] = []
    for one in wanted:
        address = addresses[one.address]
        if address.person_id in states:
            _leave_as_is(states[address.person_id], one.where, report)
            continue
        membership = _membership(one, address, community)
        states[address.person_id] = membership.state
        made.append(membership)
        report.taken += 1
        if one.reason:
            report.note(one.where, one.reason, "waits for a manager")
    Membership.objects.bulk_create(made)


def _membership(one: _Wanted, address: Address, community: Community) -> Membership:
    role = one.line.role.strip().lower()
    said = one.line.delivery.strip()
    delivery = _OPTIONS.get(said.upper(), said.lower())
    return Membership(
        community=community,
        person=address.person,
        address=address,
        role=role if one.is_admitted and role in Role.values else Role.MEMBER,
        delivery=delivery if delivery in Delivery.values else Delivery.EACH,
        state=State.ACTIVE if one.is_admitted else State.WAITING,
        joined_at=timezone.now() if one.is_admitted else None,
        came_by="roster",
        reason=one.reason,
    )
