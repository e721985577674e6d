"""What the report says of an archive: every repair is counted; of each kind the first thousand are told with their place."""

from __future__ import annotations

import re
from collections import Counter

from junto.kit.reports import Report

MOST_OF_A_KIND = 1_000
MOST_KINDS = 200
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\d+")


class Notes:
    """Writes into a report, within bounds that do not grow with the archive."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._told: Counter[str] = Counter()

    def repaired(self, where: str, what: str, done: str) -> None:
        self.report.repaired += 1
        self._tell(where, what, done)

    def skipped(self, where: str, what: str) -> None:
        self.report.skipped += 1
        self._tell(where, what, "skipped")

    def close(self) -> None:
        """Says how many of a kind were left out."""
        for kind, count in self._told.items():
            if count > MOST_OF_A_KIND:
                self.report.note("the archive", f"{kind}: {count:,} in all", f"the first {MOST_OF_A_KIND:,} are listed")

    def _tell(self, where: str, what: str, done: str) -> None:
        kind = _PARTICULAR.sub("…", what)[:80]
        if kind not in self._told and len(self._told) >= MOST_KINDS:
            kind = "other problems"
        self._told[kind] += 1
        if self._told[kind] <= MOST_OF_A_KIND:
            self.report.note(where, what, done)
