"""Taking a new copy of the register of .gov domains.

Read the whole file first (a wrong header or a shrunken file changes nothing), then agencies, then domains, each in
bulk: the number of queries does not grow with the file.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.addresses import BadAddress, normalise
from junto.kit.reports import Report
from junto.people import queries
from junto.people.actions.persons import rejudge
from junto.people.models import FEDERAL_LEVELS, Agency, Domain, Person, RegisterCopy
from junto.people.rules import register as form
from junto.people.rules.federal import is_home, key_of, short_name_of

_BATCH = 1_000
_MOST_NAMES = 500
AgencyKey = tuple[str, str, str, str]
"""Key, level, state, key of the parent: what tells one agency from another."""


class UnknownRegister(ValueError):
    """The file is no register of .gov domains; the message says what was found and what was expected."""


class ShrunkenRegister(ValueError):
    """The file lost more than 5 % of the rows of the last good copy; the message says what to do."""


class _BadRow(ValueError):
    """A row that cannot be used; the message says why."""


@dataclass(slots=True)
class _Row:
    domain: str
    level: str
    is_election: bool
    organization: str
    part: str
    city: str
    state: str
    is_repaired: bool

    @property
    def agency_state(self) -> str:
        return "" if self.level in FEDERAL_LEVELS else self.state

    @property
    def parent_key(self) -> AgencyKey:
        return (key_of(self.organization), self.level, self.agency_state, "")

    @property
    def agency_key(self) -> AgencyKey:
        key, level, state, _ = self.parent_key
        return (key_of(self.part), level, state, key) if self.part else (key, level, state, "")


@dataclass(slots=True)
class _Changes:
    added: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    moved: list[list[str]] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Counts, and names as long as there are few enough to read."""
        names = {name: getattr(self, name) for name in ("added", "returned", "retired", "moved", "corrected")}
        return {
            "counts": {name: len(items) for name, items in names.items()},
            **{name: items[:_MOST_NAMES] for name, items in names.items()},
        }


@transaction.atomic
def take_register(path: Path, *, force: bool = False, by: Person | None = None) -> Report:
    """Take the register at `path`; `force` takes it even when it shrank. Safe to repeat.

    Raises UnknownRegister or ShrunkenRegister, and then nothing has changed. The accepted file is kept in
    JUNTO_HOME/register; what changed stands in the RegisterCopy row and, in few words, in the report.
    """
    raw = _bytes_of(path)
    report = Report()
    rows = _read(raw, report, path.name)
    _refuse_shrunken(report.read, rows, force=force)
    agencies = _settle_agencies(rows)
    changes = _settle_domains(rows, agencies, report)
    _keep(raw, report, changes, path.name, by)
    _tell(changes, report)
    return report


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UnknownRegister(f"{path} cannot be read: {problem.strerror}. Give the path of a CSV file.") from problem


def _read(raw: bytes, report: Report, file_name: str) -> list[_Row]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnknownRegister(f"{file_name} is not UTF-8 text (byte {problem.start}). {_expected()}") from problem
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        places = _places(next(lines, []), file_name)
        rows: dict[str, _Row] = {}
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _take_line(cells, places, rows, report, f"{file_name}, line {lines.line_num}")
    except csv.Error as problem:
        raise UnknownRegister(
            f"{file_name} is not a CSV file (line {lines.line_num}: {problem}). {_expected()}"
        ) from problem
    return list(rows.values())


def _places(header: list[str], file_name: str) -> dict[str, int]:
    found = {" ".join(name.lower().split()): place for place, name in enumerate(header)}
    places = {
        column: found[name] for column, names in form.COLUMNS.items() for name in reversed(names) if name in found
    }
    missing = [form.COLUMNS[column][0] for column in form.NEEDED if column not in places]
    if missing:
        raise UnknownRegister(
            f"{file_name} is not the register of .gov domains: its header is “{','.join(header)[:200]}”; "
            f"missing: {', '.join(missing)}. {_expected()}"
        )
    return places


def _expected() -> str:
    return f"Expected the columns {form.EXPECTED} (current-full.csv of cisagov/dotgov-data)."


def _take_line(cells: list[str], places: dict[str, int], rows: dict[str, _Row], report: Report, where: str) -> None:
    report.read += 1
    raw = {column: cells[place] if place < len(cells) else "" for column, place in places.items()}
    try:
        row = _row_of(raw)
        if row.domain in rows:
            raise _BadRow(f"{row.domain} stands in the file twice")
    except _BadRow as problem:
        report.skipped += 1
        report.note(where, str(problem), "skipped this row")
    else:
        rows[row.domain] = row


def _row_of(raw: dict[str, str]) -> _Row:
    cells = {column: _tidy(text) for column, text in raw.items()}
    domain = cells["domain"].lower().rstrip(".")
    kind = form.read_type(cells["type"])
    organization, part = _bodies(cells)
    _check_domain(domain)
    if kind is None:
        raise _BadRow(f"{domain} has the unknown type “{cells['type'][:60]}”")
    if not organization:
        raise _BadRow(f"{domain} has no organization")
    if kind.level in FEDERAL_LEVELS and is_home(domain, organization):
        part = ""
    state = cells["state"].upper()
    return _Row(
        domain,
        kind.level,
        kind.is_election,
        organization,
        "" if key_of(part) == key_of(organization) else part,
        cells.get("city", "")[:100],
        state if len(state) == 2 else "",
        is_repaired=any(cells[column] != text for column, text in raw.items() if text.strip() != form.BLANK),
    )


def _tidy(text: str) -> str:
    tidy = " ".join(text.replace("\x00", "").split())
    return "" if tidy.lower() == form.BLANK else tidy


def _bodies(cells: dict[str, str]) -> tuple[str, str]:
    """Organization and part. Until 2023 the organization of a federal domain stood in the column Agency."""
    organization, part, agency = cells["organization"], cells.get("part", ""), cells.get("agency", "")
    if not agency or agency.lower().startswith("non-federal"):
        return organization[:250], part[:250]
    return agency[:250], (part or organization)[:250]


def _check_domain(domain: str) -> None:
    if not domain:
        raise _BadRow("no domain name")
    try:
        normalise(f"somebody@{domain}")
    except BadAddress as problem:
        raise _BadRow(f"“{domain[:80]}” is no domain name") from problem


def _refuse_shrunken(count: int, rows: list[_Row], *, force: bool) -> None:
    last = queries.last_register()
    if force or last is None or count >= last.rows * form.LEAST_SHARE:
        return
    hint = ""
    if rows and all(row.level in FEDERAL_LEVELS for row in rows):
        hint = " It lists federal domains only, like current-federal.csv; import current-full.csv."
    raise ShrunkenRegister(
        f"The file has {count:,} rows, the last good copy of {last.taken_at:%Y-%m-%d} has {last.rows:,}: more than "
        f"5 % fewer. Nothing was changed.{hint} If the register really shrank, repeat with --force."
    )


def _settle_agencies(rows: list[_Row]) -> dict[AgencyKey, Agency]:
    """Every agency of the file, the missing ones made, and spelt as nicely as the file or the database spells it."""
    known: dict[AgencyKey, Agency] = {}
    for agency in Agency.objects.select_related("parent").order_by("-pk"):
        known[(agency.key, agency.level, agency.state, agency.parent.key if agency.parent else "")] = agency
    _settle(known, _spellings((row.parent_key, row.organization) for row in rows), {})
    parents = {row.agency_key: row.parent_key for row in rows if row.part}
    _settle(known, _spellings((row.agency_key, row.part) for row in rows if row.part), parents)
    return known


def _spellings(names: Iterable[tuple[AgencyKey, str]]) -> dict[AgencyKey, str]:
    """The nicest spelling of each: not all capitals, not all small, then the most frequent, then the first."""
    counts: dict[AgencyKey, Counter[str]] = {}
    for key, name in names:
        counts.setdefault(key, Counter())[name] += 1
    return {key: max(found, key=lambda name: (_niceness(name), found[name])) for key, found in counts.items()}


def _niceness(name: str) -> int:
    return 0 if name.isupper() or name.islower() else 1


def _settle(known: dict[AgencyKey, Agency], names: dict[AgencyKey, str], parents: dict[AgencyKey, AgencyKey]) -> None:
    fresh: list[tuple[AgencyKey, Agency]] = []
    mended: list[Agency] = []
    for key, name in names.items():
        parent = known[parents[key]] if key in parents else None
        short = short_name_of(name, parent.name if parent else "") if key[1] in FEDERAL_LEVELS else ""
        agency = known.get(key)
        if agency is None:
            agency = Agency(name=name, key=key[0], short_name=short, parent=parent, level=key[1], state=key[2])
            fresh.append((key, agency))
        elif _mend(agency, name, short):
            mended.append(agency)
    made = Agency.objects.bulk_create([agency for _, agency in fresh], batch_size=_BATCH)
    known.update((key, agency) for (key, _), agency in zip(fresh, made, strict=True))
    Agency.objects.bulk_update(mended, ["name", "short_name"], batch_size=_BATCH)


def _mend(agency: Agency, name: str, short: str) -> bool:
    is_mended = False
    if _niceness(name) > _niceness(agency.name):
        agency.name, is_mended = name, True
    if short and not agency.short_name:
        agency.short_name, is_mended = short, True
    return is_mended


def _settle_domains(rows: list[_Row], agencies: dict[AgencyKey, Agency], report: Report) -> _Changes:
    known = {domain.name: domain for domain in Domain.objects.select_related("agency")}
    changes = _Changes()
    fresh: list[Domain] = []
    changed: list[Domain] = []
    for row in rows:
        agency = agencies[row.agency_key]
        domain = known.pop(row.domain, None)
        if domain is None:
            fresh.append(_domain_of(row, agency))
            changes.added.append(row.domain)
        elif _change(domain, row, agency, changes):
            changed.append(domain)
        else:
            report.already_there += 1
            continue
        report.taken += 1
        if row.is_repaired:
            report.repaired += 1
            report.note(row.domain, "the row had stray blanks or control characters", "taken without them")
    changed += _retire(known.values(), changes)
    Domain.objects.bulk_create(fresh, batch_size=_BATCH)
    Domain.objects.bulk_update(
        changed, ["agency", "level", "state", "city", "is_election", "retired_at"], batch_size=_BATCH
    )
    return changes


def _domain_of(row: _Row, agency: Agency) -> Domain:
    return Domain(
        name=row.domain,
        agency=agency,
        level=row.level,
        state=row.state,
        city=row.city,
        is_election=row.is_election,
    )


def _change(domain: Domain, row: _Row, agency: Agency, changes: _Changes) -> bool:
    """Bring a known domain up to the row; True when something was different, which `changes` then names."""
    came_back, moved = domain.retired_at is not None, domain.agency_id != agency.pk
    before = (domain.level, domain.state, domain.city, domain.is_election)
    after = (row.level, row.state, row.city, row.is_election)
    if came_back:
        changes.returned.append(domain.name)
    elif moved:
        changes.moved.append([domain.name, domain.agency.name, agency.name])
    elif before != after:
        changes.corrected.append(domain.name)
    domain.agency, domain.retired_at = agency, None
    domain.level, domain.state, domain.city, domain.is_election = after
    return came_back or moved or before != after


def _retire(left: Iterable[Domain], changes: _Changes) -> Iterator[Domain]:
    now = timezone.now()
    for domain in left:
        if domain.retired_at is None:
            domain.retired_at = now
            changes.retired.append(domain.name)
            yield domain


def _keep(raw: bytes, report: Report, changes: _Changes, file_name: str, by: Person | None) -> None:
    digest = hashlib.sha256(raw).hexdigest()
    last = queries.last_register()
    if last and last.sha256 == digest and not report.taken and not changes.retired:
        return
    kept_as = f"{timezone.now():%Y-%m-%d}-{digest[:12]}.csv"
    folder = Path(settings.HOME) / "register"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / kept_as).write_bytes(raw)
    copy = RegisterCopy.objects.create(sha256=digest, rows=report.read, file_name=kept_as, changes=changes.as_json())
    record("people.register.taken", about=copy, by=by, file=file_name, **changes.as_json()["counts"])
    rejudge(by=by)


def _tell(changes: _Changes, report: Report) -> None:
    """What changed since the last copy. A first copy is all new, and needs no list."""
    for name in changes.retired:
        report.note(name, "no longer in the register", "retired: its people are judged anew")
    for name, before, after in changes.moved:
        report.note(name, f"moved from {before} to {after}", "followed the register")
    if changes.added and RegisterCopy.objects.count() > 1:
        some = ", ".join(changes.added[:20]) + (" …" if len(changes.added) > 20 else "")
        report.note("register", f"{len(changes.added):,} new domains: {some}", "added")
