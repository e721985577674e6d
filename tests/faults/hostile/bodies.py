"""Contents that are broken, endless or not what they say."""

from __future__ import annotations

import random

from tests.faults.hostile.making import HTML, TEXT, family, head, noise


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
