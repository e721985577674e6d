"""Fields that smuggle, lie, never end or make no sense."""

from __future__ import annotations

import base64
import random

from tests.faults.hostile.making import INJECTED, TEXT, family, head, multipart


@family
def line_ends_in_headers(rng: random.Random) -> bytes:
    end = rng.choice((b"\r", b"\n", b"\x00", b"\r\r", b"\x0b", b"\x0c", b"\xc2\x85", b"\xe2\x80\xa8", b"\x1c"))
    where = rng.choice(("Subject", "From", "To", "Message_ID", "Date", "Reply_To", "References"))
    values = {"Subject": b"Hi", "From": b"Ben <ben@epa.gov>", "Message_ID": b"<%d@epa.gov>" % rng.randrange(10**9)}
    return (
        head(rng, **{where: values.get(where, b"x") + end + INJECTED + end + b"Bcc: eve@mail.example.com"})
        + b"\r\n"
        + TEXT
    )


@family
def encoded_line_ends(rng: random.Random) -> bytes:
    hidden = base64.b64encode(b"Hi\r\n" + INJECTED + b"\r\nBcc: eve@mail.example.com\r\n\r\nbody")
    word = rng.choice((b"=?utf-8?b?%s?=" % hidden, b"=?utf-8?q?Hi=0D=0AX-Injected:_yes=0D=0A?=", b"=?utf-8?q?a=00b?="))
    where = rng.choice(
        ({"Subject": word}, {"From": word + b" <ben@epa.gov>"}, {"From": b'"' + word + b'" <ben@epa.gov>'})
    )
    name = b'Content-Disposition: attachment; filename="%s"\r\n\r\nx' % word
    return head(rng, **where) + multipart(b"mixed", b"b", [b"\r\nHello", b"Content-Type: text/x\r\n" + name])


@family
def broken_encoded_words(rng: random.Random) -> bytes:
    words = (
        b"=?",
        b"=?utf-8?",
        b"=?utf-8?b?!!!?=",
        b"=?x-none?q?hi?=",
        b"=?utf-16?b?AA?=",
        b"=?utf-8?q?=ZZ?=",
        b"=?idna?q?a?=",
    )
    return head(rng, subject=b" ".join(rng.choices(words, k=rng.choice((1, 5, 500))))) + b"\r\n" + TEXT


@family
def loops(rng: random.Random) -> bytes:
    marks = (
        b"List-Id: <cx-cop.lists.example.gov>\r\n",
        b"X-Loop: cx-cop@lists.example.gov\r\n",
        b"Received: from a by lists.example.gov (Junto) with LMTP; Tue, 3 Nov 2026 09:15:00 -0500\r\n" * 120,
        b"Auto-Submitted: auto-replied\r\n",
        b"Precedence: bulk\r\nX-Auto-Response-Suppress: All\r\n",
        b"Resent-From: cx-cop@lists.example.gov\r\n" * 50,
    )
    return rng.choice(marks) + head(rng) + b"\r\n" + TEXT


@family
def confusing_subjects(rng: random.Random) -> bytes:
    marks = (
        "\u202egnol",
        "\u200b" * 300,
        "\u2066a\u2069",
        "\ufeff",
        "e\u0301" * 200,
        "\u0300" * 900,
        "\U000e0041" * 40,
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    )
    said = rng.choice(marks).encode()
    return (
        head(
            rng,
            subject=rng.choice(
                (said, b"=?utf-8?b?" + base64.b64encode(said[:60]) + b"?=", b"Re: " * 500, b"[CX-COP] " * 90)
            ),
        )
        + b"\r\n"
        + TEXT
    )


@family
def many_authors(rng: random.Random) -> bytes:
    kinds = (
        head(rng) + b"From: ada@gsa.gov\r\n",
        b"From: ada@gsa.gov\r\n" + head(rng),
        head(rng, From=b"ben@epa.gov, ada@gsa.gov") + b"Sender: ben@epa.gov\r\n",
        head(rng, From=b"ada@gsa.gov <ben@epa.gov>"),
        head(rng, From=b"Friends: ben@epa.gov, eve@mail.example.com;"),
        head(rng, From=b"<ben@epa.gov> <eve@mail.example.com>"),
        head(rng) + b"Subject: two\r\nSubject: three\r\nMessage-ID: <other@epa.gov>\r\nTo: x@y.gov\r\n" * 30,
    )
    return rng.choice(kinds) + b"\r\n" + TEXT


@family
def odd_dates(rng: random.Random) -> bytes:
    dates = (
        b"Fri, 31 Dec 9999 23:59:59 -2359",
        b"Sat, 1 Jan 0001 00:00:00 +2359",
        b"0",
        b"yesterday",
        b"Tue, 99 Foo 2026 99:99:99",
        b"Mon, 1 Jan 2026 00:00:00 +9999",
        b"1" * 5_000,
    )
    dates += (
        b"Thu, 1 Jan 1970 00:00:00 GMT",
        b"Tue, 3 Nov 26 09:15 EST",
        b"Tue, 3 Nov 99999999999 09:15:00 +0000",
        b"Sun, 29 Feb 2026 12:00:00 -0000",
    )
    return head(rng, Date=rng.choice(dates)) + b"\r\n" + TEXT


@family
def odd_message_ids(rng: random.Random) -> bytes:
    ids = (
        b"<" + b"m" * 10_000 + b"@epa.gov>",
        b"no brackets",
        b"<>",
        b"<<a@b>>",
        b"<a@b> <c@d>",
        b"<a b@c>",
        b"<\xff@x>",
        b"<a@b",
        b"<%d\x00@x>" % rng.randrange(99),
    )
    odd = rng.choice(ids)
    return (
        head(rng, Message_ID=odd, In_Reply_To=rng.choice(ids), References=b" ".join(rng.choices(ids, k=9)))
        + b"\r\n"
        + TEXT
    )


@family
def odd_addresses(rng: random.Random) -> bytes:
    kinds = (
        b'"Ben (B.) \\"x\\"" <ben@epa.gov>',
        b"ben(comment(nested))@epa.gov",
        b"(" * 3_000 + b"ben@epa.gov",
        b'"ben"@epa.gov',
        b"ben@[192.0.2.1]",
        b"<@a,@b:ben@epa.gov>",
        b"ben@epa.gov@x",
        b"BEN@EPA.GOV",
    )
    kinds += (
        b"ben @ epa . gov",
        b"b\xc3\xa9n@epa.gov",
        b"=?utf-8?q?ben=40epa.gov?=",
        b'"<script>alert(1)</script>" <ben@epa.gov>',
        b"B" * 2_000 + b" <ben@epa.gov>",
    )
    return head(rng, From=rng.choice(kinds), Reply_To=rng.choice(kinds), Cc=rng.choice(kinds)) + b"\r\n" + TEXT


@family
def slots_and_templates(rng: random.Random) -> bytes:
    words = rng.choice(
        (
            b"{{ settings.SECRET_KEY }}",
            b"%(x)s {0} ${y}",
            b"\xee\x80\x80A\xee\x80\x81",
            b"\x1aREF\x1a",
            b"{% include '/etc/passwd' %}",
            b"'; DROP TABLE mail_arrival; --",
        )
    )
    return (
        head(rng, subject=words, From=words.replace(b"\x1a", b"") + b" <ben@epa.gov>")
        + b"\r\n"
        + words * rng.choice((1, 500))
        + b"\r\n"
    )
