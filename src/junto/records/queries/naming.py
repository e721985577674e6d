"""Names of files that are handed out: what came from outside names a file, and never a folder."""

from __future__ import annotations

import re
from pathlib import Path

_UNSAFE = re.compile(r"[^\w.@+ -]+")


def plain_name(name: str) -> str:
    """A file name that stays where it is put, on every system: 120 characters at most, never empty."""
    return _UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(" .")[-120:] or "file"
