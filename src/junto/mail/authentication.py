"""Is the author who the From: line says? DKIM or SPF, aligned with its domain (RFC 9989 calls that relaxed alignment).

Where settings.TRUSTED_AUTHSERV_ID names our own MTA, the topmost Authentication-Results of that name is believed
(RFC 8601). It must stand above the second Received: the rest of the letter comes from outside, and whoever wrote it
can write that header too. Nor is it believed where the letter came by SMTP from a public address: our MTA hands over by
LMTP, or from inside. Otherwise, or where it proves nothing, signatures are checked here. SPF is checked here only
for mail that came to our own SMTP listener from outside: behind an MTA the peer is the MTA, which proves nobody.

The organisational domain is the registered name: the last two labels, or three below a second level that is known to be
shared (gov.uk, state names of .us). No list of public suffixes is shipped: it would be out of date, and what counts
here are government domains. Where the rule errs, it errs for a shared suffix outside that list, under which one tenant
could pass for another; such domains do not belong on a list's register of members.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import authres
import dkim
import dns.exception
import dns.resolver
import spf
from django.conf import settings

from junto.kit.addresses import domain_of
from junto.mail.reading import authors

log = logging.getLogger(__name__)

LookUp = Callable[[str, str], list[Any]]

SECONDS = 5
MOST_SIGNATURES = 3
LONGEST_FROM = 10_000
_SHARED = re.compile(
    r"(?:(?:ac|co|com|edu|gob|gouv|gov|go|govt|mil|net|ne|org|or|gc|nhs|police)\.[a-z]{2}|(?:k12|lib|cc)\.[a-z]{2}\.us|[a-z]{2}\.us)"
)
_INSIDE = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
_FROM = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:")


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the author is proven, how (dkim, spf, or empty), and what was found, in words."""

    is_proven: bool
    how: str
    words: str


def prove(raw: bytes, from_address: str, *, sender: str, peer: str, look_up: LookUp | None = None) -> Proof:
    """The proof for a letter. `sender` is the envelope sender, `peer` the network address of the server that brought it.

    `look_up(name, kind)` asks the DNS. Never raises: what cannot be checked is not proven. Takes 20 seconds at most.
    """
    domain = domain_of(from_address)
    head = head_of(raw)
    if not domain or not names_one_author(head, from_address):
        return Proof(False, "", "It must have one author, in one From line.")
    look_up = look_up or ask_dns
    for check in (_by_mta, _by_signature, _by_envelope):
        try:
            proof = check(raw, head, domain, sender, peer, look_up)
        except Exception as error:
            log.info("%s could not be checked: %s", check.__name__, error)
            continue
        if proof is not None:
            return proof
    return Proof(False, "", f"Neither DKIM nor SPF shows that it comes from {domain}.")


def head_of(raw: bytes) -> bytes:
    """The head of a letter, before its first blank line."""
    return re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]


def names_one_author(head: bytes, from_address: str) -> bool:
    """Whether the one From line names the author that the letter is taken to have, and nobody else (RFC 5322, 3.6.2).

    A signature covers From alone: an author who was read anywhere else, say in Sender, is not proven by it.
    """
    written = re.findall(_FROM.pattern + rb"(.*(?:\r?\n[ \t].*)*)", head, _FROM.flags)
    if len(written) != 1:
        return False
    value = " ".join(written[0][:LONGEST_FROM].decode("utf-8", "replace").split())
    return [address.lower() for _, address in authors.mailboxes(value)] == [from_address.lower()]


def organisational_domain(domain: str) -> str:
    """The registered name that a domain belongs to: mail.epa.gov gives epa.gov, dept.state.ny.us gives state.ny.us."""
    labels = domain.lower().strip(".").split(".")
    for size in (3, 2):
        if len(labels) > size and _SHARED.fullmatch(".".join(labels[-size:])):
            return ".".join(labels[-size - 1 :])
    return ".".join(labels[-2:])


def is_aligned(domain: str, author: str) -> bool:
    """Relaxed alignment: both belong to the same organisation."""
    return bool(domain) and organisational_domain(domain) == organisational_domain(author)


def ask_dns(name: str, kind: str) -> list[Any]:
    """Answers of the DNS: TXT as bytes, MX as (preference, host), others as text; empty where there are none."""
    try:
        answers = dns.resolver.resolve(name, kind, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind in ("TXT", "SPF"):
        return [b"".join(answer.strings) for answer in answers]
    if kind == "MX":
        return [(answer.preference, answer.exchange.to_text(True)) for answer in answers]
    return [answer.target.to_text(True) if kind in ("PTR", "CNAME") else answer.address for answer in answers]


# What the MTA says


def _by_mta(raw: bytes, head: bytes, domain: str, sender: str, peer: str, look_up: LookUp) -> Proof | None:
    trusted = str(settings.TRUSTED_AUTHSERV_ID).strip().lower()
    if not trusted or _is_outside(peer):
        return None
    for name, value in _fields_of_our_own(head):
        if name == "authentication-results":
            told = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
            if str(told.authserv_id or "").lower() == trusted:
                return _proof_in(told, domain, trusted)
    return None


def _fields_of_our_own(head: bytes) -> Iterator[tuple[str, str]]:
    """Header fields above the second foreign Received; the topmost Received is that of this mailroom."""
    seen = 0
    for field in re.split(r"\r?\n(?![ \t])", head.decode("utf-8", "replace")):
        found = _FIELD.match(field)
        if not found:
            continue
        name = found[1].lower()
        seen += name == "received"
        if seen > 2:
            return
        yield name, " ".join(field[found.end() :].split())


def _proof_in(told: Any, domain: str, trusted: str) -> Proof | None:
    for result in told.results:
        if result.method not in ("dkim", "spf") or result.result != "pass":
            continue
        proved = {(p.type, p.name): str(p.value) for p in result.properties}
        if result.method == "dkim":
            named = proved.get(("header", "d")) or domain_of(proved.get(("header", "i"), ""))
        else:
            named = domain_of(f"@{proved.get(('smtp', 'mailfrom'), '').rpartition('@')[2]}")
        if is_aligned(named, domain):
            return Proof(True, result.method, f"{trusted} says: {result.method}=pass for {named}.")
    return None


# What can be checked here


def _by_signature(raw: bytes, head: bytes, domain: str, sender: str, peer: str, look_up: LookUp) -> Proof | None:
    def txt(name: bytes | str, timeout: int = SECONDS) -> bytes | None:
        answers = look_up(_text(name).rstrip("."), "TXT")
        return bytes(answers[0]) if answers else None

    verifier = dkim.DKIM(raw, minkey=1024, timeout=SECONDS)
    signatures = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
    for place, signature in enumerate(signatures[:MOST_SIGNATURES]):
        tags = dkim.util.parse_tag_value(signature)
        named = _text(tags.get(b"d", b"")).strip().lower()
        if is_aligned(named, domain) and b"l" not in tags and verifies(verifier, place, txt):
            return Proof(True, "dkim", f"The signature of {named} is good.")
    return None


def verifies(verifier: Any, place: int, txt: Callable[..., bytes | None]) -> bool:
    """Whether the signature at this place is good, with keys from `txt(name)`. Never raises."""
    try:
        return bool(verifier.verify(idx=place, dnsfunc=txt))
    except Exception as error:
        log.info("A DKIM signature could not be checked: %s", error)
        return False


def _by_envelope(raw: bytes, head: bytes, domain: str, sender: str, peer: str, look_up: LookUp) -> Proof | None:
    named = domain_of(sender)
    if settings.TRUSTED_AUTHSERV_ID or not _is_outside(peer) or not is_aligned(named, domain):
        return None
    result = _Spf(peer, sender, named, look_up).check()
    return Proof(True, "spf", f"{named} names {peer} as its server.") if result[0] == "pass" else None


class _Spf(spf.query):  # type: ignore[misc]
    """pyspf, with a resolver of the caller's choice."""

    def __init__(self, peer: str, sender: str, domain: str, look_up: LookUp) -> None:
        super().__init__(i=peer, s=sender, h=domain, timeout=SECONDS, querytime=2 * SECONDS)
        self._look_up = look_up

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
        answers = self._look_up(str(name).rstrip(".").lower(), qtype)
        return [(answer,) for answer in answers] if qtype in ("TXT", "SPF") else answers


def _is_outside(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return not (inside or address.is_loopback or address.is_link_local)


def _text(value: bytes | str) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value
