"""Only CR LF . CR LF ends a letter: what other servers take for its end smuggles no second one in (SMTP smuggling, 2023)."""

from __future__ import annotations

import asyncio

import pytest

from junto.mail import intake, store
from junto.mail.listener import normal
from junto.mail.models import Arrival

pytestmark = pytest.mark.django_db(transaction=True)
ENVELOPE = b"MAIL FROM:<ben@epa.gov>\r\nRCPT TO:<cx-cop@lists.example.gov>\r\nDATA\r\n"
SMUGGLED = b"MAIL FROM:<ada@gsa.gov>\r\nRCPT TO:<cx-cop@lists.example.gov>\r\nDATA\r\nFrom: ada@gsa.gov\r\n\r\nHa"
ENDS = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\n.\r\r\n", b"\r\n\x00.\r\n"]


def talk(*pieces: bytes, kind: str = "smtp") -> list[str]:
    """Say pieces one after the other; all replies until the mailroom hangs up."""

    async def session() -> list[str]:
        room = intake.Mailroom(lmtp_port=0, smtp_port=0)
        await room.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", room.ports[kind])
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        said = (await asyncio.wait_for(reader.read(), 20)).decode()
        writer.close()
        await room.stop()
        return said.splitlines()

    return asyncio.run(session())


@pytest.mark.parametrize("end", ENDS)
def test_only_the_real_end_ends_a_letter(end):
    said = talk(b"EHLO x\r\n" + ENVELOPE, b"Subject: One\r\n\r\nHi" + end + SMUGGLED + b"\r\n.\r\nQUIT\r\n")
    assert [line[:3] for line in said if line[3:4] == " "][-3:] == ["354", "250", "221"]
    arrival = Arrival.objects.get()
    assert arrival.sender == "ben@epa.gov"
    raw = store.get(arrival.raw_key)
    without_transparency = (b"Hi" + end + SMUGGLED).replace(b"\r\n.", b"\r\n")
    assert raw.endswith(normal(without_transparency) + b"\r\n")
    assert normal(raw) == raw


@pytest.mark.parametrize("command", [b"NOOP\n", b"NO\rOP\r\n", b"NOOP\x00\r\n", b"MAIL FROM:<a@b>\nRCPT TO:<c@d>\r\n"])
def test_only_cr_lf_ends_a_command(command):
    said = talk(b"EHLO x\r\n", command + b"QUIT\r\n")
    assert any(line.startswith("500 5.5.2") for line in said)
    assert said[-1].startswith("221")


def test_whole_session_in_one_write_is_answered_in_order():
    said = talk(
        b"EHLO x\r\n" + ENVELOPE + b"Subject: One\r\n\r\n..Hi\r\n.\r\n" + ENVELOPE + b"\r\n.\r\nNOOP\r\nQUIT\r\n"
    )
    codes = [line[:3] for line in said if line[3:4] == " "]
    assert codes == ["220", "250", "250", "250", "354", "250", "250", "250", "354", "250", "250", "221"]
    assert [store.get(a.raw_key).endswith(b"\r\n\r\n.Hi\r\n") for a in Arrival.objects.order_by("pk")] == [True, False]


def test_letter_without_content_is_a_letter():
    assert "250 2.0.0 Kept" in talk(b"LHLO x\r\n" + ENVELOPE, b".\r\nQUIT\r\n", kind="lmtp")
    assert Arrival.objects.count() == 1


def test_letter_may_come_byte_by_byte():
    whole = b"Subject: Slow\r\n\r\nHi\r\n.\r\n"
    talk(b"EHLO x\r\n" + ENVELOPE, *[whole[i : i + 1] for i in range(len(whole))], b"QUIT\r\n")
    assert store.get(Arrival.objects.get().raw_key).endswith(b"Subject: Slow\r\n\r\nHi\r\n")


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (b"RCPT TO:<cx-cop@lists.example.gov>\r\n", "503"),
        (b"DATA\r\n", "503"),
        (b"MAIL FROM:<a@b.gov>\r\nMAIL FROM:<a@b.gov>\r\n", "503"),
        (b"MAIL FROM:<a@b.gov> SIZE=99999999999\r\n", "552"),
        (b"MAIL FROM:<a@b.gov> BODY=BINARYMIME\r\n", "555"),
        (b"MAIL FROM:a b\r\n", "555"),
        (b"MAIL FROM:<\xff@b.gov>\r\n", "553"),
        (b"MAIL FROM:<a@b.gov>\r\nRCPT TO:<x@y@lists.example.gov\r\n", "553"),
        (b"BDAT 10\r\n", "500"),
        (b"STARTTLS\r\n", "500"),
        (b"x" * 5_000, "500"),
    ],
)
def test_what_makes_no_sense_is_refused(commands, code):
    assert any(line.startswith(code) for line in talk(b"EHLO x\r\n", commands + b"\r\nQUIT\r\n"))
    assert not Arrival.objects.exists()


def test_who_says_only_nonsense_is_shown_out():
    assert talk(b"GET / HTTP/1.1\r\n" * 30)[-1].startswith("421")


def test_one_letter_that_cannot_be_written_down_does_not_hold_up_the_others(monkeypatch):
    real = intake.commit

    def commit(arrivals):
        if any(arrival.sender == "ada@gsa.gov" for arrival in arrivals):
            raise ValueError("no column is wide enough")
        real(arrivals)

    monkeypatch.setattr(intake, "commit", commit)

    async def session() -> list[BaseException | None]:
        room = intake.Mailroom(lmtp_port=0)
        lot = [
            intake.Taken(b"x", [intake.Arrival(sender=sender, recipient="a@b", size=1)], asyncio.Future())
            for sender in ("ben@epa.gov", "ada@gsa.gov", "cleo@epa.gov")
        ]
        return await asyncio.to_thread(room._keeper.keep, lot)

    assert [type(error) for error in asyncio.run(session())] == [type(None), ValueError, type(None)]
    assert set(Arrival.objects.values_list("sender", flat=True)) == {"ben@epa.gov", "cleo@epa.gov"}


def test_who_does_not_read_the_replies_is_not_worked_for():
    async def session() -> int:
        room = intake.Mailroom(smtp_port=0)
        await room.start()
        _, writer = await asyncio.open_connection("127.0.0.1", room.ports["smtp"], limit=1)
        writer.write(b"EHLO x\r\n" * 2_000_000)
        await asyncio.sleep(0.5)
        (there,) = room._sessions
        waiting = there._transport.get_write_buffer_size()
        there.close("421 4.4.2 Gone")
        there.close("421 4.4.2 Gone")
        await asyncio.sleep(0.1)
        writer.transport.abort()
        left = len(room._sessions)
        await room.stop()
        assert left == 0
        return waiting

    assert asyncio.run(session()) < 10_000_000


def test_letters_that_come_in_together_take_no_more_memory_than_they_may(monkeypatch):
    monkeypatch.setattr(intake, "MOST_IN_HAND", 2_000_000)

    async def session() -> int:
        room = intake.Mailroom(smtp_port=0)
        await room.start()
        _, writer = await asyncio.open_connection("127.0.0.1", room.ports["smtp"])
        writer.write(b"EHLO x\r\n" + ENVELOPE)
        await asyncio.sleep(0.1)
        writer.write(b"x" * 3_000_000)
        await asyncio.sleep(0.3)
        left = len(room._sessions)
        writer.transport.abort()
        await room.stop()
        return left

    assert asyncio.run(session()) == 0
    assert not Arrival.objects.exists()


def test_one_address_may_not_take_all_sessions(monkeypatch):
    monkeypatch.setattr(intake, "MOST_SESSIONS_OF_ONE", 1)
    monkeypatch.setattr(intake, "_OWN", frozenset())

    async def session() -> list[bytes]:
        room = intake.Mailroom(smtp_port=0)
        await room.start()
        first, _ = await asyncio.open_connection("127.0.0.1", room.ports["smtp"])
        greeting = await first.readline()
        second, _ = await asyncio.open_connection("127.0.0.1", room.ports["smtp"])
        refusal = await second.readline()
        await room.stop()
        return [greeting[:3], refusal[:9]]

    assert asyncio.run(session()) == [b"220", b"421 4.7.0"]
