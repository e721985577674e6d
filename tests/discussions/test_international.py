"""Addresses and headers outside ASCII, from the session in which a letter comes to the one in which its copies leave."""

from __future__ import annotations

import asyncio
import email
import email.policy
import smtplib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone

from junto.discussions.models import Message
from junto.kit.addresses import domain_of, normalise
from junto.mail import delivery, intake, router
from junto.mail.authentication import Proof
from junto.mail.models import Arrival, Mailing, Setback
from junto.people.models import Address, Person
from tests.conftest import enroll
from tests.discussions.conftest import Arrived
from tests.mail.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)
RAW = (
    "From: Jörg Groß <jörg@bücher.example>\r\nTo: cx-cop@lists.example.gov\r\nSubject: Größe der Wartezeit\r\n"
    "Message-ID: <utf8-1@bücher.example>\r\nDate: Tue, 03 Nov 2026 09:15:00 -0500\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nWie misst man das?\r\n"
).encode()


@pytest.fixture
def joerg(cop):
    person = Person.objects.create(email=normalise("Jörg@Bücher.example"), name="Jörg Groß")
    Address.objects.create(person=person, email=person.email, proved_at=timezone.now())
    enroll(person, cop)
    return person


@pytest.fixture
def relay(settings):
    started = []

    def start(**options):
        started.append(Sink(**options))
        settings.RELAY_URL = started[-1].url
        return started[-1]

    yield start
    for sink in started:
        sink.close()


@pytest.fixture
def mailroom():
    """Speaks SMTP with a mailroom, which stops afterwards."""

    def run(speak):
        async def session():
            room = intake.Mailroom(lmtp_port=0)
            await room.start()
            try:
                with ThreadPoolExecutor(1) as pool:
                    return await asyncio.get_running_loop().run_in_executor(pool, with_client, room.ports["lmtp"])
            finally:
                await room.stop()

        def with_client(port):
            with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
                client.command_encoding = "utf-8"
                client.ehlo_or_helo_if_needed()
                return speak(client)

        return asyncio.run(session())

    return run


def bring(client):
    assert client.mail("jörg@bücher.example", ["SMTPUTF8", "BODY=8BITMIME"])[0] == 250
    assert client.rcpt("cx-cop@lists.example.gov")[0] == 250
    return client.data(RAW)[0]


def carry():
    for pk in Mailing.objects.filter(state=Mailing.State.ON_ITS_WAY).values_list("pk", flat=True):
        delivery.deliver(pk, seconds=5)


def test_letter_of_an_author_outside_ascii_goes_from_session_to_copies(joerg, ada, mailroom, relay, monkeypatch):
    monkeypatch.setattr("junto.mail.authentication.prove", lambda *_, **__: Proof(True, "dkim", ""))
    sink = relay()
    assert mailroom(bring) == 250
    arrival = Arrival.objects.get()
    assert arrival.sender == "jörg@bücher.example"
    router.handle(arrival.pk)
    message = Message.objects.get()
    assert (message.author, message.subject, message.author_name) == (joerg, "Größe der Wartezeit", "Jörg Groß")
    carry()
    copies = {copy.recipient: copy for copy in sink.copies}
    assert set(copies) == {"ada@gsa.gov", "jörg@xn--bcher-kva.example"}
    assert "SMTPUTF8" not in copies["ada@gsa.gov"].mail_command
    assert "SMTPUTF8" in copies["jörg@xn--bcher-kva.example"].mail_command
    head = copies["ada@gsa.gov"].content.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    mail = email.message_from_bytes(copies["ada@gsa.gov"].content, policy=email.policy.default)
    assert mail["Subject"] == "Größe der Wartezeit"
    assert mail["From"].addresses[0].display_name == "Jörg Groß via CX-COP"


def test_relay_that_takes_no_such_address_is_no_hindrance_for_the_others(joerg, ada, relay):
    from junto.discussions import inbound

    sink = relay(features=("PIPELINING", "8BITMIME"))
    inbound.post(Arrived(RAW, sender="jörg@bücher.example"), name="cx-cop")
    carry()
    assert sink.recipients() == ["ada@gsa.gov"]
    setback = Setback.objects.get()
    assert (setback.kind, setback.status[:3]) == ("refused", "553")
    assert "ASCII" in setback.words


def test_signed_letter_with_headers_outside_ascii_leaves_with_encoded_ones(joerg, ada, relay):
    from junto.discussions import inbound

    sink = relay(features=("PIPELINING", "8BITMIME"))
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nHi.\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n"
    head = RAW.partition(b"Content-Type")[0] + b"Content-Type: multipart/signed; boundary=b\r\n\r\n"
    inbound.post(Arrived(head + body, sender="jörg@bücher.example"), name="cx-cop")
    carry()
    [copy] = sink.copies
    got_head, _, got_body = copy.content.partition(b"\r\n\r\n")
    assert got_head.isascii()
    assert got_body == body
    mail = email.message_from_bytes(copy.content, policy=email.policy.default)
    assert mail["Subject"] == "Größe der Wartezeit"
    assert len(mail.get_all("Subject")) == 1


@pytest.mark.parametrize(
    "written", ["Jörg@BÜCHER.example", "jo\u0308rg@xn--bcher-kva.example", "<jörg@bücher.example>"]
)
def test_one_address_in_several_spellings_is_one(written):
    assert normalise(written) == "jörg@xn--bcher-kva.example"
    assert domain_of(written.strip("<>")) == "xn--bcher-kva.example"


def test_domain_that_is_no_name_proves_nobody():
    assert domain_of("ben@" + "ü" * 80 + ".gov") == ""
