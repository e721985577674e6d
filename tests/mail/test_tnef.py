"""winmail.dat, built by hand as MS-OXTNEF and MS-OXRTFCP say."""

from __future__ import annotations

import base64
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junto.mail import reading
from junto.mail.reading import rtf, tnef


def attribute(level, kind, name, data):
    return pack("<BHHI", level, name, kind, len(data)) + data + pack("<H", sum(data) & 0xFFFF)


def properties(*found):
    """Of (id, type, value); a name makes it a named property."""
    out = pack("<I", len(found))
    for name, kind, value in found:
        out += pack("<HH", kind, name)
        if name >= 0x8000:
            out += bytes(16) + pack("<II", 1, 10) + "Name\0".encode("utf-16-le") + b"\0\0"
        if kind == 3:
            out += pack("<I", value)
        else:
            out += pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return out


def envelope(*attributes):
    return tnef.SIGNATURE + b"\x01\x00" + attribute(1, 6, 0x9007, pack("<II", 1252, 0)) + b"".join(attributes)


def a_file(name, content, *more):
    long_name = (0x3707, 0x1F, f"{name}\0".encode("utf-16-le"))
    return (
        attribute(2, 6, 0x9002, bytes(14))
        + attribute(2, 1, 0x8010, b"SHORT~1.DOC\0")
        + attribute(2, 6, 0x800F, content)
        + attribute(2, 6, 0x9005, properties((0x8001, 3, 7), long_name, *more))
    )


def packed_rtf(text):
    """Compressed with literals alone, ended by a reference to where the next byte would go."""
    out, written = b"", 207
    data = list(text)
    while True:
        piece, data = data[:8], data[8:]
        if len(piece) < 8:
            at = (written + len(piece)) % 4096
            out += bytes([1 << len(piece)]) + bytes(piece) + (at << 4).to_bytes(2, "big")
            break
        out += b"\0" + bytes(piece)
        written += 8
    return pack("<II4sI", len(out) + 12, len(text), b"LZFu", 0) + out


def letter(content, text="", kind=b"application/ms-tnef"):
    body = b"--b\nContent-Type: text/plain\n\n%b\n" % text.encode() if text else b""
    return (
        b"From: ben@epa.gov\nContent-Type: multipart/mixed; boundary=b\n\n%b--b\nContent-Type: %b; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n%b--b--\n" % (body, kind, base64.encodebytes(content))
    )


WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Caf\'e9 \u8212\'97 "
    rb"\{x\}{\*\htmltag84 <br>}\htmlrtf \line\htmlrtf0 a\tab b\htmlrtf }\htmlrtf0 {\*\mhtmltag8 no}{\*\htmltag72 </p>}}"
)


def test_files_come_out_with_their_names_and_the_envelope_is_gone():
    raw = envelope(a_file("Übersicht 2026.docx", b"one"), a_file("b.pdf", b"two", (0x370E, 0x1E, b"application/pdf\0")))
    mail = reading.read(letter(raw, "Hello"))
    assert [(f.file_name, f.content) for f in mail.files] == [("Übersicht 2026.docx", b"one"), ("b.pdf", b"two")]
    assert mail.files[1].content_type == "application/pdf"
    assert mail.text.strip() == "Hello"


def test_words_of_a_letter_that_is_nothing_but_an_envelope_are_read():
    html = "<p>Caf\u00e9</p>".encode("cp1252")
    mail = reading.read(letter(envelope(attribute(1, 6, 0x9003, properties((0x1013, 0x102, html))))))
    assert mail.html == "<p>Café</p>"
    assert mail.text.strip() == "Café"
    assert mail.files == []


def test_plain_words_outside_are_not_said_twice():
    raw = envelope(attribute(1, 6, 0x9003, properties((0x1013, 0x102, b"<p>Hello <b>all</b></p>"))))
    mail = reading.read(letter(raw, "Hello all"))
    assert mail.text.strip() == "Hello all"
    assert "<b>all</b>" in mail.html


def test_html_inside_rich_text_is_found():
    value = (0x1009, 0x102, packed_rtf(WRAPPED))
    found = tnef.read(envelope(attribute(1, 6, 0x9003, properties((0x3FDE, 3, 1252), value))))
    assert found.html == "<p>Café — {x}<br>a\tb</p>"


def test_plain_rich_text_is_read():
    text, html = rtf.read(
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\author x}}One\par\b Two\b0 \emdash  \uc1\u233?t\'e9\par}"
    )
    assert (text, html) == ("One\nTwo— été", "")


def test_references_into_what_was_written_are_followed():
    raw = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\n\0rcpg125B2\n\xf3 hel\t\0 bw\x05\xb0ld}\n\x80\x0f\xa0"
    assert rtf.decompressed(raw) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_letter_in_a_letter_is_opened():
    inner = envelope(attribute(1, 2, 0x800C, b"Inner words\0"), a_file("deep.txt", b"deep"))
    data = (0x3701, 0x0D, bytes(16) + inner)
    outer = attribute(2, 6, 0x9002, bytes(14)) + attribute(2, 6, 0x9005, properties((0x3001, 0x1E, b"Fwd\0"), data))
    files = tnef.read(envelope(outer)).files
    assert [(f.name, f.content) for f in files] == [("Fwd.txt", b"Inner words"), ("deep.txt", b"deep")]


@pytest.mark.parametrize("content", [b"", b"not one", tnef.SIGNATURE, tnef.SIGNATURE + b"\0" * 5])
def test_file_that_is_no_envelope_stays_as_it_is(content):
    [file] = reading.read(letter(content, "Hello")).files
    assert (file.file_name, file.content) == ("winmail.dat", content)


def test_path_in_a_name_leads_nowhere():
    [file] = reading.read(letter(envelope(a_file("..\\..\\etc/passwd", b"x")))).files
    assert file.file_name == "passwd"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=4))
def test_no_bytes_raise(junk, at, patch):
    whole = envelope(attribute(1, 6, 0x9003, properties((0x1009, 0x102, packed_rtf(WRAPPED)))), a_file("a.txt", b"x"))
    broken = whole[:at] + patch + whole[at + len(patch) :]
    for raw in (tnef.SIGNATURE + junk, broken, whole[:at]):
        found = tnef.read(raw)
        (found.text + found.html).encode()
        rtf.read(rtf.decompressed(raw))
        rtf.read(junk)


@pytest.mark.parametrize(
    "raw",
    [
        b"{" * 1_000_000,
        b"}" * 1_000_000,
        b"\\'" * 500_000,
        b"\\u1?" * 250_000,
        b"\\*" * 500_000,
        b"{\\*\\htmltag " * 80_000,
    ],
)
def test_rich_text_made_to_stall_a_reader_is_read(raw):
    rtf.read(raw)


def test_numbers_that_point_outside_cost_nothing():
    many = pack("<I", 0xFFFFFFFF) + pack("<HHI", 0x101E, 0x3001, 0xFFFFFFFF)
    assert not tnef.read(envelope(attribute(1, 6, 0x9003, many), attribute(2, 6, 0x9002, b"") * 3))
    bomb = pack("<II4sI", 0, 0xFFFFFFFF, b"LZFu", 0) + b"\xff" + b"\0\x0f" * 8
    assert len(rtf.decompressed(bomb * 1_000)) <= rtf.LARGEST


@pytest.mark.material
def test_envelopes_of_the_collection_give_the_files_that_are_in_them(material):
    folder = material / "incoming-email" / "mimekit" / "tnef"
    seen = 0
    for path in sorted(folder.glob("*.tnef")):
        found = tnef.read(path.read_bytes())
        wanted = [name for name in path.with_suffix(".list").read_text().split() if not name.startswith("body.")]
        assert sorted(file.name for file in found.files) == sorted(wanted), path.name
        seen += len(wanted)
    assert seen >= 9
