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
from junto.communities.rules import eligibility
from junto.kit.addresses import BadAddress, normalise
from junto.kit.reports import Report
from junto.mail.reading.charsets import to_text
from junto.people.actions import welcome
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
            yield Line(
                reader.line_num, address, known.get("name", ""), known.get("role", ""), known.get("delivery", "")
            )


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
    for (line, address), judgement in zip(good, judge_many(a for _, a in good), strict=True):
        where = f"{file}, line {line.number}: {address}"
        if address in known:
            _leave_as_is(known[address], where, report)
        else:
            known[address] = _enroll(line, address, judgement, community, where, report, by)


def _leave_as_is(state: str, where: str, report: Report) -> None:
    if state in (State.LEFT, State.REMOVED, State.DECLINED):
        report.skipped += 1
        report.note(where, f"is known here as “{State(state).label}”", "not brought back")
    else:
        report.already_there += 1


def _enroll(
    line: Line, address: str, judgement: Judgement, community: Community, where: str, report: Report, by: Person | None
) -> str:
    """Makes the membership that the rules allow; returns its state, or "" for who is refused."""
    standing = eligibility(judgement, community)
    if standing.refuses:
        report.skipped += 1
        report.note(where, standing.reason, "skipped")
        return State.DECLINED
    person = welcome(email=address, name=line.name, by=by)
    role = line.role.strip().lower()
    delivery = _OPTIONS.get(line.delivery.strip().upper(), line.delivery.strip().lower())
    state = State.ACTIVE if standing.admits else State.WAITING
    membership, is_new = Membership.objects.get_or_create(
        community=community,
        person=person,
        defaults={
            "address": Address.objects.get(email=address),
            "role": role if standing.admits and role in Role.values else Role.MEMBER,
            "delivery": delivery if delivery in Delivery.values else Delivery.EACH,
            "state": state,
            "joined_at": timezone.now() if standing.admits else None,
            "came_by": "roster",
            "reason": "" if standing.admits else standing.reason,
        },
    )
    if not is_new:
        _leave_as_is(membership.state, where, report)
        return membership.state
    report.taken += 1
    if standing.waits:
        report.note(where, standing.reason, "waits for a manager")
    return state
