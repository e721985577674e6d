"""Commands that answer a question: judge, bench; and Django's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

import click

from junto.config.bench import BENCHES
from junto.config.command.ground import open_database, start_django


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
def judge(addresses: tuple[str, ...]) -> None:
    """Say who each address is and what it may join, as JSON lines. `-` reads addresses from the standard input."""
    open_database()
    from junto.people import queries

    for judgement in queries.judge_many(_each(addresses)):
        click.echo(json.dumps(queries.judgement_as_json(judgement), ensure_ascii=False))


def _each(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if address == "-":
            yield from (line.strip() for line in sys.stdin if line.strip())
        else:
            yield address


@click.command()
@click.argument("what", type=click.Choice(list(BENCHES)))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--size", type=int, default=None, help="How many recipients, messages or pages.")
def bench(what: str, as_json: bool, size: int | None) -> None:
    """Measure the numbers of docs/performance.md on this machine, in a throw-away home."""
    BENCHES[what].prepare()
    start_django()
    run = import_module(f"junto.config.bench.{what}").run
    results = run(size=size) if size else run()
    if as_json:
        click.echo(json.dumps(results, default=str))
        return
    width = max(map(len, results), default=0)
    for name, value in results.items():
        click.echo(f"{name:<{width}}  {value:,.2f}" if isinstance(value, float) else f"{name:<{width}}  {value}")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run Django’s own commands: migrate, shell, dbshell, createsuperuser …"""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["junto manage", *arguments])


COMMANDS = (judge, bench, manage)
