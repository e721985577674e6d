"""How a session with the relay is secured: STARTTLS, implicit TLS, certificates, passwords."""

from __future__ import annotations

import pytest

from junto.mail import delivery, queries
from junto.mail.models import Setback, Shard
from junto.mail.relay import Pool
from tests.mail import certificates
from tests.mail.test_delivery import carry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("junto.mail.delivery.Pool", lambda relays: Pool(relays, patience=0.5))


@pytest.fixture
def secure(relay, settings, tmp_path):
    """Starts a relay that has a certificate, and points the setting to it."""

    def start(options="tls=required", *, host="127.0.0.1", user="", script=None, **sink_options):
        context, ca = certificates.make(tmp_path, host=host)
        sink = relay(script, tls=context, **sink_options)
        scheme = "smtps" if sink.is_implicit else "smtp"
        settings.RELAY_URL = f"{scheme}://{user}127.0.0.1:{sink.port}?{options.format(ca=ca)}"
        return sink

    return start


def waits(mailing) -> str:
    """Why a mailing has not left."""
    assert delivery.deliver(mailing.pk, seconds=5) is False
    assert queries.delivery_of(mailing.pk).accepted == 0
    assert not Setback.objects.exists()
    return Shard.objects.get().words


@pytest.mark.parametrize("is_implicit", [False, True])
def test_relay_with_a_good_certificate_gets_all_mail_encrypted(secure, fan_out, is_implicit):
    sink = secure("verify=on&cafile={ca}" + ("" if is_implicit else "&tls=required"), is_implicit=is_implicit)
    carry(fan_out(50))
    assert len(sink.copies) == 50
    assert {session.tls_version for session in sink.served if session.delivered} <= {"TLSv1.2", "TLSv1.3"}


def test_features_are_asked_for_again_after_the_handshake(secure, fan_out):
    sink = secure("tls=required&cafile={ca}&connections=1")
    carry(fan_out(3))
    heads = [line.partition(" ")[0] for line in sink.commands[:4]]
    assert heads == ["EHLO", "STARTTLS", "EHLO", "MAIL"]


def test_certificate_that_nobody_vouches_for_is_not_trusted(secure, fan_out):
    sink = secure("tls=required")
    assert "certificate" in waits(fan_out(5)).lower()
    assert not sink.copies


def test_certificate_for_another_name_is_not_trusted(secure, fan_out):
    sink = secure("tls=required&cafile={ca}", host="mail.elsewhere.example")
    assert "TLS failed" in waits(fan_out(5))
    assert not sink.copies


def test_relay_that_offers_no_tls_gets_nothing_where_tls_is_required(relay, settings, fan_out):
    sink = relay()
    settings.RELAY_URL = f"{sink.url}?tls=required"
    assert "no STARTTLS" in waits(fan_out(5))
    assert not sink.copies


def test_relay_that_takes_back_its_offer_gets_nothing_where_tls_is_required(secure, fan_out):
    sink = secure("tls=required&cafile={ca}", script=lambda session, verb, argument: None)
    sink.tls, offered = None, sink._offered
    sink._offered = lambda session: [*offered(session), "STARTTLS"]
    sink.script = lambda session, verb, argument: "454 4.7.0 not now" if verb == "STARTTLS" else None
    assert "not now" in waits(fan_out(5))
    assert not sink.copies


def test_encryption_without_a_trusted_certificate_is_better_than_none(secure, fan_out):
    sink = secure("tls=starttls")
    carry(fan_out(5))
    assert len(sink.copies) == 5
    assert all(session.tls_version for session in sink.served if session.delivered)


def test_nobody_listens_on_loopback_so_tls_is_not_asked_for_there(secure, fan_out):
    sink = secure("tls=auto")
    carry(fan_out(5))
    assert len(sink.copies) == 5
    assert "STARTTLS" not in sink.commands


def test_what_an_intruder_says_ahead_of_the_handshake_is_thrown_away(secure, fan_out):
    sink = secure(
        "tls=required&cafile={ca}",
        features=("PIPELINING",),
        injected=b"250-evil.example\r\n250 SMTPUTF8\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n",
    )
    mailing = fan_out(addresses=["ben@epa.gov", "jörg@bücher.example"])
    carry(mailing)
    assert sink.recipients() == ["ben@epa.gov"]
    assert queries.delivery_of(mailing.pk).refused == 1


@pytest.mark.parametrize("auth", ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
def test_relay_that_asks_for_a_password_gets_it_over_tls(secure, fan_out, auth):
    sink = secure("tls=required&cafile={ca}", user="junto:p%40ss%2Fword@", accounts={"junto": "p@ss/word"}, auth=auth)
    carry(fan_out(50))
    assert len(sink.copies) == 50
    assert {session.user for session in sink.served if session.delivered} == {"junto"}


def test_wrong_password_is_tried_once_and_stands_in_no_words(secure, fan_out, caplog):
    sink = secure("tls=required&cafile={ca}", user="junto:s3cret-word@", accounts={"junto": "another"})
    words = waits(fan_out(50))
    assert "refused the user name or password" in words
    assert "535" in words
    assert "s3cret-word" not in words + caplog.text
    assert sum(line.startswith("AUTH") for line in sink.commands) == 1


def test_password_does_not_leave_without_tls(relay, settings, fan_out):
    sink = relay(accounts={"junto": "s3cret"}, host="0.0.0.0")
    settings.RELAY_URL = f"smtp://junto:s3cret@{_own_address()}:{sink.port}?tls=off"
    assert "the password is not sent" in waits(fan_out(5))
    assert not any(line.startswith("AUTH") for line in sink.commands)


def _own_address() -> str:
    """An address of this machine that is not loopback; the test needs one."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network address but loopback")
        found = probe.getsockname()[0]
    if found.startswith("127."):
        pytest.skip("this machine has no network address but loopback")
    return found


def test_password_on_loopback_needs_no_tls(relay, settings, fan_out):
    sink = relay(accounts={"junto": "s3cret"})
    settings.RELAY_URL = f"smtp://junto:s3cret@127.0.0.1:{sink.port}"
    carry(fan_out(5))
    assert len(sink.copies) == 5


def test_relay_without_a_mechanism_that_is_known_says_so(secure, fan_out):
    secure("tls=required&cafile={ca}", user="junto:s3cret@", accounts={"junto": "s3cret"}, auth="GSSAPI")
    assert "neither AUTH PLAIN nor AUTH LOGIN" in waits(fan_out(5))
