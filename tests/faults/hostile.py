"""Letters that nobody would write in good faith, made from seeds: the same seed makes the same letter everywhere."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

Maker = Callable[[random.Random], bytes]
FAMILIES: dict[str, Maker] = {}
INJECTED = b"X-Injected: yes"
HTML = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
TEXT = b"Hello, this is the body.\r\n"


def family(make: Maker) -> Maker:
    FAMILIES[make.__name__] = make
    return make


def letter(number: int) -> tuple[str, bytes]:
    """Name of the family, and the letter of that number."""
    name = list(FAMILIES)[number % len(FAMILIES)]
    return name, FAMILIES[name](random.Random(number))


def head(rng: random.Random, subject: bytes = b"", **fields: bytes) -> bytes:
    """The usual header, with fields replaced (`Message_ID`) or left out (empty)."""
    usual = {
        "From": b"Ben Brooks <ben@epa.gov>",
        "To": b"cx-cop@lists.example.gov",
        "Subject": subject or b"Letter %d" % rng.randrange(10**9),
        "Date": b"Tue, 3 Nov 2026 09:15:00 -0500",
        "Message_ID": b"<%d@epa.gov>" % rng.randrange(10**12),
    } | fields
    return b"".join(name.replace("_", "-").encode() + b": " + value + b"\r\n" for name, value in usual.items() if value)


def multipart(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    top = b'MIME-Version: 1.0\r\nContent-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind, boundary)
    return top + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary


def noise(rng: random.Random, count: int) -> bytes:
    return bytes(rng.choices(range(256), k=count))


@family
def many_parts(rng: random.Random) -> bytes:
    count = rng.choice((500, 2_000, 10_000))
    return head(rng) + multipart(b"mixed", b"b", [b"Content-Type: text/plain\r\n\r\npart"] * count)


@family
def deep_nesting(rng: random.Random) -> bytes:
    body, depth = b"\r\nthe core\r\n", rng.choice((20, 200, 1_000))
    for level in range(depth):
        body = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n%s\r\n--b%d--\r\n' % (
            level,
            level,
            body,
            level,
        )
        if len(body) > 2_000_000:
            break
    return head(rng) + b"MIME-Version: 1.0\r\n" + body


@family
def letters_in_letters(rng: random.Random) -> bytes:
    return head(rng) + b"MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" * rng.choice((5, 100, 500)) + TEXT


@family
def odd_boundaries(rng: random.Random) -> bytes:
    boundary = rng.choice((b"x" * 5_000, b"", b"a b", b"--", b"=_?:", b"'", b"\xff\xfe", b"b" * 70))
    whole = multipart(b"alternative", boundary, [b"\r\none", HTML + b"\r\n<p>two</p>"])
    return head(rng) + whole[: rng.randrange(len(whole) // 2, len(whole))]


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
def false_charsets(rng: random.Random) -> bytes:
    names = (
        b"utf-16",
        b"utf-32",
        b"utf-7",
        b"x-nonsense",
        b"idna",
        b"punycode",
        b"unicode_escape",
        b"rot13",
        b"hex",
        b"\xff",
        b"a" * 999,
    )
    names += (
        b"undefined",
        b"zlib",
        b"mbcs",
        b"utf-8\x00",
        b"../../etc/passwd",
        b"raw_unicode_escape",
        b"unknown-8bit",
        b"",
    )
    charset = rng.choice(names)
    return (
        head(rng) + b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=" + charset + b"\r\n\r\n" + noise(rng, 301)
    )


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
def long_lines(rng: random.Random) -> bytes:
    count = rng.choice((2_000, 100_000, 1_000_000))
    kinds = (
        head(rng, subject=b"x" * count),
        head(rng, X_Long=b"y " * (count // 2)),
        head(rng, To=b", ".join([b"a@epa.gov"] * (count // 11))),
        head(rng, References=b" ".join([b"<a@b>"] * (count // 6))),
        head(rng) + b"\r\n " * (count // 3) + b"\r\n",
    )
    return rng.choice(kinds) + b"\r\n" + b"z" * count + b"\r\n"


@family
def missing_everything(rng: random.Random) -> bytes:
    kinds = (
        b"",
        b"\r\n",
        b"\r\n\r\n",
        b".",
        b"..\r\n.",
        b"From: ben@epa.gov",
        b"From ben@epa.gov Tue Nov  3\r\n\r\n",
        b":\r\n\r\nx",
        TEXT,
    )
    return rng.choice(
        (*kinds, b"Subject\r\n\r\n" + TEXT, b" folded first\r\n" + head(rng) + b"\r\n" + TEXT, head(rng, From=b""))
    )


@family
def contradictions(rng: random.Random) -> bytes:
    types = [
        b"text/plain",
        b"text/html",
        b"multipart/mixed",
        b"image/png",
        b"text",
        b"/",
        b"a/b/c",
        b";;;",
        b"text/plain; charset=a; charset=b",
    ]
    codings = [b"base64", b"quoted-printable", b"7bit", b"uuencode", b"x", b"base64, base64", b"binary", b""]
    fields = b"".join(
        b"Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n" % (rng.choice(types), rng.choice(codings))
        for _ in range(rng.choice((1, 2, 9)))
    )
    return head(rng) + fields + b"\r\n" + rng.choice((TEXT, noise(rng, 200), b"<p>Hi</p>\r\n"))


@family
def broken_codings(rng: random.Random) -> bytes:
    coding = rng.choice((b"base64", b"quoted-printable", b"x-uuencode"))
    bodies = (
        b"====",
        b"A",
        b"=" * 5_000,
        b"=0",
        b"=\r\n" * 900,
        b"=00=0D=0A=0D=0A.=0D=0A",
        noise(rng, 500),
        b"begin 644 x\r\n" + noise(rng, 99),
    )
    return head(rng) + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: %s\r\n\r\n%s" % (
        coding,
        rng.choice(bodies),
    )


@family
def html_bombs(rng: random.Random) -> bytes:
    many = rng.choice((500, 5_000, 100_000))
    bodies = (
        b"<div>" * many,
        b"<b><i>" * many,
        b"<table><tr><td>" * (many // 10),
        b"<p>" + b"&amp;" * many,
        b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><p>&m;</p>' * 50,
        b"<a href='javascript:alert(1)' onclick=x>" * (many // 10) + b"x",
        b"<!--" * many,
        b"<style>" * (many // 10) + b"x{}",
        b"<svg><script>alert(1)</script>" * 100,
        b"<p style='" + b"a:b;" * many + b"'>x",
    )
    return head(rng) + HTML + b"\r\n" + rng.choice(bodies) + b"\r\n"


@family
def zip_bombs(rng: random.Random) -> bytes:
    name = rng.choice(
        (
            b"../../etc/cron.d/x",
            b"a.exe",
            b"report.pdf.js",
            b"\xe2\x80\xaegpj.exe",
            b"x" * 3_000,
            b"con",
            b"",
            b"a\x00b.txt",
        )
    )
    zipped = base64.encodebytes(b"PK\x03\x04" + noise(rng, 500)).replace(b"\n", b"\r\n")
    part = b'Content-Type: application/zip; name="%s"\r\nContent-Transfer-Encoding: base64\r\n' % name
    part += b'Content-Disposition: attachment; filename="%s"\r\n\r\n%s' % (name, zipped)
    return head(rng) + multipart(b"mixed", b"b", [b"\r\nSee attached", *[part] * rng.choice((1, 3, 60))])


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
def foreign_wrappers(rng: random.Random) -> bytes:
    kinds = (
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"\x78\x9f\x3e\x22" + noise(rng, 300)).replace(b"\n", b"\r\n"),
        b"\r\nbegin 644 a.txt\r\n" + b"M" + b"A" * 60 + b"\r\n`\r\nend\r\n",
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n",
        b"Content-Type: message/partial; id=x; number=1; total=99\r\n\r\nx\r\n",
        b'Content-Type: message/external-body; access-type=URL; URL="file:///etc/passwd"\r\n\r\n\r\n',
        b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:\r\n",
    )
    return head(rng) + b"MIME-Version: 1.0\r\n" + rng.choice(kinds)


@family
def signed_junk(rng: random.Random) -> bytes:
    boundary = rng.choice((b"s", b"s" * 69))
    signature = (
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(noise(rng, 99))
    )
    inner = rng.choice(
        (b"Content-Type: text/plain\r\n\r\nHello\r\n.\r\n..\r\nFrom here", HTML + b"\r\n<p>Hi</p>", noise(rng, 200))
    )
    whole = multipart(b"signed", boundary, [inner, signature])
    ours = rng.choice(
        (b"", b"List-Id: <evil>\r\nList-Unsubscribe: <http://evil/>\r\nReply-To: eve@mail.example.com\r\n")
    )
    return (
        ours
        + head(rng)
        + whole.replace(
            b"multipart/signed;", b'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256;'
        )
    )


@family
def smuggling(rng: random.Random) -> bytes:
    end = rng.choice((b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r\n\x00.\r\n"))
    inner = b"MAIL FROM:<ada@gsa.gov>%sRCPT TO:<cx-cop@lists.example.gov>%sDATA%s" % ((end.replace(b".", b""),) * 3)
    return (
        head(rng)
        + b"\r\n"
        + TEXT
        + end
        + inner
        + b"From: ada@gsa.gov\r\nSubject: smuggled\r\n\r\nHa"
        + end
        + b"QUIT\r\n"
    )


@family
def raw_bytes(rng: random.Random) -> bytes:
    said = noise(rng, rng.choice((10, 1_000, 20_000))).replace(b"\r\n.\r\n", b"")
    return rng.choice(
        (
            said,
            head(rng) + b"\r\n" + said,
            head(rng, subject=said.replace(b"\r", b"").replace(b"\n", b"")[:900]) + b"\r\n" + TEXT,
        )
    )


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
