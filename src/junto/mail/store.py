"""The mail store: raw letters and files, on disk before anybody says 250.

A file or a letter written here lies under the digest of its bytes. Letters that are taken in together are appended to
one file, a lot, with one fsync for all of them (decision 0011); an archive that was brought in is a pack. A letter in a
lot or a pack is named by its place: `<file>:<offset>+<length>`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from junto.mail import mbox

LARGEST_LOT = 64_000_000
_PIECE = re.compile(r"(pack/[0-9a-f]{64}|lot/\d{8}-[0-9a-f]{16}):(\d{1,15})\+(\d{1,12})", re.ASCII)
_LABEL = 78
"""Bytes before each letter of a lot: its length, its digest, a line end. So a lot can be read without the database."""


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
        if not piece:
            return _path(key).read_bytes()
        read = _letter_of_lot if key.startswith("lot/") else mbox.letter_at
        return read(_path(piece[1]), int(piece[2]), int(piece[3]))
    except (OSError, EOFError):
        raise NotStored(key) from None


class Lots:
    """Keeps letters that come together. For one thread; every process writes files of its own."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._key = ""
        self._end = 0

    def put(self, contents: Sequence[bytes]) -> list[str]:
        """Append letters; returns their keys. They are on disk when this returns. Raises OSError, and keeps none then."""
        if self._file is None or self._end > LARGEST_LOT or not self._key.startswith(_day()):
            self._open()
        assert self._file is not None
        began = self._end
        keys: list[str] = []
        parts: list[bytes] = []
        for content in contents:
            parts += (_label(content), content)
            keys.append(f"{self._key}:{began + _LABEL}+{len(content)}")
            began += _LABEL + len(content)
        try:
            _write_all(self._file, b"".join(parts))
            os.fsync(self._file)
        except BaseException:
            self._abandon()
            raise
        self._end = began
        return keys

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> None:
        self.close()
        self._key = f"{_day()}-{uuid4().hex[:16]}"
        path = _path(self._key)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._end = 0
        try:
            for folder in (path.parent, _root(), _root().parent):
                _sync_folder(folder)
        except BaseException:
            self._abandon()
            raise

    def _abandon(self) -> None:
        """After a failure nobody knows what of the file is on disk (fsync reports it once), so the next lot has its own."""
        assert self._file is not None
        with suppress(OSError):
            os.ftruncate(self._file, self._end)
        self.close()


def _day() -> str:
    return f"lot/{timezone.now():%Y%m%d}"


def _label(content: bytes) -> bytes:
    return b"%012d %s\n" % (len(content), sha256(content).hexdigest().encode())


def _write_all(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _letter_of_lot(path: Path, begin: int, length: int) -> bytes:
    """One letter of a lot. Raises OSError and EOFError, also where the bytes are not those of its label."""
    with path.open("rb") as file:
        file.seek(max(begin - _LABEL, 0))
        label, content = file.read(_LABEL), file.read(length)
    if begin < _LABEL or len(content) != length or label != _label(content):
        raise EOFError(f"{path} holds no letter of {length} bytes at {begin}")
    return content


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
