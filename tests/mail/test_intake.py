from __future__ import annotations

import asyncio
import smtplib
from concurrent.futures import ThreadPoolExecutor

import pytest

from junto.mail import intake, listener, store
from junto.mail.models import Arrival

pytestmark = pytest.mark.django_db(transaction=True)
RAW = b"From: ben@epa.gov\r\nSubject: Hi\r\n\r\nHello\r\n..dots\r\n"


@pytest.fixture
def talk():
    """Runs a function that speaks SMTP or LMTP with a mailroom, which stops afterwards."""

    def run(speak, kind="lmtp"):
        async def session():
            room = intake.Mailroom(lmtp_port=0, smtp_port=0)
            await room.start()
            try:
                loop = asyncio.get_running_loop()
                with ThreadPoolExecutor(8) as pool:
                    return await loop.run_in_executor(pool, with_client, room.ports[kind])
            finally:
                await room.stop()

        def with_client(port):
            client = (smtplib.LMTP if kind == "lmtp" else smtplib.SMTP)("127.0.0.1", port, timeout=20)
            with client:
                return speak(client)

        return asyncio.run(session())

    return run


@pytest.mark.parametrize("kind", ["lmtp", "smtp"])
def test_letter_is_on_disk_and_its_row_committed_before_250(talk, kind):
    def speak(client):
        client.ehlo_or_helo_if_needed()
        client.mail("ben@epa.gov")
        assert client.rcpt("CX-COP@lists.example.gov")[0] == 250
        return client.data(RAW)

    assert talk(speak, kind)[0] == 250
    arrival = Arrival.objects.get()
    assert (arrival.sender, arrival.recipient, arrival.state) == ("ben@epa.gov", "CX-COP@lists.example.gov", "waiting")
    raw = store.get(arrival.raw_key)
    assert raw.startswith(b"Received: from ")
    assert raw.endswith(RAW)
    assert arrival.size == len(raw)
    assert arrival.peer == ("127.0.0.1" if kind == "smtp" else "lmtp 127.0.0.1")


def test_task_that_leads_the_letter_on_is_committed_with_it(talk):
    from django_tasks_db.models import DBTaskResult

    talk(lambda client: client.sendmail("ben@epa.gov", ["cx-cop@lists.example.gov"], RAW))
    task = DBTaskResult.objects.get()
    assert task.task_path == "junto.mail.tasks.route"
    assert task.args_kwargs["args"] == [[Arrival.objects.get().pk]]


def test_each_recipient_gets_a_row_and_over_lmtp_an_answer(talk):
    def speak(client):
        client.ehlo_or_helo_if_needed()
        client.mail("ben@epa.gov")
        client.rcpt("cx-cop@lists.example.gov")
        client.rcpt("held@lists.example.gov")
        client.putcmd("data")
        client.getreply()
        client.send(RAW + b".\r\n")
        return client.getreply()[0], client.getreply()[0]

    assert talk(speak) == (250, 250)
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("nobody@lists.example.gov", 550, b"5.1.1 Nobody here has the address nobody@lists.example.gov"),
        ("cx-cop@elsewhere.example", 550, b"5.7.1 Relaying denied"),
        ("b+cx-cop.1.2-00112233445566778899@lists.example.gov", 550, b"5.1.1"),
    ],
)
def test_unknown_address_is_refused_in_the_session(talk, address, code, words):
    def speak(client):
        client.ehlo_or_helo_if_needed()
        client.mail("ben@epa.gov")
        return client.rcpt(address)

    answer = talk(speak)
    assert answer[0] == code
    assert answer[1].startswith(words)


def test_letter_that_cannot_be_committed_is_answered_with_451(talk, monkeypatch):
    def fails(_):
        raise RuntimeError("disk full")

    monkeypatch.setattr(intake, "commit", fails)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        talk(lambda client: client.sendmail("ben@epa.gov", ["cx-cop@lists.example.gov"], RAW))
    assert refused.value.smtp_code == 451
    assert Arrival.objects.count() == 0


def test_letter_that_cannot_be_stored_is_answered_with_451(talk, monkeypatch):
    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr(store.Lots, "put", fails)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        talk(lambda client: client.sendmail("ben@epa.gov", ["cx-cop@lists.example.gov"], RAW))
    assert refused.value.smtp_code == 451


def test_letter_that_is_too_large_is_refused(talk, monkeypatch):
    monkeypatch.setattr(listener, "LARGEST", 1000)
    with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refused:
        talk(lambda client: client.sendmail("ben@epa.gov", ["cx-cop@lists.example.gov"], RAW + b"x" * 2000))
    assert refused.value.smtp_code == 552


def test_null_sender_and_very_long_lines_are_taken(talk):
    talk(lambda client: client.sendmail("", ["cx-cop@lists.example.gov"], RAW + b"x" * 20_000 + b"\r\n"))
    assert Arrival.objects.get().sender == ""


def test_many_sessions_at_once_lose_nothing(talk):
    def speak(client):
        port = client.sock.getpeername()[1]

        def one(number):
            with smtplib.LMTP("127.0.0.1", port, timeout=20) as own:
                own.sendmail("ben@epa.gov", ["cx-cop@lists.example.gov"], RAW + b"%d\r\n" % number)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, range(60)))

    talk(speak)
    assert len(set(Arrival.objects.values_list("raw_key", flat=True))) == 60


def test_stop_finishes_the_letter_in_flight():
    async def session():
        room = intake.Mailroom(lmtp_port=0)
        await room.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", room.ports["lmtp"])

        async def say(line, replies=1):
            writer.write(line)
            return [await reader.readline() for _ in range(replies)]

        await reader.readline()
        writer.write(b"LHLO x\r\n")
        while not (await reader.readline()).startswith(b"250 "):
            pass
        await say(b"MAIL FROM:<ben@epa.gov>\r\n")
        await say(b"RCPT TO:<cx-cop@lists.example.gov>\r\n")
        await say(b"DATA\r\n")
        stopping = asyncio.create_task(room.stop())
        await asyncio.sleep(0.1)
        assert not stopping.done()
        answer = await say(RAW + b".\r\n")
        await stopping
        writer.close()
        return answer[0]

    assert asyncio.run(session()).startswith(b"250")
    assert Arrival.objects.count() == 1
