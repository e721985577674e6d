"""The `junto` command. Django is loaded by the commands that need it, so that `--help` is there at once."""

from __future__ import annotations

import click

from junto.config.command import asking, doctor, moving, running
from junto.config.command.texts import SETTINGS_HELP, Lines


@click.group(cls=Lines, epilog=SETTINGS_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="junto", message="%(version)s")
def main() -> None:
    """Junto runs communities of practice for government.

    Exit codes: 0 done; 1 not done, the message says why; 2 the command was not understood.
    """


for command in (*running.COMMANDS, *moving.COMMANDS, *doctor.COMMANDS, *asking.COMMANDS):
    main.add_command(command)
