"""A ruling is the answer to "may I?": yes, or no with a sentence that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling guards an action, shows or hides its button, and words its refusal by mail.

    `hidden` marks what must not be told apart from what does not exist (a private page answers 404, not 403).
    """

    allowed: bool
    reason: str = ""
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed


class Refused(Exception):
    """Raised by `require` when a ruling says no. The middleware turns it into a page, an inbound door into a letter."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling


def yes() -> Ruling:
    return Ruling(True)


def no(reason: str, *, hidden: bool = False) -> Ruling:
    return Ruling(False, reason, hidden)


def require(ruling: Ruling) -> None:
    """Raises `Refused` unless the ruling is yes."""
    if not ruling:
        raise Refused(ruling)
