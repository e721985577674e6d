"""What settings.MAIL_ROUTES names: routes of addresses, streams of audiences, and who hears of bounces."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings

READER = "mail.reader"


class Stream(Protocol):
    """An audience that can be read in portions, in the order of its keys."""

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        """Lowest key, highest key, and how many there are."""

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        """Key and address of those with after < key ≤ upto, ordered by key."""


class HearsOfBounce(Protocol):
    """Called for each address that failed; decides what to make of it."""

    def __call__(self, *, email: str, is_permanent: bool, status: str, words: str) -> None: ...


class OneReader:
    """The audience of a letter to one address."""

    def bounds(self, told: dict[str, Any]) -> tuple[int, int, int]:
        return 1, 1, 1

    def read(self, told: dict[str, Any], after: int, upto: int) -> Iterator[tuple[int, str]]:
        if after < 1 <= upto:
            yield 1, told["address"]


def stream(name: str) -> Stream:
    """The audience of that name. Raises LookupError where mail_routes.py lists none."""
    if name == READER:
        return OneReader()
    try:
        found: Stream = _module().AUDIENCES[name]
    except KeyError:
        raise LookupError(f"{settings.MAIL_ROUTES} lists no audience “{name}”. Add it to AUDIENCES.") from None
    return found


def routes() -> list[Any]:
    return list(getattr(_module(), "ROUTES", []))


def hear_of_bounce(*, email: str, is_permanent: bool, status: str, words: str) -> None:
    """Tell the room that keeps addresses."""
    hears: HearsOfBounce | None = getattr(_module(), "HEARS_OF_BOUNCE", None)
    if hears is not None:
        hears(email=email, is_permanent=is_permanent, status=status, words=words)


def hear_of_refusal(*, told: dict[str, Any], status: str, words: str) -> None:
    """Tell the room that sent a letter that a server refuses the letter, or us: no fault of the reader's."""
    hears = getattr(_module(), "HEARS_OF_REFUSAL", None)
    if hears is not None:
        hears(told=told, status=status, words=words)


def hear_of_complaint(*, audience: str, told: dict[str, Any], key: int, words: str) -> None:
    """Tell the room that sent a letter that its reader reported it as spam (RFC 5965)."""
    hears = getattr(_module(), "HEARS_OF_COMPLAINT", None)
    if hears is not None:
        hears(audience=audience, told=told, key=key, words=words)


def _module() -> Any:
    return import_module(settings.MAIL_ROUTES)
