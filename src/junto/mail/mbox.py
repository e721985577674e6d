"""Where the letters lie in an archive file: mbox in its dialects, and LISTSERV notebooks.

A "From " line parts letters only with a header after it, and with a moment on it; after a blank line a year is enough, or
one word alone: "From " in a body is left alone. Reads through mmap: memory does not grow with the file.
"""

from __future__ import annotations

import gzip
import mmap
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_NOTEBOOK = re.compile(rb"^={73}\r?\n", re.MULTILINE)
_BREAK = b"\nFrom "
_FROM = re.compile(rb"From [^\r\n]*\r?\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MARK = b"=" * 73
_FORGET_EACH = 1 << 20
_DATED = re.compile(rb"\d{1,2}:\d{2}(?::\d{2})?.*(?:19|20)\d{2}|(?:19|20)\d{2}.*\d{1,2}:\d{2}")
_LOOSE = re.compile(rb"From \S+[ \t]*\r?\n|From .*\b(?:19|20)\d{2}\b")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")


class Slice(NamedTuple):
    """One letter in a file: where its bytes begin, how many they are, and the From_ line before it."""

    begin: int
    length: int
    from_line: bytes


class Archive:
    """An archive file that is open for reading, letter by letter. Raises OSError where it cannot be."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._is_quoted = os.pread(self._file, len(_MARK), 0) != _MARK

    def close(self) -> None:
        os.close(self._file)

    def raw(self, begin: int, length: int) -> bytes:
        """Bytes as they are in the file. Raises OSError, and EOFError where it ends before them."""
        raw = os.pread(self._file, length, begin)
        while len(raw) < length:
            more = os.pread(self._file, length - len(raw), begin + len(raw))
            if not more:
                raise EOFError(f"{self.path} ends before byte {begin + length}")
            raw += more
        return raw

    def letter(self, begin: int, length: int) -> bytes:
        """One letter, as it was before the archive quoted its "From " lines (mboxrd). Raises OSError, EOFError."""
        raw = self.raw(begin, length)
        return unquoted(raw) if self._is_quoted else raw


def letter_at(path: Path, begin: int, length: int) -> bytes:
    """One letter of a file, as it was before the archive quoted its "From " lines (mboxrd). Raises OSError, EOFError."""
    archive = Archive(str(path))
    try:
        return archive.letter(begin, length)
    finally:
        archive.close()


def unquoted(raw: bytes) -> bytes:
    """A letter with ">From " turned back into "From ", one mark taken off (mboxrd)."""
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw else raw


def slices(path: Path) -> Iterator[Slice]:
    """The letters of one file, in order. A file without any From_ line or separator is one letter."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        finder = _notebook(data) if _NOTEBOOK.match(data) else _mbox(data)
        begin, line = 0, b""
        for start, after, next_line in finder:
            if data[begin:start].strip():
                yield Slice(begin, start - begin, line)
            begin, line = after, next_line
        if data[begin:].strip():
            yield Slice(begin, len(data) - begin, line)


def _notebook(data: mmap.mmap) -> Iterator[tuple[int, int, bytes]]:
    for match in _NOTEBOOK.finditer(data):
        if _HEADER.match(data[match.end() : match.end() + 200]):
            yield match.start(), match.end(), b""


def _mbox(data: mmap.mmap) -> Iterator[tuple[int, int, bytes]]:
    for match in _lines(data):
        before = data[max(match.start() - 3, 0) : match.start()]
        after_blank = match.start() == 0 or before.replace(b"\r", b"").endswith(b"\n\n")
        has_header = bool(_HEADER.match(data[match.end() : match.end() + 200]))
        if has_header and (_DATED.search(match[0]) or (after_blank and _LOOSE.match(match[0]))):
            yield match.start(), match.end(), match[0]


def _lines(data: mmap.mmap) -> Iterator[re.Match[bytes]]:
    """The lines that begin with "From ". What lies behind is given back to the system: memory does not grow."""
    if match := _FROM.match(data, 0):
        yield match
    for begin in range(0, len(data), _FORGET_EACH):
        piece = data[begin : begin + _FORGET_EACH + len(_BREAK) - 1]
        place = piece.find(_BREAK)
        while place >= 0:
            if match := _FROM.match(data, begin + place + 1):
                yield match
            place = piece.find(_BREAK, place + 1)
        data.madvise(mmap.MADV_DONTNEED, 0, begin // mmap.PAGESIZE * mmap.PAGESIZE)


def files(path: Path) -> list[Path]:
    """The archive files under a path: itself, or everything in a folder but LISTSERV's binary indexes."""
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.upper() not in (".DBNAMES", ".DBINDEX"))


def unpacked(path: Path, folder: str) -> Path:
    """The file itself, or what a .gz holds, written to a temporary folder piece by piece."""
    if path.suffix != ".gz":
        return path
    plain = Path(folder) / path.stem
    with gzip.open(path) as packed, plain.open("wb") as out:
        shutil.copyfileobj(packed, out, 1 << 20)
    return plain
