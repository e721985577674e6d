"""What commands stand on: Django loaded, a database with tables, mistakes told in words, progress on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

if TYPE_CHECKING:
    from junto.communities.models import Community
    from junto.kit.reports import Report

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are in all (0: nobody knows)."""


def start_django() -> None:
    """Load the settings and the rooms. Costs about half a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junto.config.settings")
    import django

    django.setup()


def open_database() -> None:
    """Load Django and make sure of the tables: a new SQLite is made on the spot, anything else must be migrated."""
    start_django()
    from django.conf import settings
    from django.db import DatabaseError, connection

    new = connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists()
    if new:
        migrate()
        return
    try:
        missing = "people_person" not in connection.introspection.table_names()
    except DatabaseError as problem:
        raise click.ClickException(
            f"The database does not answer: {str(problem).strip()}\nCheck JUNTO_DATABASE_URL, and that it runs."
        ) from None
    if missing:
        raise click.ClickException("The database has no tables yet. Run `junto manage migrate` first.")


def migrate() -> None:
    """Bring the tables up to date, making JUNTO_HOME where it is missing."""
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)


@contextmanager
def plain_words() -> Iterator[None]:
    """Turn what can go wrong with files and rules into a message without a traceback."""
    from junto.kit.rulings import Refused

    try:
        yield
    except Refused as refusal:
        raise click.ClickException(refusal.ruling.reason) from None
    except (OSError, ValueError) as problem:
        if os.environ.get("JUNTO_DEBUG"):
            raise
        raise click.ClickException(str(problem)) from None


@contextmanager
def progress_of(what: str) -> Iterator[Progress]:
    """A progress bar on a terminal, a plain line for each tenth elsewhere. Both on the error stream."""
    if sys.stderr.isatty():
        with tqdm(desc=what, unit="", dynamic_ncols=True) as bar:
            yield _moving(bar)
    else:
        yield _plain_lines(what)


def _moving(bar: tqdm[None]) -> Progress:
    def show(done: int, total: int = 0) -> None:
        bar.total = total or None
        bar.update(done - bar.n)

    return show


def _plain_lines(what: str) -> Progress:
    said = 0

    def show(done: int, total: int = 0) -> None:
        nonlocal said
        step = max(total // 10, 1) if total else 1000
        if done // step > said:
            said = done // step
            click.echo(f"{what}: {done:,}" + (f" of {total:,}" if total else ""), err=True)

    return show


def community_of(slug: str) -> Community:
    """The community of a slug; a usage error names those that exist."""
    from junto.communities.models import Community

    found = Community.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Community.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none yet"
        raise click.UsageError(f"There is no community “{slug}”. Those here: {known}.")
    return found


def tell(report: Report, file: Path | None) -> None:
    """Print what an import did, keep it as JSON when asked, and fail when a mistake let nothing through."""
    for problem in report.problems[:20]:
        click.echo(f"  {problem.where}: {problem.what} ({problem.done})")
    if len(report.problems) > 20:
        click.echo(f"  … and {len(report.problems) - 20:,} more; --report FILE keeps them all.")
    click.echo(report.summary())
    if file:
        report.save(file)
        click.echo(f"The whole report is in {file}.")
    if report.problems and not (report.taken or report.already_there):
        sys.exit(1)
