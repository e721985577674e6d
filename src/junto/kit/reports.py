"""What an import says of itself: how much it read, took, repaired and skipped, and each problem with its place."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    where: str
    what: str
    done: str


@dataclass(slots=True)
class Report:
    """Counts of one import, and its problems in the order met."""

    read: int = 0
    taken: int = 0
    already_there: int = 0
    repaired: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)

    def note(self, where: str, what: str, done: str) -> None:
        """Write down a problem: where it is, what it is, what was done about it."""
        self.problems.append(Problem(where, what, done))

    def save(self, path: Path) -> None:
        """Write the report as JSON, in the form that docs/reference/imports.md fixes."""
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def summary(self) -> str:
        """One line for people."""
        return (
            f"Read {self.read:,}: took {self.taken:,}, already there {self.already_there:,}, "
            f"repaired {self.repaired:,}, skipped {self.skipped:,}."
        )
