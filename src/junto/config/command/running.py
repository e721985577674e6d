"""Commands that run Junto: serve, demo, and each part alone."""

from __future__ import annotations

import asyncio
import time

import click

from junto.config import environment
from junto.config.command.ground import migrate, open_database, start_django
from junto.config.command.texts import SETTINGS_HELP

QUEUES = ("default", "mail")


@click.command(epilog=SETTINGS_HELP)
def serve() -> None:
    """Run everything: the site, mail intake, workers and the clock. Ctrl-C stops cleanly."""
    started = time.monotonic()
    prepare()
    _announce(started)
    run_tree()


@click.command()
def demo() -> None:
    """Run everything on a fresh throw-away home with a sample community. Nothing leaves this machine."""
    from junto.config import trial

    with trial.throw_away_home() as home:
        start_django()
        prepare()
        trial.fill(say=click.echo)
        click.echo(trial.welcome(home))
        run_tree()
    click.echo("Stopped. The sample community is gone.")


@click.command()
def web() -> None:
    """Run the web server alone."""
    from junto.config import webserver

    webserver.run()


@click.command()
def mailroom() -> None:
    """Run mail intake (LMTP and SMTP) alone."""
    open_database()
    from junto.config import mailroom as part

    part.run()


@click.command()
@click.option("--queue", "queues", multiple=True, type=click.Choice(QUEUES), help="Only tasks of this queue.")
@click.option("--clock/--no-clock", default=True, help="Also put tasks on the queue when they are due.")
@click.option("--until-empty", is_flag=True, help="Stop when no task is left.")
def worker(queues: tuple[str, ...], clock: bool, until_empty: bool) -> None:
    """Run a worker alone: it sends mail and does what is left for later."""
    open_database()
    from junto.config.clock import Clock
    from junto.config.worker import Worker

    part = Worker(list(queues or QUEUES), batch=until_empty)
    part.configure_signals()
    if clock and not until_empty:
        Clock().start()
    part.run()


def prepare() -> None:
    """Tables and static files as this version needs them."""
    start_django()
    from junto.config import static

    if not static.are_built():
        raise click.ClickException(
            "The styles of the pages are not built. Run `make setup` in the folder of the source."
        )
    migrate()
    static.collect()


def run_tree() -> None:
    """The process tree, until SIGTERM or Ctrl-C."""
    from junto.config.supervisor import Part, supervise

    parts = (
        Part("The web server", ("web",)),
        Part("Mail intake", ("mailroom",)),
        Part("The mail worker", ("worker", "--queue", "mail", "--no-clock")),
        Part("The worker", ("worker", "--queue", "default")),
    )
    asyncio.run(supervise(parts, say=click.echo))


def _announce(started: float) -> None:
    read = environment.read
    click.echo(f"Junto at {read('JUNTO_SITE_URL')} (ready in {time.monotonic() - started:.1f} s)")
    click.echo(f"  web   {read('JUNTO_BIND')}:{read('JUNTO_PORT')}")
    for kind in ("LMTP", "SMTP"):
        if (port := read(f"JUNTO_{kind}_PORT")) != "0":
            click.echo(f"  {kind}  {read('JUNTO_BIND')}:{port}  for @{read('JUNTO_LIST_DOMAIN')}")
    click.echo(f"  home  {environment.home()}")
    click.echo("Ctrl-C stops it.")


COMMANDS = (serve, demo, web, mailroom, worker)
