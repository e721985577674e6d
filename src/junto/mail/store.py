"""The mail store: raw letters and files, kept under the digest of their bytes, on disk before anybody says 250."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings


class NotStored(LookupError):
    """The store has nothing under that key."""


def put(content: bytes) -> str:
    """Keep bytes; returns their key. They are on disk (fsync of file and folder) when this returns."""
    digest = sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest[2:4]}/{digest}"
    path = _path(key)
    if not path.exists():
        _write(path, content)
    return key


def get(key: str) -> bytes:
    """The bytes under a key. Raises NotStored."""
    try:
        return _path(key).read_bytes()
    except FileNotFoundError:
        raise NotStored(key) from None


def _root() -> Path:
    return Path(settings.HOME) / "mail"


def _path(key: str) -> Path:
    return _root() / key


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
