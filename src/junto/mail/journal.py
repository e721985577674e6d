"""Whom a relay has taken, noted in the moment in which its 250 is heard, so that a killed worker tells nobody twice.

The checkpoint in the database lags behind what was sent (delivery.WINDOW). Between two checkpoints each accepted key
goes into a file that is mapped into memory, which costs a quarter of a microsecond: what a process wrote there outlives the
process, even one that is killed, because it is in the page cache. Nothing is flushed to disk, so a machine that loses
its power falls back to the window. docs/decisions/0010-journal-of-accepted.md has the whole reasoning.

A file is JUNTO_HOME/mail/journal/<name>.<random>, one for each run. Its head names mailing and shard by a digest, and
holds a random number (the salt) with which every key is mixed: what is torn, zero or garbage becomes no key in the range that
the reader asked for. A wrong entry would leave somebody out, so whatever is in doubt is not believed.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import secrets
import struct
import time
from array import array
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from junto.mail.models import Mailing

log = logging.getLogger(__name__)

ROOM = 8_192
KEPT = 7 * 24 * 3600.0
_HEAD = struct.Struct("=8s16sq")
_MAGIC = b"JUNTOJ1\n"
_WIDTH = 8
_SALTED = 1 << 62


class Journal:
    """The accepted keys of one run. Where no file can be written the run goes on without, and a line of the log says so."""

    __slots__ = ("_at", "_before", "_map", "_path", "_records", "_room", "_salt", "_tag", "name")

    def __init__(self, name: str, tag: bytes, *, room: int = ROOM, known: Collection[int] = ()) -> None:
        """`room` is how many keys it holds; `known` were accepted in an earlier run."""
        self.name, self._tag, self._room = name, tag, room
        self._path: Path | None = None
        self._map: mmap.mmap | None = None
        self._at = self._salt = 0
        self._records: memoryview[int]
        self._open()
        for key in known:
            self.add(key)
        self._before = -len(known)

    @property
    def is_kept(self) -> bool:
        """False where no file could be written."""
        return self._map is not None

    @property
    def count(self) -> int:
        """How many were accepted in this run."""
        return self._before + self._at

    def add(self, key: int) -> None:
        """Note that a key was accepted. Never raises: a journal that is full costs a repetition, not the mailing."""
        at = self._at
        self._at = at + 1
        try:
            self._records[at] = key ^ self._salt
        except IndexError:
            return

    def make_room(self, above: int, *, for_more: int) -> None:
        """Begin another file with the keys above the checkpoint, where fewer than `for_more` would still fit."""
        if self._at + for_more <= self._room:
            return
        kept = [key for key in self._keys() if key > above]
        older, before = self._path, self.count
        self._let_go()
        self._open()
        for key in kept:
            self.add(key)
        self._before = before - self._at
        _remove(older)

    def close(self) -> None:
        """End the run; the file stays for whoever leases the shard next."""
        self._let_go()

    def remove(self) -> None:
        """End the run; all is settled and nobody needs the file."""
        self._let_go()
        _remove(self._path)

    def _keys(self) -> list[int]:
        salt = self._salt
        return [record ^ salt for record in self._records[: min(self._at, self._room)]]

    def _open(self) -> None:
        self._at = 0
        self._salt = _SALTED | secrets.randbits(61)
        try:
            self._map = self._mapped()
            self._records = memoryview(self._map)[_HEAD.size :].cast("q")
        except (OSError, ValueError) as problem:
            log.warning("No journal of accepted recipients, so a kill may repeat up to a checkpoint: %s", problem)
            _remove(self._path)
            self._path = self._map = None
            self._records = memoryview(bytearray(self._room * _WIDTH)).cast("q")

    def _mapped(self) -> mmap.mmap:
        """The file, written full of zeros first: a disk that fills up later must not stop a process that writes to it."""
        self._path = _folder() / f"{self.name}.{uuid4().hex[:16]}"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        size = _HEAD.size + self._room * _WIDTH
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            written = os.write(descriptor, _HEAD.pack(_MAGIC, self._tag, self._salt).ljust(size, b"\0"))
            if written < size:
                raise OSError("the disk is full")
            return mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)

    def _let_go(self) -> None:
        if self._map is not None:
            self._records.release()
            self._map.close()
            self._map = None
            self._records = memoryview(bytearray(self._room * _WIDTH)).cast("q")


class Busy(Exception):
    """A living process of this machine carries the shard, although its lease has ended."""


class Turn:
    """The right of one process of a machine to carry a shard: a lock on a byte of one file, which ends with the process.

    A lease may end while its worker lives: a clock jumps, or the machine was asleep. Whoever takes the lease then waits until
    that worker has noticed, so that the two never send to the same readers. Raises Busy.
    """

    __slots__ = ("_descriptor",)

    def __init__(self, shard: int) -> None:
        self._descriptor = -1
        try:
            _folder().mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(_folder().parent / "shards.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, shard)
        except BlockingIOError:
            self.close()
            raise Busy(f"Shard {shard} is carried by another process.") from None
        except OSError as problem:
            log.warning("No lock on shard %s, so only its lease keeps others away: %s", shard, problem)

    def close(self) -> None:
        """Let others have their turn."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def tag_of(mailing: Mailing, part: object) -> bytes:
    """What tells this part of this mailing from any other, also from one of a database that was there before."""
    told = f"{mailing.pk}:{part}:{mailing.created_at.isoformat()}:"
    return sha256(told.encode() + bytes(mailing.pieces)).digest()[:16]


def read(name: str, tag: bytes, *, after: int, upto: int) -> set[int]:
    """The keys with after < key ≤ upto that earlier runs under this name have noted."""
    known: set[int] = set()
    for path in _files(f"{name}."):
        try:
            content = path.read_bytes()
        except OSError as problem:
            log.warning("A journal of accepted recipients cannot be read: %s", problem)
            continue
        known.update(key for key in _read(content, tag) if after < key <= upto)
    return known


def take_over(name: str, tag: bytes, *, after: int, upto: int, room: int) -> tuple[Journal, set[int]]:
    """A journal for this run, which begins with what earlier runs noted, and those keys. Earlier files are removed."""
    earlier = _files(f"{name}.")
    known = read(name, tag, after=after, upto=upto)
    journal = Journal(name, tag, room=room + len(known), known=known)
    if journal.is_kept:
        for path in earlier:
            _remove(path)
    return journal, known


def forget(mailing_id: int) -> None:
    """Remove all files of a mailing: it is done."""
    for path in _files(f"{mailing_id}."):
        _remove(path)


def prune() -> None:
    """Remove files that nobody has touched for a week: another machine has finished their shards."""
    for path in _files(""):
        try:
            if path.stat().st_mtime < time.time() - KEPT:
                path.unlink()
        except OSError:
            continue


def _read(content: bytes, tag: bytes) -> list[int]:
    if len(content) < _HEAD.size:
        return []
    magic, found, salt = _HEAD.unpack_from(content)
    if magic != _MAGIC or found != tag:
        return []
    whole = (len(content) - _HEAD.size) // _WIDTH * _WIDTH
    return [record ^ salt for record in array("q", content[_HEAD.size : _HEAD.size + whole])]


def _folder() -> Path:
    return Path(settings.HOME) / "mail" / "journal"


def _files(prefix: str) -> list[Path]:
    try:
        with os.scandir(_folder()) as entries:
            return [Path(entry.path) for entry in entries if entry.name.startswith(prefix)]
    except OSError:
        return []


def _remove(path: Path | None) -> None:
    if path is not None:
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            log.warning("A journal of accepted recipients stays behind: %s", problem)
