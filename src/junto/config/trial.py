"""`junto demo`: a throw-away home, ports that are free, a sample community, and what to do with it."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from junto.config import environment

PORTS = ("JUNTO_PORT", "JUNTO_LMTP_PORT", "JUNTO_SMTP_PORT")

WELCOME = """
Junto is running with a sample community: {site}

  Look around     {site}/communities/customer-experience/
  Sign in         {site}/sign-in/ as ada@gsa.gov (manages the community), ben@epa.gov (member),
                  cleo@epa.gov (may join) or hal@gsa.gov (runs the site). The code is in the outbox.
  Read the mail   {site}/outbox/ shows every message that Junto sent. None leaves this machine.
  Send it a mail  the command below posts to the list as Ben. Mail from a program proves nothing about
                  its author, so Junto asks Ben in the outbox to confirm.

{command}

  Everything lies in {home} and is removed when you stop. Ctrl-C stops it.
"""

COMMAND = """printf 'From: Ben Brooks <ben@epa.gov>\\nTo: cx-cop@{domain}\\nSubject: Hello from the shell\\n\\nDoes this arrive?\\n' \\
  | curl --silent --show-error smtp://{bind}:{port} --mail-from ben@epa.gov --mail-rcpt cx-cop@{domain} --upload-file -"""


@contextmanager
def throw_away_home() -> Iterator[Path]:
    """Point the settings at a new folder and free ports; removes the folder at the end."""
    home = Path(tempfile.mkdtemp(prefix="junto-demo-"))
    taken: set[int] = set()
    for name in PORTS:
        os.environ[name] = str(free_port(int(environment.read(name)), taken))
    os.environ |= {
        "JUNTO_HOME": str(home),
        "JUNTO_DATABASE_URL": "",
        "JUNTO_RELAY_URL": "outbox:",
        "JUNTO_DEBUG": "on",
        "JUNTO_CHECK_LINKS": "off",
        "JUNTO_SITE_URL": f"http://localhost:{environment.read('JUNTO_PORT')}",
    }
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def free_port(wanted: int, taken: set[int]) -> int:
    """The port wanted, or the next one above it that nobody listens on."""
    bind = environment.read("JUNTO_BIND")
    port = next(port for port in range(wanted, 65_536) if port not in taken and _is_free(bind, port))
    taken.add(port)
    return port


def _is_free(bind: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True


def fill(*, say: Callable[[str], None]) -> None:
    """Make the sample community."""
    from junto.config import sample

    say("Making a sample community …")
    sample.make(say=say)


def welcome(home: Path) -> str:
    """What to do now, for the terminal."""
    read = environment.read
    command = COMMAND.format(domain=read("JUNTO_LIST_DOMAIN"), bind=read("JUNTO_BIND"), port=read("JUNTO_SMTP_PORT"))
    return WELCOME.format(site=read("JUNTO_SITE_URL"), command=command, home=home)
