"""Commands that move things in and out: import, export, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from junto.config.command.ground import community_of, open_database, plain_words, progress_of, start_django, tell
from junto.config.command.texts import Lines

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
ARCHIVE = click.Path(exists=True, readable=True, path_type=Path)
NEW = click.Path(path_type=Path)


def _in_a_folder(context: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Ask for the folder before the work, so that no report is lost at its end."""
    if file is not None and not file.absolute().parent.is_dir():
        raise click.BadParameter(f"There is no folder {file.absolute().parent}. Make it first, or name another.")
    return file


report_option = click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_in_a_folder,
    help="Also write the report as JSON.",
)
community_option = click.option("--community", "slug", required=True, help="Slug of the community.")


@click.group("import", cls=Lines)
def take() -> None:
    """Take in what exists elsewhere. Each import can be run again: what is there already is not taken twice."""


@take.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Take the file although it lost more than 5 % of its rows.")
@report_option
def agencies(file: Path, force: bool, report_file: Path | None) -> None:
    """The CISA register of .gov domains (CSV)."""
    open_database()
    from junto.people import actions

    with plain_words():
        tell(actions.take_register(file, by=None, force=force), report_file)


@take.command()
@click.argument("folder", type=FOLDER)
@report_option
def digitalgov(folder: Path, report_file: Path | None) -> None:
    """A checkout of the Digital.gov content: communities, topics, news, resources and authors."""
    open_database()
    from junto.records.actions import digitalgov

    with plain_words(), progress_of("Files") as progress:
        report = digitalgov.take(folder, by=None, progress=progress)
    tell(report, report_file)


@take.command()
@click.argument("file", type=ARCHIVE)
@community_option
@click.option(
    "--workers",
    type=click.IntRange(min=1, max=64),
    help="Processes that read messages, beside the one that writes. Without it: one for each core, at most 4. "
    "With 1, everything happens in one process.",
)
@report_option
def mbox(file: Path, slug: str, workers: int | None, report_file: Path | None) -> None:
    """The archive of a list: an mbox file (also .gz), LISTSERV notebooks, or a folder of them."""
    open_database()
    from junto.records.actions import archive

    _take_into(archive, file, slug, "Messages", report_file, workers=workers or 0)


@take.command()
@click.argument("file", type=FILE)
@community_option
@click.option("--preview", "is_preview", is_flag=True, help="Only say what would happen. Nothing is changed.")
@report_option
def roster(file: Path, slug: str, is_preview: bool, report_file: Path | None) -> None:
    """The members of a list: LISTSERV REVIEW output, a Mailman list (also JSON), or CSV with the columns address and name."""
    open_database()
    from junto.records.actions import roster

    if is_preview:
        return _preview(file, slug, report_file)
    return _take_into(roster, file, slug, "Members", report_file)


def _preview(file: Path, slug: str, report_file: Path | None) -> None:
    from junto.records.queries import rosters

    community = community_of(slug)
    with plain_words():
        foreseen = rosters.preview(file, community=community, by=None)
    for line in rosters.in_words(foreseen):
        click.echo(line)
    if report_file:
        rosters.save_preview(foreseen, file.name, report_file)
        click.echo(f"The whole preview, line by line, is in {report_file}.")


def _take_into(importer: Any, file: Path, slug: str, what: str, report_file: Path | None, **options: Any) -> None:
    community = community_of(slug)
    with plain_words(), progress_of(what) as progress:
        report = importer.take(file, community=community, by=None, progress=progress, **options)
    tell(report, report_file)


@click.group(cls=Lines)
def export() -> None:
    """Hand out what is kept here, in open formats."""


@export.command("community")
@click.argument("slug")
@click.argument("folder", type=NEW)
def export_community(slug: str, folder: Path) -> None:
    """A community: its pages, members, and discussions as mbox and JSON."""
    open_database()
    from junto.records.actions import handing_out

    community = community_of(slug)
    with plain_words():
        handing_out.export(community, folder, by=None)
    click.echo(f"{community} is in {folder}.")


@click.command()
@click.argument("file", type=NEW)
def backup(file: Path) -> None:
    """Save everything (database, mail, files, secret key) in one file, while Junto runs."""
    open_database()
    from junto.records.actions import backup

    with plain_words():
        backup.save(file)
    click.echo(f"Everything is in {file}. It holds the secret key: keep it as safe as the server.")


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put everything back from a backup, into an empty JUNTO_HOME."""
    start_django()
    from junto.records.actions import backup

    with plain_words():
        backup.restore(file)
    click.echo("Everything is back. `junto serve` starts it.")


COMMANDS = (take, export, backup, restore)
