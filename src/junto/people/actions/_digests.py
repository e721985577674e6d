"""Keyed digests of what is not kept itself: codes, and the network addresses that limits count."""

from __future__ import annotations

from hashlib import blake2b

from django.conf import settings


def digest(of: str, text: str) -> str:
    """The digest of `text`, different for each `of`."""
    return blake2b(f"{of}\n{text}".encode(), digest_size=32, key=_key()).hexdigest()


def _key() -> bytes:
    return blake2b(settings.SECRET_KEY.encode(), person=b"junto sign-in", digest_size=32).digest()
