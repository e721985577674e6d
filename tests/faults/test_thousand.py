"""A thousand hostile letters, through the real door: nothing crashes, nothing is lost, and what became of each is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
from collections.abc import Iterable

import pytest

from junto.discussions.models import Message, Thread
from junto.mail import authentication, delivery, intake, router, store
from junto.mail.listener import normal
from junto.mail.models import Arrival, Mailing, OutboxCopy
from tests.faults.hostile import letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

LETTERS = int(os.environ.get("JUNTO_HOSTILE_LETTERS", "1000"))
PARTS = 4
ONCE = (
    *("From", "To", "Message-ID", "Date", "Subject", "Sender", "Precedence", "Archived-At", "List-Id", "List-Post"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Subscribe", "List-Owner", "List-Archive"),
)


@pytest.fixture(autouse=True)
def _proven(monkeypatch):
    """All are from the member whom they name: what is behind the proof is to be tried."""
    monkeypatch.setattr(authentication, "prove", lambda *_, **__: authentication.Proof(True, "mta", ""))


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_letters_are_kept_handled_explained_and_passed_on_harmlessly(part, cop, ada, ben, client_of):
    letters = [letter(number) for number in range(part, LETTERS, PARTS)]
    assert asyncio.run(_hand_in(raw for _, raw in letters)) == ["250"] * len(letters)
    arrivals = list(Arrival.objects.order_by("pk"))
    assert len(arrivals) == len(letters)
    for arrival, (family, raw) in zip(arrivals, letters, strict=True):
        assert store.get(arrival.raw_key).endswith(_as_sent(raw)), f"{family} is kept byte for byte"
        _lead(arrival.pk)
        arrival.refresh_from_db()
        assert arrival.state != Arrival.State.WAITING, family
        assert arrival.words, f"{family} has words that explain"
        assert "Traceback" not in arrival.words, f"{family}: {arrival.words}"
    _pages_open(client_of(ada))
    _copies_are_harmless()


async def _hand_in(letters: Iterable[bytes]) -> list[str]:
    """Hand letters to the mailroom by LMTP; the codes of its answers."""
    room = intake.Mailroom(lmtp_port=0)
    await room.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", room.ports["lmtp"])
    await reader.readline()
    writer.write(b"LHLO mx.example.gov\r\n")
    while not (await reader.readline()).startswith(b"250 "):
        continue
    codes = []
    for raw in letters:
        writer.write(b"MAIL FROM:<ben@epa.gov>\r\nRCPT TO:<cx-cop@lists.example.gov>\r\nDATA\r\n")
        assert [(await reader.readline())[:3] for _ in range(3)] == [b"250", b"250", b"354"]
        stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
        writer.write(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") or not stuffed else b"\r\n.\r\n"))
        codes.append((await reader.readline())[:3].decode())
    writer.close()
    await room.stop()
    return codes


def _as_sent(raw: bytes) -> bytes:
    return normal(raw if raw.endswith(b"\r\n") or not raw else raw + b"\r\n")


def _lead(arrival_id: int) -> None:
    for _ in range(router.MOST_ATTEMPTS):
        router.handle(arrival_id)


def _pages_open(browser) -> None:
    assert Message.objects.exists()
    for thread in Thread.objects.select_related("community"):
        path = f"/communities/{thread.community.slug}/discussions/{thread.number}/"
        assert browser.get(path).status_code == 200, thread.subject


def _copies_are_harmless() -> None:
    for pk in Mailing.objects.filter(state=Mailing.State.ON_ITS_WAY).values_list("pk", flat=True):
        delivery.deliver(pk, seconds=30)
    copies = OutboxCopy.objects.filter(mailing__kind="discussions.post")
    assert copies.exists()
    for copy in copies.iterator(chunk_size=50):
        _is_harmless(bytes(copy.content))


def _is_harmless(content: bytes) -> None:
    """One letter, with every header of ours once, and none that somebody smuggled in."""
    assert normal(content) == content, "every line ends with CR LF"
    header = content.partition(b"\r\n\r\n")[0]
    mail = email.message_from_bytes(header + b"\r\n\r\n", policy=email.policy.compat32)
    assert b"\x00" not in header
    for name in ONCE:
        assert len(mail.get_all(name, [])) == 1, f"{name} in {header.decode('latin-1')}"
    assert mail["X-Injected"] is None
    assert mail["Bcc"] is None
    assert "cx-cop.lists.example.gov" in mail["List-Id"]
    assert "testserver" in mail["List-Unsubscribe"]
