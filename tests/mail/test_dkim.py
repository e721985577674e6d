"""Signatures are checked with dkimpy, which shares no code with what makes them."""

from __future__ import annotations

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junto.mail.compose import Filler, compose
from junto.mail.dkim.keys import Key
from junto.mail.dkim.signature import MailingSigner
from junto.mail.letter import Enclosure, Letter, RawLetter, slots

KEYS = (Key("s1", generate_private_key(65537, 2048)), Key("s2", Ed25519PrivateKey.generate()))
DOMAIN = "lists.example.gov"
POST = Letter(
    kind="tests.post",
    subject="How do you measure trust?",
    text=f"Hello {slots.ADDRESS}\n\n.a line with a dot  \n\ttab \nLeave: https://x.gov/u/{slots.REF}/\n\n\n",
    html=f"<p>Hello {slots.ADDRESS}, <a href='https://x.gov/u/{slots.REF}/'>leave</a></p>",
    sender_name="Ada Alvarez (GSA) via CX-COP",
    sender="cx-cop.reply.4f2a@lists.example.gov",
    reply_to="cx-cop@lists.example.gov",
    headers=(
        ("List-Id", "Customer Experience <cx-cop.lists.example.gov>"),
        ("List-Unsubscribe", f"<https://x.gov/u/{slots.REF}/>, <mailto:cx-cop-leave@lists.example.gov>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ),
)
NOTE = Letter(kind="tests.note", subject="Hi", text="Hi\n", sender="a@lists.example.gov", to="team@gsa.gov")
SIGNED_MAIL = RawLetter(
    kind="tests.raw",
    raw=(
        b"Received: from x by y\nFrom:  Ben   <ben@epa.gov>\nTo: cx-cop@lists.example.gov\nSubject: Signed\n\tby me \n"
        b"Reply-To: old@epa.gov\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/signed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n.dot  \n  caf\xc3\xa9 \x00A\x00\n\n--b--\n\n\n'
    ),
    drop=frozenset({"reply-to"}),
    headers=(("List-Unsubscribe", f"<https://x.gov/u/{slots.REF}/>"), ("X-For", slots.ADDRESS)),
)


@pytest.fixture(autouse=True)
def ed25519_for_dkimpy(monkeypatch):
    """dkimpy asks PyNaCl, which is not installed here, for Ed25519: lend it the one of cryptography."""

    class BadSignatureError(Exception):
        pass

    class VerifyKey:
        def __init__(self, text, encoder):
            self.key = Ed25519PublicKey.from_public_bytes(b64decode(text))

        def verify(self, message, signature):
            try:
                self.key.verify(signature, message)
            except InvalidSignature:
                raise BadSignatureError from None

    nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=BadSignatureError, ValueError=ValueError),
    )
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)


def signed(letter, address="ben@epa.gov", ref="1f-0123456789abcdef0123", keys=KEYS, **options):
    """One signed copy as its reader gets it, without doubled dots and the final dot."""
    form = compose(letter)
    parts = Filler(form.pieces, form.places).fill(address.encode(), ref.encode())
    signer = MailingSigner(form.pieces, form.places, keys=keys, domain=DOMAIN, **options)
    return received(signer.sign(parts))


def received(parts):
    wire = b"".join(parts)
    assert wire.endswith(b"\r\n.\r\n")
    return (b"\r\n" + wire)[:-3].replace(b"\r\n.", b"\r\n")[2:]


def published(name, timeout=5):
    records = {f"{key.selector}._domainkey.{DOMAIN}.".encode(): key.record.encode() for key in KEYS}
    return records.get(name)


def verifies(mail: bytes) -> list[bool]:
    """What dkimpy says of each signature, top to bottom."""
    verifier = dkim.DKIM(mail, minkey=1024)
    count = sum(name.lower() == b"dkim-signature" for name, _ in verifier.headers)
    return [is_good(mail, place) for place in range(count)]


def is_good(mail: bytes, place: int) -> bool:
    try:
        return bool(dkim.DKIM(mail, minkey=1024).verify(idx=place, dnsfunc=published))
    except dkim.ValidationError:
        return False


def tags(mail: bytes, place: int = 0) -> dict[bytes, bytes]:
    written = [value for name, value in dkim.DKIM(mail).headers if name.lower() == b"dkim-signature"]
    return dkim.util.parse_tag_value(written[place])


@pytest.mark.parametrize(
    "letter",
    [
        POST,
        NOTE,
        SIGNED_MAIL,
        replace(POST, html="", enclosures=(Enclosure("a.pdf", "application/pdf", b"\x00." * 999),)),
    ],
)
def test_every_letter_is_signed_by_each_key(letter):
    assert verifies(signed(letter)) == [True, True]


def test_signature_says_what_receivers_ask_for():
    found = tags(signed(POST, signed_at=1_800_000_000))
    names = found[b"h"].replace(b"\r\n ", b"").split(b":")
    assert found[b"a"] == b"rsa-sha256"
    assert (found[b"c"], found[b"d"], found[b"s"]) == (b"relaxed/relaxed", b"lists.example.gov", b"s1")
    assert found[b"t"] == b"1800000000"
    assert b"l" not in found
    assert names.count(b"from") == 2
    assert {b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type"} <= set(names)
    assert {b"list-id", b"list-unsubscribe", b"list-unsubscribe-post"} <= set(names)
    assert tags(signed(POST), 1)[b"a"] == b"ed25519-sha256"


def test_lines_of_the_signature_are_short():
    head = signed(replace(POST, references=tuple(f"m{i}@x.gov" for i in range(40)))).partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))


ADDRESSES = [
    "ben@epa.gov",
    "o'neil&sons@epa.gov",
    ".dot@epa.gov",
    "a=b@epa.gov",
    "grüße@exämple.gov",
    f"{'x' * 64}@{'y' * 60}.gov",
    "<b>@epa.gov",
    "..@..",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("letter", [POST, SIGNED_MAIL])
def test_odd_addresses_are_signed_too(letter, address):
    assert verifies(signed(letter, address)) == [True, True]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject: How", b"Subject: Who"),
        (b"From:", b"From: eve@example.com\r\nFrom:"),
        (b"List-Unsubscribe: <https://x", b"List-Unsubscribe: <https://y"),
        (b"ben@epa", b"eve@epa"),
        (b"a line", b"A line"),
        (b"leave", b"stay"),
    ],
)
def test_whatever_is_changed_on_the_way_shows(before, after):
    mail = signed(POST)
    assert before in mail
    assert verifies(mail.replace(before, after, 1)) == [False, False]


def test_what_stands_behind_the_end_shows():
    assert verifies(signed(POST) + b"more\r\n") == [False, False]


def test_message_without_from_goes_as_it_is():
    raw = RawLetter(kind="tests.raw", raw=b"Subject: x\n\nbody\n")
    assert b"DKIM-Signature" not in signed(raw)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=200)
lines = st.lists(
    st.sampled_from([slots.ADDRESS, slots.REF, " ", "  ", "\t", "\n", "é", "=", ".", "..", "x" * 70, "z"]), max_size=20
)
octets = st.lists(
    st.sampled_from([b" ", b"\t", b"\n", b"\r\n", b".", b"..\n", b"\x00", b"\xff", b"x", b"--b\n"]), max_size=30
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(
    text=texts,
    middle=lines,
    page=lines,
    subject=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=90),
    address=st.sampled_from(ADDRESSES),
)
def test_any_letter_is_signed(text, middle, page, subject, address):
    html = f"<pre>{''.join(page)}</pre>" if page else ""
    letter = replace(POST, text=f"{text}{''.join(middle)}", html=html, subject=subject)
    assert verifies(signed(letter, address)) == [True, True]


@quick
@given(body=octets, end=octets)
def test_any_raw_letter_is_signed(body, end):
    raw = SIGNED_MAIL.raw + b"".join(body) + b"text" + b"".join(end)
    assert verifies(signed(replace(SIGNED_MAIL, raw=raw))) == [True, True]


def test_copies_of_one_mailing_are_signed_in_threads():
    form = compose(POST)
    filler = Filler(form.pieces, form.places)
    signer = MailingSigner(form.pieces, form.places, keys=KEYS, domain=DOMAIN)
    copies = [filler.fill(f"m{i}@epa.gov".encode(), b"%x-0123456789abcdef0123" % i) for i in range(100)]
    with ThreadPoolExecutor(4) as threads:
        mails = [received(parts) for parts in threads.map(signer.sign, copies)]
    assert all(verifies(mail) == [True, True] for mail in mails)
    assert len({tags(mail)[b"b"] for mail in mails}) == 100
