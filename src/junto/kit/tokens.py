"""Short signed tokens for links and return paths.

A token is a number in hexadecimal, a dash, and a keyed BLAKE2 digest (RFC 7693) over purpose and number. It needs no
table, reveals nothing but the number, and costs less than a microsecond, so that every copy of a message can have its
own. Lower case and digits only: it lives in the local part of an address, which some systems fold to one case.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings
from django.utils.translation import gettext

DIGEST_BYTES = 10
_DIGITS = frozenset("0123456789abcdef")
_LONGEST_NUMBER = 16


class BadToken(ValueError):
    """The token was not made here, or was changed on its way."""


class Signer:
    """Signs many numbers for one purpose: the key schedule is done once."""

    __slots__ = ("_keyed",)

    def __init__(self, purpose: str) -> None:
        self._keyed = blake2b(digest_size=DIGEST_BYTES, key=_key(settings.SECRET_KEY, purpose))

    def sign(self, number: int) -> str:
        """The same token as `sign(purpose, number)`."""
        digest = self._keyed.copy()
        digest.update(b"%d" % number)
        return f"{number:x}-{digest.hexdigest()}"


def sign(purpose: str, number: int) -> str:
    """A token for `number` (0 or more) that is good for `purpose` only."""
    if number < 0:
        raise ValueError("only numbers from 0 on can be signed")
    return Signer(purpose).sign(number)


def read(purpose: str, token: str) -> int:
    """The number inside a token. Raises BadToken."""
    head, dash, _ = token.lower().partition("-")
    if not dash or not head or len(head) > _LONGEST_NUMBER or not _DIGITS.issuperset(head):
        raise BadToken(gettext("This link is incomplete. Copy the whole link from the message, or ask for a new one."))
    number = int(head, 16)
    if not hmac.compare_digest(token.lower().encode(), Signer(purpose).sign(number).encode()):
        raise BadToken(gettext("This link is not one of ours, or it was changed on its way."))
    return number


@lru_cache(maxsize=4096)
def _key(secret: str, purpose: str) -> bytes:
    return blake2b(purpose.encode(), key=blake2b(secret.encode()).digest(), digest_size=32).digest()
