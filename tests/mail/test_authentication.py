from __future__ import annotations

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from junto.mail import reading
from junto.mail.authentication import is_aligned, organisational_domain, prove

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)
DNS = {
    ("s._domainkey.mail.epa.gov", "TXT"): [b"v=DKIM1; k=rsa; p=" + PUBLIC],
    ("epa.gov", "TXT"): [b"unrelated", b"v=spf1 ip4:192.0.2.7 -all"],
}
RAW = b"From: Ben <ben@epa.gov>\r\nTo: cx-cop@lists.example.gov\r\nSubject: Hi\r\n\r\nHello\r\n"


def look_up(name, kind):
    return DNS.get((name, kind), [])


def signed(raw=RAW, **options):
    return dkim.sign(raw, b"s", b"mail.epa.gov", PEM, include_headers=[b"from", b"subject"], **options) + raw


def proof(raw, *, sender="", peer="lmtp 192.0.2.99", look_up=look_up):
    return prove(raw, "ben@epa.gov", sender=sender, peer=peer, look_up=look_up)


def test_good_signature_of_the_same_organisation_proves_the_author():
    found = proof(b"Received: from x by y; now\r\n" + signed())
    assert (found.is_proven, found.how) == (True, "dkim")


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        signed().replace(b"Hello", b"Hullo"),
        signed().replace(b"Ben <ben@epa.gov>", b"Ben <cleo@epa.gov>"),
        b"From: eve@example.com\r\n" + signed(),
        signed().replace(b"From: Ben <ben@epa.gov>\r\n", b""),
        signed(length=True) + b"Buy my things\r\n",
        b"",
        b"\x00\xff",
    ],
)
def test_what_is_not_signed_as_it_is_proves_nothing(raw):
    assert not proof(raw).is_proven


def test_signature_of_somebody_else_proves_nothing():
    raw = RAW.replace(b"ben@epa.gov", b"ada@gsa.gov")
    assert not prove(signed(raw), "ada@gsa.gov", sender="", peer="", look_up=look_up).is_proven


def test_dns_that_fails_proves_nothing_and_stops_nothing():
    def fails(name, kind):
        raise TimeoutError

    assert not proof(signed(), sender="ben@epa.gov", peer="192.0.2.7", look_up=fails).is_proven


def test_server_that_the_domain_names_proves_the_author():
    assert proof(RAW, sender="bounce@epa.gov", peer="192.0.2.7").how == "spf"
    assert not proof(RAW, sender="bounce@epa.gov", peer="192.0.2.8").is_proven
    assert not proof(RAW, sender="x@example.com", peer="192.0.2.7").is_proven
    assert not proof(RAW, sender="bounce@epa.gov", peer="lmtp 192.0.2.7").is_proven
    assert not proof(RAW, sender="bounce@epa.gov", peer="127.0.0.1").is_proven


GOOD = b"Authentication-Results: mx.lists.gov;\r\n\tdkim=pass header.d=mail.epa.gov; spf=fail smtp.mailfrom=x@y.z\r\n"
OURS = b"Received: from mx by junto; now\r\n"
MTA = b"Received: from sender by mx; now\r\n"


@pytest.mark.parametrize("head", [OURS + MTA + GOOD, OURS + GOOD + MTA, OURS + GOOD.replace(b"mail.epa", b"EPA")])
def test_result_of_the_trusted_mta_is_believed(settings, head):
    settings.TRUSTED_AUTHSERV_ID = "mx.lists.gov"
    assert proof(head + RAW).how == "dkim"


@pytest.mark.parametrize(
    "head",
    [
        OURS + MTA + b"Received: from evil by sender; now\r\n" + GOOD,
        OURS + MTA + GOOD.replace(b"mx.lists.gov", b"mx.evil.example"),
        OURS + MTA + GOOD.replace(b"dkim=pass", b"dkim=fail") + GOOD,
        OURS + MTA + GOOD.replace(b"mail.epa.gov", b"evil.example"),
        OURS + MTA + GOOD.replace(b"dkim=pass", b"auth=pass"),
    ],
)
def test_result_that_the_sender_could_have_written_is_not_believed(settings, head):
    settings.TRUSTED_AUTHSERV_ID = "mx.lists.gov"
    assert not proof(head + RAW).is_proven


def test_result_in_a_letter_that_came_past_the_mta_is_not_believed(settings):
    settings.TRUSTED_AUTHSERV_ID = "mx.lists.gov"
    assert not proof(OURS + GOOD + RAW, peer="203.0.113.9").is_proven
    assert proof(OURS + GOOD + RAW, peer="10.0.0.9").is_proven


@pytest.mark.parametrize(
    "author",
    [
        b"ben@epa.gov, eve@example.com",
        b"eve@example.com, ben@epa.gov",
        b"Friends: ben@epa.gov, eve@example.com;",
        b"undisclosed:;",
        b"<ben@epa.gov> <eve@example.com>, x@y.gov",
        b'"ben@epa.gov" <eve@example.com>',
        b"eve@example.com (ben@epa.gov)",
    ],
)
def test_good_signature_proves_only_the_one_author_whom_its_from_line_names(author):
    raw = RAW.replace(b"Ben <ben@epa.gov>", author)
    assert not proof(b"Sender: ben@epa.gov\r\n" + signed(raw)).is_proven


def test_author_who_stands_in_sender_alone_is_not_proven():
    """A real letter of somebody else, with so many fields in front that its From is out of the reader's sight."""
    raw = b"Sender: ben@epa.gov\r\n" + b"X: y\r\n" * 1_000 + signed(RAW.replace(b"ben@epa.gov", b"cleo@epa.gov"))
    assert reading.read(raw).from_address == "ben@epa.gov"
    assert not proof(raw).is_proven


def test_result_is_not_believed_where_no_mta_is_trusted():
    assert not proof(OURS + MTA + GOOD + RAW).is_proven


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("mail.epa.gov", "epa.gov"),
        ("epa.gov", "epa.gov"),
        ("gov", "gov"),
        ("a.b.digital.cabinet-office.gov.uk", "cabinet-office.gov.uk"),
        ("x.dept.state.ny.us", "state.ny.us"),
        ("mail.district.k12.ca.us", "district.k12.ca.us"),
        ("a.us.af.mil", "af.mil"),
    ],
)
def test_organisation_of_a_domain(domain, registered):
    assert organisational_domain(domain) == registered
    assert is_aligned(domain, registered)
