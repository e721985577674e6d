"""What DKIM costs: whole signed copies a second against the bare signatures that the cores can make in that time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.conf import settings

from junto.config.bench import readers
from junto.mail.compose import Filler, compose
from junto.mail.dkim.keys import Key
from junto.mail.dkim.signature import MailingSigner

THREADS = 2
ROUNDS = 5
_BATCH = 50


def run(copies: int = 4_000, *, threads: int = THREADS) -> dict[str, Any]:
    """Sign so many copies of a post, and as often a bare digest, in turns. Rates are a second, over all threads."""
    told: dict[str, Any] = {"bench": "signing", "copies": copies, "threads": threads}
    for key in (Key("rsa", generate_private_key(65537, 2048)), Key("ed25519", Ed25519PrivateKey.generate())):
        bare, whole = _measure(key, copies, threads)
        told |= {
            f"{key.algorithm}_bare_per_second": round(bare),
            f"{key.algorithm}_copies_per_second": round(whole),
            f"{key.algorithm}_ratio": round(whole / bare, 2),
        }
    return told


def bare_rate(key: Key, *, count: int = 4_000, threads: int = THREADS) -> float:
    """Signatures a second that the cores make of a digest, with nothing else to do."""
    digest = sha256(b"a digest").digest()

    def sign(number: int) -> None:
        key.sign(digest)

    with ThreadPoolExecutor(threads) as pool:
        return _rate(pool, sign, count)


def _measure(key: Key, copies: int, threads: int) -> tuple[float, float]:
    """Bare signatures and signed copies a second: medians of rounds in turns, so that a noisy moment hits both."""
    form = compose(readers.letter())
    filler = Filler(form.pieces, form.places)
    signer = MailingSigner(form.pieces, form.places, keys=[key], domain=settings.LIST_DOMAIN)
    digest = sha256(b"a digest").digest()

    def bare(number: int) -> None:
        key.sign(digest)

    def whole(number: int) -> None:
        signer.sign(filler.fill(b"reader%d@example.gov" % number, b"%x-0123456789abcdef0123" % number))

    with ThreadPoolExecutor(threads) as pool:
        rates = [(_rate(pool, bare, copies // ROUNDS), _rate(pool, whole, copies // ROUNDS)) for _ in range(ROUNDS)]
    return sorted(rate for rate, _ in rates)[ROUNDS // 2], sorted(rate for _, rate in rates)[ROUNDS // 2]


def _rate(pool: ThreadPoolExecutor, work: Callable[[int], object], count: int) -> float:
    def batch(start: int) -> None:
        for number in range(start, start + _BATCH):
            work(number)

    began = time.perf_counter()
    batches = list(pool.map(batch, range(0, max(count, _BATCH), _BATCH)))
    return len(batches) * _BATCH / (time.perf_counter() - began)
