"""What the help pages share: the list of settings, and commands in the order of a day's work instead of the alphabet."""

from __future__ import annotations

import click

from junto.config import environment


def _setting_line(setting: environment.Setting) -> str:
    value = "(set)" if setting.name == "JUNTO_SECRET_KEY" and environment.read(setting.name) else ""
    return f"  {setting.name}\n      {setting.purpose} [now: {value or environment.read(setting.name) or 'empty'}]"


SETTINGS_HELP = "\b\nSettings, read from the environment:\n" + "\n".join(map(_setting_line, environment.SETTINGS))


class Lines(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)
