"""Copies may be signed in threads ahead of the connections."""

from __future__ import annotations

import threading
import time
from hashlib import sha256

import pytest

from junto.mail import delivery, queries, signing
from junto.mail.job import Ticket
from junto.mail.lookahead import THREADS, Lookahead
from junto.mail.models import Setback
from junto.mail.relay import Pool
from tests.mail.test_delivery import carry, due_now, impatient

pytestmark = pytest.mark.django_db


class Seal:
    """A signer for tests: puts a digest of the copy above it."""

    def __init__(self):
        self.threads = set()
        self.signed = 0

    def sign(self, parts):
        self.threads.add(threading.current_thread().name)
        self.signed += 1
        time.sleep(0.0005)
        copy = b"".join(parts)
        return [b"X-Seal: ", sha256(copy).hexdigest().encode(), b"\r\n", copy]


@pytest.fixture
def seal(monkeypatch):
    signer = Seal()
    monkeypatch.setattr(signing, "signer_for", lambda mailing: signer)
    return signer


def is_sealed(content: bytes) -> bool:
    head, _, rest = content.partition(b"\r\n")
    on_the_wire = rest.replace(b"\r\n.", b"\r\n..") + b".\r\n"
    return head == b"X-Seal: " + sha256(on_the_wire).hexdigest().encode()


def test_every_copy_is_signed_and_its_own(relay, fan_out, seal):
    sink = relay()
    mailing = fan_out(1000)
    carry(mailing)
    assert sorted(sink.recipients()) == sorted(f"r{n}@agency{n % 7}.gov" for n in range(1, 1001))
    assert all(is_sealed(copy.content) for copy in sink.copies)
    assert all(f"To: {copy.recipient}\r\n".encode() in copy.content for copy in sink.copies)
    assert all(name.startswith("sign") for name in seal.threads)
    assert seal.signed == 1000
    assert queries.delivery_of(mailing.pk).state == "done"


def test_refusals_lost_connections_and_retries_are_signed_as_well(relay, fan_out, seal):
    dropped = []

    def script(session, verb, argument):
        if verb == "DOT" and len(dropped) < 5:
            dropped.append(1)
            return "drop"
        return "451 later" if verb == "RCPT" and not due and argument.endswith("3.gov>") else None

    due = []
    sink = relay(script)
    mailing = fan_out(300)
    carry(mailing)
    due.append(1)
    due_now()
    delivery.retry_setbacks(mailing.pk, seconds=30)
    assert not Setback.objects.filter(settled_at=None).exists()
    assert set(sink.recipients()) == {f"r{n}@agency{n % 7}.gov" for n in range(1, 301)}
    assert len(sink.copies) == 300
    assert all(is_sealed(copy.content) for copy in sink.copies)


def test_relay_that_goes_away_leaves_no_copy_behind(relay, settings, fan_out, seal, monkeypatch):
    monkeypatch.setattr("junto.mail.delivery.Pool", impatient)
    settings.RELAY_URL = "smtp://127.0.0.1:1"
    assert delivery.deliver(fan_out(2000).pk, seconds=5) is False
    assert 0 < seal.signed <= 600


@pytest.mark.parametrize("size", [2_000, 1 << 20, 30 << 20])
def test_what_is_signed_ahead_is_bounded_in_number_and_bytes(size):
    most = max(2 * THREADS, (8 << 20) // size) if size > 1 << 19 else max(2 * THREADS * 16, 512)

    class Held:
        def __init__(self):
            self.size, self.prepared_so_far, self.gate = size, 0, threading.Event()

        def prepared(self, ticket):
            self.gate.wait(10)
            self.prepared_so_far += 1
            return b""

    job = Held()
    with_loop = Pool(delivery.parse("smtp://127.0.0.1:1"))
    ahead = Lookahead(job, with_loop.loop, ready=lambda tickets: None, failed=lambda error: None)
    ahead.feed([Ticket(n, n, "a@epa.gov") for n in range(2000)], unsent=0)
    assert ahead._in_batches <= most
    assert len(ahead) == 2000
    assert ahead.first().ordinal == 0
    job.gate.set()
    ahead.close()
    with_loop.close()
    assert job.prepared_so_far <= most
