from __future__ import annotations

import email
import re
from dataclasses import replace
from email import policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junto.mail.compose import BadHeader, Filler, compose
from junto.mail.letter import Enclosure, Letter, RawLetter, slots

PLAIN = Letter(kind="tests.letter", subject="Hello", text="Hi\n")


def copy_of(letter, address="ben@epa.gov", ref="1f-0123456789abcdef0123"):
    form = compose(letter)
    wire = b"".join(Filler(form.pieces, form.places).fill(address.encode(), ref.encode()))
    assert wire.endswith(b"\r\n.\r\n")
    assert b"\n." not in wire[:-5].replace(b"\n..", b"")
    assert not re.search(rb"[^\r]\n|\r[^\n]", wire)
    content = wire[:-3].replace(b"\r\n..", b"\r\n.")
    return content, email.message_from_bytes(content, policy=policy.default)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=400)


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.lists(st.sampled_from([slots.ADDRESS, slots.REF, " ", "é", "=", ".", "x" * 70]), max_size=12))
def test_text_and_slots_come_out_as_they_went_in(before, after, middle):
    text = f"{before}{''.join(middle)}{after}\n"
    content, mail = copy_of(replace(PLAIN, text=text, html=f"<pre>{''.join(middle)}</pre>"))
    wanted = text.replace(slots.ADDRESS, "ben@epa.gov").replace(slots.REF, "1f-0123456789abcdef0123")
    body = mail.get_body(("plain",))
    assert body.get_payload(decode=True).decode().replace("\r\n", "\n").rstrip("\n") == wanted.rstrip("\n")
    assert all(len(line) <= 78 for line in content.partition(b"\r\n\r\n")[2].split(b"\r\n"))
    assert content.isascii()


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=200)
)
def test_subject_and_name_come_out_as_they_went_in(words):
    content, mail = copy_of(replace(PLAIN, subject=f"Re: {words}", sender_name=f"{words} (EPA)", sender="a@gsa.gov"))
    assert mail["Subject"] == f"Re: {words}"
    assert mail["From"].addresses[0].addr_spec == "a@gsa.gov"
    assert content.isascii()


@pytest.mark.parametrize("bad", ["a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\x00b"])
def test_line_breaks_in_headers_are_refused(bad):
    for letter in (
        replace(PLAIN, subject=bad),
        replace(PLAIN, sender_name=bad, sender="a@gsa.gov"),
        replace(PLAIN, headers=(("X-Note", bad),)),
        replace(PLAIN, headers=((bad, "x"),)),
        replace(PLAIN, reply_to=bad),
        replace(PLAIN, in_reply_to=bad),
        replace(PLAIN, references=(bad,)),
    ):
        with pytest.raises(BadHeader):
            compose(letter)


def test_letter_has_the_headers_that_every_letter_needs():
    _, mail = copy_of(replace(PLAIN, message_id="m1@x", in_reply_to="m0@x", references=("r@x", "m0@x")))
    assert mail["To"] == "ben@epa.gov"
    assert mail["Message-ID"] == "<m1@x>"
    assert mail["In-Reply-To"] == "<m0@x>"
    assert mail["References"] == "<r@x> <m0@x>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["MIME-Version"] == "1.0"
    assert mail["Date"].datetime


def test_slot_in_a_long_header_is_never_folded_apart():
    value = f"<https://lists.example.gov/unsubscribe/{slots.REF}/>, <mailto:{'x' * 60}+{slots.REF}@lists.example.gov>"
    _, mail = copy_of(replace(PLAIN, headers=(("List-Unsubscribe", value),)))
    assert mail["List-Unsubscribe"].count("1f-0123456789abcdef0123") == 2
    assert mail.defects == []


def test_odd_addresses_stand_rightly_in_every_place():
    letter = replace(PLAIN, text=f"{slots.ADDRESS}\n", html=f"<p>{slots.ADDRESS}</p>")
    for address in (".dot@epa.gov", "a=b@epa.gov", "o'neil&amp@epa.gov", "jörg@bücher.example"):
        _, mail = copy_of(letter, address=address)
        assert mail.get_body(("plain",)).get_content().strip() == address
        html = mail.get_body(("html",)).get_content()
        assert address.replace("&", "&amp;").replace("'", "&#x27;") in html


def test_enclosures_come_out_byte_for_byte():
    enclosures = (
        Enclosure("Übersicht.pdf", "application/pdf", bytes(range(256)) * 50),
        Enclosure('a\r\n".txt', "x", b""),
    )
    _, mail = copy_of(replace(PLAIN, html="<p>Hi</p>", enclosures=enclosures))
    first, second = mail.iter_attachments()
    assert first.get_filename() == "Übersicht.pdf"
    assert first.get_content() == enclosures[0].content
    assert second.get_filename() == "a___.txt"
    assert second.get_content_type() == "application/octet-stream"


def test_signed_letter_passes_untouched_below_its_headers():
    body = b"--b\r\nContent-Type: text/plain\r\n\r\n.dot\r\n" + slots.REF.encode() + b" caf\xe9\r\n--b--\r\n"
    raw = b"From: ada@gsa.gov\r\nReceived: here\r\n\tthere\r\nSubject: s\r\nContent-Type: multipart/signed;\r\n boundary=b\r\n\r\n"
    letter = RawLetter("tests.raw", raw + body, frozenset({"received", "from"}), (("List-Unsubscribe", slots.REF),))
    form = compose(letter)
    assert form.is_8bit
    wire = b"".join(Filler(form.pieces, form.places).fill(b"ben@epa.gov", b"1f-00"))
    content = wire[:-3].replace(b"\r\n..", b"\r\n.")
    head, _, got = content.partition(b"\r\n\r\n")
    assert got == body
    assert head.startswith(b"List-Unsubscribe: 1f-00\r\nSubject: s\r\n")
    assert b"Received" not in head
    assert b"there" not in head


def test_slots_cannot_be_guessed(settings):
    assert "slot" not in slots.REF.lower()
    assert slots.REF != slots.ADDRESS
    assert len(slots.REF) == 26


def test_a_digest_holds_messages_as_they_are_and_no_place_comes_from_outside():
    raw = b"Subject: Raw\r\nFrom: x@example.com\r\n\r\n.dot \x00R\x00 gr\xc3\xbc\xc3\x9fe\r\n"
    inner = (
        Letter(kind="t", subject="One", text="First", to="list@example.gov", message_id="one@example.gov"),
        RawLetter("t", raw, drop=frozenset({"from"}), headers=(("From", "alias@example.gov"),)),
    )
    form = compose(Letter(kind="t", subject="All", text="Contents", to="list@example.gov", digest=inner))
    assert (form.is_8bit, form.places) == (True, [])
    content = form.pieces.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
    contents, digest = email.message_from_bytes(content, policy=policy.default).iter_parts()
    assert contents.get_content().strip() == "Contents"
    assert digest.get_content_type() == "multipart/digest"
    assert digest["Content-Transfer-Encoding"] == "8bit"
    one, two = (part.get_content() for part in digest.iter_parts())
    assert (one["Message-ID"], two["From"]) == ("<one@example.gov>", "alias@example.gov")
    assert ".dot R grüße".encode() in content
