"""Writes docs/reference/settings.md and commands.md from the program itself: `python -m junto.config.reference`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from junto.config import environment
from junto.config.command import main

INTRODUCTION = "<!-- Written by `make docs` from the program. Change the program instead. -->\n"


def settings_page() -> str:
    rows = "".join(
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else 'empty'} | {setting.purpose} |\n"
        for setting in environment.SETTINGS
    )
    return (
        f"{INTRODUCTION}# Settings\n\nJunto reads its settings from environment variables. All have safe defaults; "
        "`junto serve --help` shows the values in force.\n\n| Name | Default | What it is for |\n|---|---|---|\n" + rows
    )


def commands_page() -> str:
    parts = "\n".join(_section(name, command) for name, command in _commands(main, "junto"))
    return (
        f"{INTRODUCTION}# Commands\n\nExit codes: 0 done; 1 not done, and the message says why; 2 the command was not "
        f"understood. Settings are in [settings](settings.md).\n\n{parts}"
    )


def _commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    named = [option for option in command.params if isinstance(option, click.Option)]
    options = [record for record in (option.get_help_record(context) for option in named) if record]
    lines = [f"- `{flag}` {text}".rstrip() for flag, text in options]
    body = [
        f"## {name}\n",
        f"    {name} {usage}\n".replace(" [OPTIONS]", "" if not lines else " [OPTIONS]"),
        command.help,
    ]
    return "\n".join([*filter(None, body), *([""] if lines else []), *lines, ""])


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "commands.md": commands_page}


def write() -> None:
    """Write both pages under docs/reference/."""
    folder = Path(__file__).resolve().parents[3] / "docs" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
