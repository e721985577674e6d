"""A hostile letter costs time in line with its length: none of these may hold up the letters behind it."""

from __future__ import annotations

import time

import pytest

from junto.communities.inbound import reading as commands
from junto.discussions.queries import without_addresses
from junto.kit import html
from junto.mail import bounces, reading, shown

SECONDS = 6.0
HTML = b"Content-Type: text/html\r\n\r\n"
DEEP = HTML + b"<div>" * 500
LETTERS = {
    "blanks in a name": b"From: a" + b" " * 100_000 + b"a\r\n\r\nx",
    "escaped quotes": b'To: @"' + b'\\"' * 50_000 + b"\r\n\r\nx",
    "escaped brackets": b"From: @(" + b"\\(" * 50_000 + b"\r\n\r\nx",
    "many such headers": (b'To: @"' + b'\\"' * 20_000 + b"\r\n") * 50 + b"\r\nx",
    "open styles": DEEP + b"<style>" * 150_000,
    "open titles": DEEP + b"<title " * 150_000,
    "styles never closed": DEEP + b"<style></style" * 70_000,
    "nested boxes": HTML + b"<div>" * 100_000,
    "boxes closed in attributes": HTML + b'<div title="</div>">' * 50_000,
    "nested marks": HTML + b"<b></i>" * 100_000,
    "nested lists": HTML + b"<ul><li>" * 60_000,
    "one long word": b"\r\n@" + b"a" * 1_000_000,
    "links that never end": b"\r\n" + b"<mailto:" * 125_000,
}


@pytest.mark.parametrize("name", LETTERS)
def test_hostile_letter_is_read_in_time(name: str) -> None:
    began = time.process_time()
    mail = reading.read(LETTERS[name])
    safe = html.clean(mail.html) if mail.html else ""
    without_addresses(shown.show(mail.text, safe))
    commands.read(mail.subject, mail.text, {"OK"})
    assert time.process_time() - began < SECONDS


def test_hostile_bounce_is_read_in_time() -> None:
    began = time.process_time()
    bounces.read(b"From: MAILER-DAEMON\r\nSubject: failure\r\nX-Failed-Recipients: " + b"a" * 300_000 + b"\r\n\r\nx")
    bounces.read(b"From: MAILER-DAEMON\r\nSubject: failure\r\nReferences: " + b"<" * 300_000 + b"\r\n\r\nx")
    bounces.read(b"From: MAILER-DAEMON\r\nSubject: failure\r\n\r\nundeliverable " + b"a" * 300_000)
    assert time.process_time() - began < SECONDS


def test_words_of_html_that_is_too_deep_to_lay_out_are_kept() -> None:
    mail = reading.read(DEEP + b"<style>p {color: red}</style><p>Fish &amp; chips</p>")
    assert mail.text == "Fish & chips"


@pytest.mark.parametrize("written", ["ada@gsa.gov", '<a href="mailto:ada%40gsa.gov">', "<ada@gsa.gov>"])
def test_address_is_cut_short_however_it_is_written(written: str) -> None:
    assert "ada" not in without_addresses(f"Write to {written} now")
