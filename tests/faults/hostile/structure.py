"""Parts in parts, types that contradict each other, wrappers of other systems."""

from __future__ import annotations

import base64
import random

from tests.faults.hostile.making import HTML, TEXT, family, head, multipart, noise


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
