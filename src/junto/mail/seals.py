"""Whether the copies of a letter may keep its author's From line.

They may where a DKIM signature of the author's own domain is good, still is good on the copy as it will leave, and so
gives DMARC what it asks for at every receiver (RFC 6377 section 5.5, RFC 9989). `seal_of` finds that signature, which
may ask the DNS, so it is for before a transaction; `holds` checks the finished copy, and asks nobody.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import dkim

from junto.kit.addresses import domain_of
from junto.mail import authentication, compose, dmarc
from junto.mail.letter import RawLetter

log = logging.getLogger(__name__)

MOST_SIGNATURES = 3
LASTS = 6 * 86_400
"""A copy may be deferred for five days: a signature that ends before (x=) would be worthless by then."""
_SAMPLE = (b"reader@agency.example", b"1f-0123456789abcdef0123")


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature that was good when the letter came: its place among the signatures, the domain that made it, the names
    of the fields that it covers (as often as it does), and the key as the DNS had it."""

    place: int
    signer: str
    covers: tuple[str, ...]
    key: bytes


def seal_of(
    raw: bytes, from_address: str, *, look_up: authentication.LookUp | None = None, ask: dmarc.AskTexts | None = None
) -> Seal | None:
    """The signature by which a letter may keep its From line; None where it has none, or where the policy of the domain
    or the operator's word is against it. Never raises; takes half a minute at most."""
    domain = domain_of(from_address)
    if not domain or dmarc.treatment_of(domain) == dmarc.Treatment.REWRITE:
        return None
    if not authentication.names_one_author(authentication.head_of(raw), from_address):
        return None
    try:
        return _find(raw, domain, look_up or authentication.ask_dns, ask)
    except Exception as error:
        log.info("No signature could be checked: %s", error)
        return None


def holds(letter: RawLetter, seal: Seal) -> bool:
    """Whether the signature is good on a copy as it leaves, every slot filled. Never raises."""
    try:
        form = compose.compose(letter)
        wire = b"".join(compose.Filler(form.pieces, form.places).fill(*_SAMPLE))
        content = wire.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        return bool(dkim.DKIM(content, minkey=1024).verify(idx=seal.place, dnsfunc=lambda *_, **__: seal.key))
    except Exception as error:
        log.info("A copy would not have kept its signature: %s", error)
        return False


def _find(raw: bytes, domain: str, look_up: authentication.LookUp, ask: dmarc.AskTexts | None) -> Seal | None:
    verifier = dkim.DKIM(raw, minkey=1024, timeout=authentication.SECONDS)
    values = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
    speaks = _speaks_for(domain, ask)
    for place, value in enumerate(values[:MOST_SIGNATURES]):
        tags = dkim.util.parse_tag_value(value)
        signer = tags.get(b"d", b"").decode("ascii", "replace").strip().lower()
        if not _is_lasting(tags) or not speaks(signer):
            continue
        key = _key(tags, signer, look_up)
        if key and authentication.verifies(verifier, place, lambda *_, key=key, **__: key):
            covers = tuple(name.strip().decode("ascii", "replace").lower() for name in tags[b"h"].split(b":"))
            return Seal(place, signer, covers, key)
    return None


def _speaks_for(domain: str, ask: dmarc.AskTexts | None) -> Callable[[str], bool]:
    """Whether a signer speaks for an author at the domain: as its policy says, or where the operator trusts the domain,
    as names alone say."""
    if dmarc.treatment_of(domain) == dmarc.Treatment.KEEP:
        return lambda signer: authentication.is_aligned(signer, domain)
    policy = dmarc.policy_of(domain, ask=ask)
    if not policy.is_known:
        return lambda _: False
    return lambda signer: authentication.is_aligned(signer, domain) and dmarc.is_aligned(signer, policy, ask=ask)


def _is_lasting(tags: dict[bytes, bytes]) -> bool:
    """Of a kind that every receiver believes (RFC 8301; Ed25519 is not known everywhere), of the whole body, and good
    for as long as a copy may be on its way."""
    ends = tags.get(b"x", b"").strip()
    is_long = not ends or (ends.isdigit() and int(ends) > time.time() + LASTS)
    return is_long and b"l" not in tags and tags.get(b"a", b"").strip() == b"rsa-sha256"


def _key(tags: dict[bytes, bytes], signer: str, look_up: authentication.LookUp) -> bytes:
    selector = tags.get(b"s", b"").decode("ascii", "replace").strip()
    answers = look_up(f"{selector}._domainkey.{signer}", "TXT")
    return bytes(answers[0]) if answers else b""
