"""Reads very many letters of archive files, in processes beside the one that asks. Nothing here loads Django.

Each child has a pipe of its own and stops when it closes: none outlives its parent, however that ends. A child that dies
or falls silent over a letter is replaced, and what it had is read again letter by letter: only that letter is lost.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self

from junto.mail import mbox, shown, threading
from junto.mail.reading import Head, fingerprint, head_of, minted_id, read_fast
from junto.mail.reading.dates import parse

LARGE = 4_000_000
PATIENCE = 60.0
"""Seconds to wait for an answer, and one more for each 100 kB that were asked for."""
MOST_WORKERS = 4
_SWITCH = 0.000_5
"""Seconds for which the thread that delivers waits for the one that reads, each time the pipe takes a part of an answer."""
_NICE = 5
"""How far children stand back: where cores are few, whoever writes what they have read goes first."""
_SLOWEST = 100_000
_AHEAD = 6
"""Questions that each child has at once: enough to go on while a batch is written."""
_MOST_TEXT = 5_000_000
_LONGEST_HEAD = 200_000
_OF_A_LETTER = {"from", "to", "date", "subject", "message-id", "received"}
_TOO_EARLY, _TOO_LATE = timedelta(days=365), timedelta(days=2)
FROM_LINE, RECEIVED, NEIGHBOURS = 1, 2, 3
_DIED = "it stopped the program that read it"
_SILENT = "reading it took too long"


class Attached(NamedTuple):
    """A file of a letter, without its bytes."""

    file_name: str
    content_type: str
    size: int


class Letter(NamedTuple):
    """A letter as an archive keeps it. `problem` says why it could not be read; then the rest is empty."""

    message_id: str = ""
    in_reply_to: str = ""
    references: list[str] = []
    from_name: str = ""
    from_address: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    shown: str = ""
    files: list[Attached] = []
    fingerprint: str = ""
    repairs: list[str] = []
    problem: str = ""


class Brief(NamedTuple):
    """What the head of a letter says for its place among the others. `at` is seconds since 1970, None where nothing that
    can be believed tells; `dated_by` is 0 for its own date, otherwise what it was taken from."""

    message_id: str
    in_reply_to: str
    references: list[str]
    topic: str
    marks: int
    at: int | None
    dated_by: int


class Piece(NamedTuple):
    """Where a letter is: its file, where it begins, how many bytes it has; and the From_ line before it, for its head."""

    path: str
    begin: int
    length: int
    from_line: bytes = b""


def default_workers() -> int:
    """As many as there are cores for this process, at most four."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def read_letter(raw: bytes) -> Letter:
    """Everything that an archive keeps of one letter. Never raises."""
    try:
        return _read(raw)
    except Exception as problem:
        return Letter(problem=f"{type(problem).__name__}: {problem}"[:200])


def _read(raw: bytes) -> Letter:
    mail = read_fast(raw)
    if not _OF_A_LETTER & mail.headers.keys():
        return Letter(problem="it has no header of a letter")
    text = mail.text[:_MOST_TEXT]
    page, page_shown = shown.clean_and_show(text, mail.html)
    return Letter(
        message_id=_sound(mail.message_id or minted_id(raw)),
        in_reply_to=_sound(mail.in_reply_to),
        references=[_sound(reference) for reference in mail.references],
        from_name=_sound(mail.from_name),
        from_address=_sound(mail.from_address),
        subject=_sound(mail.subject),
        text=_sound(text),
        html=_sound(page),
        shown=_sound(page_shown),
        files=[Attached(_sound(f.file_name), _sound(f.content_type), len(f.content)) for f in mail.files],
        fingerprint=fingerprint(mail),
        repairs=[_sound(repair) for repair in mail.repairs],
    )


def _sound(text: str) -> str:
    """Text that a database takes: no lone halves of characters, no NUL."""
    if text.isascii():
        return text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", "")


def _brief(piece: Piece, archive: mbox.Archive) -> Brief:
    head = head_of(archive.raw(piece.begin, min(piece.length, _LONGEST_HEAD)))
    message_id = head.message_id or minted_id(archive.letter(piece.begin, piece.length))
    at, dated_by = _dated(head, piece.from_line)
    topic, marks = threading.topic_and_marks(head.subject, is_lost=not head.references and not head.in_reply_to)
    return Brief(message_id, head.in_reply_to, head.references, topic, marks, at, dated_by)


def _dated(head: Head, from_line: bytes) -> tuple[int | None, int]:
    """When, and by what; a date that contradicts the servers' is not believed."""
    sent, received = head.sent_at, head.received_at
    if sent and received and not received - _TOO_EARLY <= sent <= received + _TOO_LATE:
        sent = None
    if sent or received:
        return _seconds(sent or received), 0 if sent else RECEIVED
    line = parse(from_line.decode("ascii", "replace").partition(" ")[2].partition(" ")[2])[0]
    return (_seconds(line), FROM_LINE) if line else (None, NEIGHBOURS)


def _seconds(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0


def _letters(pieces: Sequence[Piece], archives: Callable[[str], mbox.Archive]) -> list[Letter]:
    return [_letter(piece, archives) for piece in pieces]


def _letter(piece: Piece, archives: Callable[[str], mbox.Archive]) -> Letter:
    try:
        return read_letter(archives(piece.path).letter(piece.begin, piece.length))
    except (OSError, EOFError) as problem:
        return Letter(problem=str(problem))


def _briefs(pieces: Sequence[Piece], archives: Callable[[str], mbox.Archive]) -> list[Brief]:
    return [_brief(piece, archives(piece.path)) for piece in pieces]


_JOBS: dict[str, Callable[[Sequence[Piece], Callable[[str], mbox.Archive]], list[Any]]] = {
    "letters": _letters,
    "briefs": _briefs,
}


class Archives:
    """The archive file that was asked for last, kept open."""

    def __init__(self) -> None:
        self._open: mbox.Archive | None = None

    def __call__(self, path: str) -> mbox.Archive:
        if self._open is None or self._open.path != path:
            self.close()
            self._open = mbox.Archive(path)
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def work(pipe: Connection) -> None:
    """What a child does: answers job after job until the pipe closes. It reads on while its answers wait to be fetched."""
    os.nice(_NICE)
    gc.freeze()
    gc.set_threshold(50_000)
    sys.setswitchinterval(_SWITCH)
    archives, answers = Archives(), SimpleQueue[bytes]()
    Thread(target=_deliver, args=(answers, pipe), daemon=True).start()
    while True:
        try:
            name, pieces = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        answers.put(pickle.dumps(_JOBS[name](pieces, archives), pickle.HIGHEST_PROTOCOL))


def _deliver(answers: SimpleQueue[bytes], pipe: Connection) -> None:
    with suppress(OSError):
        while True:
            pipe.send_bytes(answers.get())


class Readers:
    """Reads letters in `workers` processes beside this one, or in this one where there is one worker or little to read.

    A context: leaving it ends the processes. They are started by `start`, or when there is much to read for the first time.
    """

    def __init__(self, workers: int = 0) -> None:
        self._count = workers or default_workers()
        self._children: list[_Child] = []
        self._archives = Archives()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._archives.close()
        for child in self._children:
            child.close()

    def start(self) -> None:
        """Start the processes, where there are to be any: for who knows that there is much to read soon."""
        if self._count > 1:
            self._children = self._children or [_Child() for _ in range(self._count)]

    def letters(self, chunks: Iterable[list[Piece]], *, is_large: bool) -> Iterator[list[Letter]]:
        """The letters of each chunk, in order. One that cannot be read says so itself."""
        return self._answers("letters", chunks, is_large, lambda why: Letter(problem=why))

    def briefs(self, chunks: Iterable[list[Piece]], *, is_large: bool) -> Iterator[list[Brief]]:
        """What the heads say of each letter of each chunk, in order."""
        return self._answers("briefs", chunks, is_large, lambda why: Brief("", "", [], "", 0, None, NEIGHBOURS))

    def _answers(
        self, job: str, chunks: Iterable[list[Piece]], is_large: bool, instead: Callable[[str], Any]
    ) -> Iterator[list[Any]]:
        if self._count == 1 or not is_large:
            for chunk in chunks:
                yield _JOBS[job](chunk, self._archives)
            return
        self.start()
        turns: deque[_Child] = deque()
        source = iter(chunks)
        for chunk, child in zip(islice(source, _AHEAD * self._count), self._children * _AHEAD, strict=False):
            child.ask(job, chunk)
            turns.append(child)
        while turns:
            child = turns.popleft()
            answer = child.answer(instead)
            for chunk in islice(source, 1):
                child.ask(job, chunk)
                turns.append(child)
            yield answer


class _Child:
    """A process that reads, what it was asked, and another in its place if it fails."""

    def __init__(self) -> None:
        self._asked: deque[tuple[str, list[Piece]]] = deque()
        self._process, self._pipe = self._begin()

    def ask(self, job: str, pieces: list[Piece]) -> None:
        self._asked.append((job, pieces))
        self._send(job, pieces)

    def answer(self, instead: Callable[[str], Any]) -> list[Any]:
        """The answer to the oldest question; where it fails, `instead` makes one for each letter that is to blame."""
        job, pieces = self._asked.popleft()
        answer = self._hear(pieces)
        if not isinstance(answer, str):
            return answer
        found = [self._alone(job, piece, instead) for piece in pieces]
        for waiting in self._asked:
            self._send(*waiting)
        return found

    def close(self) -> None:
        self._pipe.close()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()

    def _alone(self, job: str, piece: Piece, instead: Callable[[str], Any]) -> Any:
        self._send(job, [piece])
        answer = self._hear([piece])
        return instead(answer) if isinstance(answer, str) else answer[0]

    def _send(self, job: str, pieces: list[Piece]) -> None:
        """A question to a child that has died is heard of when its answer is missing."""
        with suppress(OSError):
            self._pipe.send((job, pieces))

    def _hear(self, pieces: list[Piece]) -> list[Any] | str:
        """The answer, or why there is none; then another child stands ready, and has been asked nothing."""
        why = _DIED
        try:
            if self._pipe.poll(PATIENCE + sum(piece.length for piece in pieces) / _SLOWEST):
                answer: list[Any] = self._pipe.recv()
                return answer
            why = _SILENT
        except (EOFError, OSError):
            pass
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self._process, self._pipe = self._begin()
        return why

    def _begin(self) -> tuple[BaseProcess, Connection]:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        return process, ours
