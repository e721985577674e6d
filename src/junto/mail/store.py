"""The mail store: raw letters and files, kept under the digest of their bytes, on disk before anybody says 250."""

from __future__ import annotations

import os
import re
import shutil
from hashlib import file_digest, sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from junto.mail import mbox

_PIECE = re.compile(r"(pack/[0-9a-f]{64}):(\d{1,15})\+(\d{1,12})", re.ASCII)


class NotStored(LookupError):
    """The store has nothing under that key."""


def put(content: bytes) -> str:
    """Keep bytes; returns their key. They are on disk (fsync of file and folder) when this returns."""
    digest = sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest[2:4]}/{digest}"
    path = _path(key)
    if _is_whole(path, len(content)):
        _sync_folder(path.parent)
    else:
        _write(path, content)
    return key


def put_pack(path: Path) -> str:
    """Keep a whole archive file, once; returns its key. A letter in it has the key `<pack>:<offset>+<length>`."""
    with path.open("rb") as file:
        key = f"pack/{file_digest(file, 'sha256').hexdigest()}"
        kept = _path(key)
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft = kept.with_name(f"{kept.name}.{os.getpid()}.draft")
            file.seek(0)
            with draft.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            draft.replace(kept)
            _sync_folder(kept.parent)
    return key


def path_of_pack(key: str) -> Path:
    """Where a pack lies, for whoever reads all of it."""
    return _path(key)


def get(key: str) -> bytes:
    """The bytes under a key: a file, or a letter out of a pack. Raises NotStored."""
    piece = _PIECE.fullmatch(key)
    try:
        return mbox.letter_at(_path(piece[1]), int(piece[2]), int(piece[3])) if piece else _path(key).read_bytes()
    except (OSError, EOFError):
        raise NotStored(key) from None


def _root() -> Path:
    return Path(settings.HOME) / "mail"


def _path(key: str) -> Path:
    return _root() / key


def _is_whole(path: Path, size: int) -> bool:
    """Whether the file is there with all its bytes: one that a crash or a full disk cut short is written anew."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid4().hex}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    for folder in (path.parent, path.parent.parent, _root()):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
