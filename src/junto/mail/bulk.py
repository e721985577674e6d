"""Reads very many letters of archive files, in processes beside the one that asks. Nothing here loads Django.

Each child has a pipe of its own and stops when it closes: none outlives its parent, however that ends.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from junto.mail import mbox, shown
from junto.mail.reading import fingerprint, minted_id, read_fast

LARGE = 4_000_000
_AHEAD = 2
_MOST_TEXT = 5_000_000
_OF_A_LETTER = {"from", "to", "date", "subject", "message-id", "received"}


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


Piece = tuple[str, int, int]
"""A file, where a letter begins in it, and how many bytes it has."""


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


def letters_of(chunks: Iterable[list[Piece]], *, is_large: bool) -> Iterator[list[Letter]]:
    """The letters of each chunk, in order; read by other processes where the work is worth it."""
    if not is_large:
        yield from map(_read_chunk, chunks)
        return
    with _children(min(os.cpu_count() or 1, 4)) as pipes:
        waiting: deque[Connection] = deque()
        free = deque(pipes * _AHEAD)
        for chunk in chunks:
            if not free:
                yield _answer(waiting, free)
            pipe = free.popleft()
            pipe.send(chunk)
            waiting.append(pipe)
        while waiting:
            yield _answer(waiting, free)


def _answer(waiting: deque[Connection], free: deque[Connection]) -> list[Letter]:
    pipe = waiting.popleft()
    letters: list[Letter] = pipe.recv()
    free.append(pipe)
    return letters


@contextmanager
def _children(count: int) -> Iterator[list[Connection]]:
    context = get_context("spawn")
    pipes = [context.Pipe() for _ in range(count)]
    children = [context.Process(target=work, args=(theirs,), daemon=True) for _, theirs in pipes]
    for child, (_, theirs) in zip(children, pipes, strict=True):
        child.start()
        theirs.close()
    try:
        yield [ours for ours, _ in pipes]
    finally:
        for ours, _ in pipes:
            ours.close()
        for child in children:
            child.join(timeout=10)


def work(pipe: Connection) -> None:
    """What a child does: reads chunk after chunk until the pipe closes."""
    while True:
        try:
            chunk = pipe.recv()
            pipe.send(_read_chunk(chunk))
        except (EOFError, OSError, KeyboardInterrupt):
            return


def _read_chunk(chunk: list[Piece]) -> list[Letter]:
    return [_letter_at(*piece) for piece in chunk]


def _letter_at(path: str, begin: int, length: int) -> Letter:
    try:
        return read_letter(mbox.letter_at(Path(path), begin, length))
    except (OSError, EOFError) as problem:
        return Letter(problem=str(problem))
