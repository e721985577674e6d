"""Commands that answer a question: judge, bench; and Django's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

import click

from junto.config.bench import BENCHES, throw_away_home
from junto.config.command.ground import open_database, plain_words, start_django


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
@click.option("--size", type=click.IntRange(min=1), default=None, help="How many recipients, messages or pages.")
@click.option("--signed", "is_signed", is_flag=True, help="fanout: sign each copy.")
def bench(what: str, as_json: bool, size: int | None, is_signed: bool) -> None:
    """Measure the numbers of docs/performance.md on this machine, in a throw-away home."""
    if is_signed and what != "fanout":
        raise click.UsageError("--signed is for fanout.")
    with throw_away_home():
        open_database()
        try:
            run = import_module(f"junto.config.bench.{what}").run
        except ModuleNotFoundError:
            raise click.ClickException(f"The bench “{what}” does not exist yet.") from None
        with plain_words():
            results = run(
                **({BENCHES[what].counts: size} if size else {}), **({"is_signed": True} if is_signed else {})
            )
    click.echo(json.dumps(results, default=str) if as_json else _table(results))


def _table(results: dict[str, object]) -> str:
    rounds = results.pop("rounds", None)
    width = max(map(len, results), default=0)
    lines = [f"{name:<{width}}  {_figure(value)}" for name, value in results.items()]
    return "\n".join(lines + (_side_by_side(rounds) if isinstance(rounds, list) else []))


def _side_by_side(rounds: list[dict[str, object]]) -> list[str]:
    """One row for each round, one column for each figure."""
    head = list(rounds[0])
    rows = [head, *([_figure(one[name]) for name in head] for one in rounds)]
    return ["", *("  ".join(f"{cell:>{len(name)}}" for name, cell in zip(head, row, strict=True)) for row in rows)]


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


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
