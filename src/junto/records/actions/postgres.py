"""Calls PostgreSQL's own pg_dump and pg_restore for the database in use."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection


class ToolFailed(RuntimeError):
    """The program is not there, or said no; the message holds its words."""


def dump(path: Path) -> None:
    """Write one consistent snapshot in the custom format. Raises ToolFailed."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def load(path: Path) -> None:
    """Read a snapshot into the database in one transaction. Raises ToolFailed."""
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(path))


def _run(name: str, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise ToolFailed(
            f"{name} is not installed here. Install the postgresql-client package of your server’s version."
        )
    given = connection.settings_dict
    where = [
        f"--{option}={given[key]}"
        for option, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER"))
        if given[key]
    ]
    environment = os.environ | ({"PGPASSWORD": str(given["PASSWORD"])} if given["PASSWORD"] else {})
    done = subprocess.run(  # noqa: S603 the program and its options are ours
        [program, *where, f"--dbname={given['NAME']}", "--no-password", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"{name} could not do its work: {done.stderr.strip()[:500]}")
