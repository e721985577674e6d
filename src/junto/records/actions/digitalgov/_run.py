"""What every part of the import shares: the site, the report, and a guard around each file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from junto.kit.hugo.front_matter import Content, Unreadable
from junto.kit.reports import Report
from junto.people.models import Person
from junto.records.actions.digitalgov._site import Site

Step = Callable[[Path, Content, str], None]


class Run:
    """One run over a checkout: its site, who runs it, and the report that grows."""

    def __init__(self, content: Path, by: Person | None) -> None:
        self.site, self.by, self.report = Site(content), by, Report()

    def guard(self, path: Path, step: Step) -> None:
        """Take one file in a transaction of its own. A bad one is told, and stops nothing."""
        where = self.site.where(path)
        try:
            content = self.site.read(path)
            with transaction.atomic():
                step(path, content, where)
        except Unreadable as error:
            self.skip(where, str(error))
        except Exception as error:  # one file, whatever it holds, must not stop the others
            self.skip(where, f"{type(error).__name__}: {str(error)[:200]}")

    def skip(self, where: str, what: str) -> None:
        self.report.read += 1
        self.report.skipped += 1
        self.report.note(where, what, "the file was skipped")

    def count(self, is_new: bool, repairs: list[str], where: str) -> None:
        """One file more: taken, or there already; and what had to be mended in it."""
        self.report.read += 1
        self.report.taken += is_new
        self.report.already_there += not is_new
        self.report.repaired += bool(repairs)
        for repair in repairs:
            self.report.note(where, repair, "taken with that mended")
