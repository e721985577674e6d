"""What hostile letters are made of."""

from __future__ import annotations

import random
from collections.abc import Callable

Maker = Callable[[random.Random], bytes]
FAMILIES: dict[str, Maker] = {}
INJECTED = b"X-Injected: yes"
HTML = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
TEXT = b"Hello, this is the body.\r\n"


def family(make: Maker) -> Maker:
    FAMILIES[make.__name__] = make
    return make


def head(rng: random.Random, subject: bytes = b"", **fields: bytes) -> bytes:
    """The usual header, with fields replaced (`Message_ID`) or left out (empty)."""
    usual = {
        "From": b"Ben Brooks <ben@epa.gov>",
        "To": b"cx-cop@lists.example.gov",
        "Subject": subject or b"Letter %d" % rng.randrange(10**9),
        "Date": b"Tue, 3 Nov 2026 09:15:00 -0500",
        "Message_ID": b"<%d@epa.gov>" % rng.randrange(10**12),
    } | fields
    return b"".join(name.replace("_", "-").encode() + b": " + value + b"\r\n" for name, value in usual.items() if value)


def multipart(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    top = b'MIME-Version: 1.0\r\nContent-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind, boundary)
    return top + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary


def noise(rng: random.Random, count: int) -> bytes:
    return bytes(rng.choices(range(256), k=count))
