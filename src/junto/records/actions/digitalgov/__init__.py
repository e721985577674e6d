"""Takes in the content of Digital.gov from a checkout of its repository: topics, authors, communities, news, resources
and events.

Each file is its own transaction, so that one bad file spoils nothing else, and a run that was killed is completed by the
next. What was taken is remembered by a digest in `imported_from`: a file that did not change is left alone, and so is a
community that its managers changed since. First every file is read and given its address in Junto; then texts are taken,
so that a link leads to Junto wherever its target does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from junto.audit.actions import record
from junto.kit.reports import Report
from junto.kit.rulings import require
from junto.people.models import Person
from junto.records import rules
from junto.records.actions.digitalgov._authors import Authors
from junto.records.actions.digitalgov._communities import Communities
from junto.records.actions.digitalgov._events import Events
from junto.records.actions.digitalgov._pieces import Pieces
from junto.records.actions.digitalgov._run import Run
from junto.records.actions.digitalgov._topics import Topics

__all__ = ["NoContent", "take"]
Progress = Callable[[int, int], None]


class NoContent(ValueError):
    """The folder holds no content of Digital.gov; the message says what was looked for."""


def take(folder: Path, *, by: Person | None = None, progress: Progress | None = None) -> Report:
    """Take in all that a checkout holds. `folder` is the checkout or its `content` folder.

    `progress` hears how many of how many files are done. Raises NoContent and Refused.
    """
    require(rules.may_import(by))
    content = folder if (folder / "communities").is_dir() else folder / "content"
    if not (content / "communities").is_dir():
        raise NoContent(
            f"{folder} holds no content of Digital.gov: there is no folder “communities” or “content/communities” in it."
        )
    run = Run(content, by)
    parts = (Topics(run), Authors(run), Communities(run), Pieces(run), Events(run))
    steps = [step for part in parts for step in part.plan()]
    for done, (path, step) in enumerate(steps, start=1):
        run.guard(path, step)
        if progress:
            progress(done, len(steps))
    report = run.report
    record("records.digitalgov.imported", by=by, read=report.read, taken=report.taken, skipped=report.skipped)
    return report
