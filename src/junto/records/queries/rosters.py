"""What a roster would do, and what it did, in the words and the files of the shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.communities.queries import RosterOutcome, RosterPreview, RosterRow
from junto.kit.reports import Report
from junto.people.models import Person


def preview(path: Path, *, community: Community, by: Person | None = None) -> RosterPreview:
    """What `actions.roster.take` would do now; nothing is changed. Raises the same."""
    return communities.preview_roster(community=community, text=text_of(path), file=path.name, by=by)


def report_of(roster: RosterPreview, file: str) -> Report:
    """The report of DESIGN: what was or would be done, and a problem for each line that is not simply taken."""
    counts = roster.counts
    report = Report(
        read=len(roster.rows),
        taken=counts[RosterOutcome.NEW] + counts[RosterOutcome.WAITS],
        already_there=counts[RosterOutcome.THERE],
        repaired=roster.repaired,
        skipped=counts[RosterOutcome.REFUSED] + counts[RosterOutcome.UNREADABLE],
    )
    for row in roster.rows:
        where = f"{file}, line {row.line}: {row.address}".rstrip(": ")
        for repair in row.repairs:
            report.note(where, repair, gettext("read like that"))
        if row.outcome in _DONE:
            report.note(where, row.reason, str(_DONE[row.outcome]))
    return report


def save_preview(roster: RosterPreview, file: str, path: Path) -> None:
    """Write the report of a preview as JSON: the same form, marked as a preview, with a row for each line."""
    told: dict[str, Any] = {"preview": True, "form": roster.form, **asdict(report_of(roster, file))}
    told["outcomes"] = {outcome.value: number for outcome, number in roster.counts.items()}
    told["rows"] = [_row(row) for row in roster.rows]
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def in_words(roster: RosterPreview, most: int = 20) -> Iterator[str]:
    """A preview for a terminal: `most` lines that are not simply taken, then how many of each outcome."""
    told = [row for row in roster.rows if row.repairs or row.outcome not in (RosterOutcome.NEW, RosterOutcome.THERE)]
    for row in told[:most]:
        why = "; ".join((*row.repairs, row.reason))
        yield f"  line {row.line}: {row.address or row.name}: {row.outcome.label}. {why}"
    if len(told) > most:
        yield gettext("  … and %(number)s more; --report FILE keeps them all.") % {"number": f"{len(told) - most:,}"}
    counted = ", ".join(f"{outcome.label.lower()} {number:,}" for outcome, number in roster.counts.items())
    yield gettext("%(form)s with %(lines)s lines: %(counted)s; to be repaired %(repaired)s. Nothing was changed.") % {
        "form": roster.form,
        "lines": f"{len(roster.rows):,}",
        "counted": counted,
        "repaired": f"{roster.repaired:,}",
    }


_DONE = {
    RosterOutcome.WAITS: _("waits for a manager"),
    RosterOutcome.REFUSED: _("skipped"),
    RosterOutcome.UNREADABLE: _("skipped"),
}


def _row(row: RosterRow) -> dict[str, Any]:
    return {**asdict(row), "outcome": row.outcome.value, "repairs": list(row.repairs)}


def text_of(path: Path) -> str:
    """The text of a file, in whatever charset a spreadsheet saved it."""
    return communities.roster_text(path.read_bytes())
