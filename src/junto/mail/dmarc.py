"""What a domain asks of receivers for letters that only pretend to come from it: DMARC by the tree walk of RFC 9989.

`policy_of(domain)` is for whoever asks, before any transaction: it may ask the DNS, and remembers the answers in this
process, for as long as they say within bounds. There is no table of answers: the resolver of the machine is shared by
all workers already, and an answer that cannot be had has a safe stand-in, a rewritten From line. Never raises.

`treatment_of(domain)` is the operator's word, which stands above what the DNS says: settings.DMARC_OVERRIDES
(`example.gov=keep; mail.example=rewrite`), and mailbox providers that refuse their own names from others whatever they publish.
"""

from __future__ import annotations

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import NamedTuple

import dns.exception
import dns.resolver
from django.conf import settings

from junto.kit.addresses import suffixes

log = logging.getLogger(__name__)

MOST_LABELS_BELOW = 7
"""A walk asks for the name itself, and then for at most its last seven labels: eight questions (section 4.10)."""
SECONDS, SECONDS_IN_ALL = 3.0, 10.0
SHORTEST, LONGEST, NOTHING_THERE, FAILED = 300.0, 86_400.0, 3_600.0, 120.0
"""How long an answer is remembered, in seconds: bounds for what is there, for what is not, for what failed."""
MOST_REMEMBERED = 10_000
_POLICIES = ("none", "quarantine", "reject")
_TAG = re.compile(r"\s*([a-z]{1,20})\s*=\s*([^;]*?)\s*(?:;|$)", re.IGNORECASE)
_VERSION = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)")
REWRITTEN_BY_DEFAULT = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "ymail.com",
        "rocketmail.com",
        "aol.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "protonmail.com",
        "proton.me",
        "mail.ru",
    ]
)


class Treatment(StrEnum):
    """What the operator says of a domain."""

    REWRITE = "rewrite"
    KEEP = "keep"
    BY_POLICY = "by policy"


class Texts(NamedTuple):
    """TXT answers for one name, and for how many seconds they hold."""

    found: tuple[bytes, ...]
    seconds: float


AskTexts = Callable[[str], Texts]
Exists = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Record:
    """A DMARC record, with what it leaves out filled in (section 4.7). `psd` is y, n or u."""

    domain: str
    policy: str
    for_subdomains: str
    for_missing: str
    psd: str
    is_strict: bool
    is_test: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for an author's domain.

    `asks` is none, quarantine or reject, and empty where no record was found. `organization` is the organizational
    domain; `is_strict` says that a signature must be of exactly the author's domain. `is_known` is False where the DNS
    did not answer: then a .gov domain is taken to ask for reject, as BOD 18-01 has it, and nothing else can be said.
    """

    domain: str
    asks: str
    organization: str
    is_strict: bool = False
    is_known: bool = True


def policy_of(domain: str, *, ask: AskTexts | None = None, exists: Exists | None = None) -> Policy:
    """The policy for letters whose author is at this domain. Takes ten seconds at most."""
    domain = domain.lower().strip(".")
    try:
        records = _walk(domain, ask or _remembered)
        return _policy(domain, records, exists or domain_exists)
    except Exception as error:
        log.info("The DMARC policy of %s could not be looked up: %s", domain, error)
        asks = "reject" if domain.endswith(".gov") else ""
        return Policy(domain, asks, domain, is_strict=True, is_known=False)


def is_aligned(signer: str, policy: Policy, *, ask: AskTexts | None = None) -> bool:
    """Whether a signature of this domain speaks for the author (section 4.4): the same domain, or where that is enough,
    one of the same organization."""
    signer = signer.lower().strip(".")
    if signer == policy.domain:
        return True
    if policy.is_strict or not policy.is_known:
        return False
    found = policy_of(signer, ask=ask, exists=lambda _: True)
    return found.is_known and found.organization == policy.organization


def treatment_of(domain: str) -> Treatment:
    """What the operator says of a domain, or of the nearest one above it."""
    told = _overrides(str(settings.DMARC_OVERRIDES))
    for name in suffixes(domain):
        if name in told:
            return told[name]
        if name in REWRITTEN_BY_DEFAULT:
            return Treatment.REWRITE
    return Treatment.BY_POLICY


def forget() -> None:
    """Forget what was remembered of the DNS."""
    with _lock:
        _memory.clear()


# The walk


def targets(domain: str) -> list[str]:
    """The names that a walk asks for, in order: the domain, then what is left of it label by label, to the last one."""
    labels = domain.split(".")
    below = labels[1:][-MOST_LABELS_BELOW:]
    return [domain, *(".".join(below[place:]) for place in range(len(below)))]


def _walk(domain: str, ask: AskTexts) -> list[Record]:
    """The records from the domain upwards, as far as the first that says what its place is (section 4.10)."""
    records: list[Record] = []
    until = time.monotonic() + SECONDS_IN_ALL
    for target in targets(domain):
        if time.monotonic() > until:
            raise TimeoutError("The walk took too long.")
        record = _record_in(target, ask(f"_dmarc.{target}").found)
        if record is not None:
            records.append(record)
            if record.psd in ("y", "n"):
                break
    return records


def _record_in(domain: str, texts: tuple[bytes, ...]) -> Record | None:
    """The one record among the texts; several are none."""
    found = [text for text in (raw.decode("utf-8", "replace") for raw in texts) if _VERSION.match(text)]
    return read(domain, found[0]) if len(found) == 1 else None


def read(domain: str, text: str) -> Record:
    """A record. Unknown tags mean nothing, and a policy that is missing or misspelt is none (section 4.7)."""
    tags: dict[str, str] = {}
    for name, value in _TAG.findall(text[:4_000]):
        tags.setdefault(name.lower(), value.lower())
    policy = _one_of(tags.get("p"), _POLICIES, "none")
    below = _one_of(tags.get("sp"), _POLICIES, policy)
    return Record(
        domain,
        policy,
        below,
        _one_of(tags.get("np"), _POLICIES, below),
        _one_of(tags.get("psd"), ("y", "n"), "u"),
        tags.get("adkim") == "s",
        tags.get("t") == "y",
    )


def _policy(domain: str, records: list[Record], exists: Exists) -> Policy:
    """The record of the domain itself, else of its organization, else of the public suffix above (section 4.10.1)."""
    organization = _organization(domain, records)
    by_name = {record.domain: record for record in records}
    above = next((record for record in records if record.psd == "y"), None)
    record = by_name.get(domain) or by_name.get(organization) or above
    if record is None:
        return Policy(domain, "", organization)
    return Policy(domain, _asked(record, domain, exists), organization, record.is_strict)


def _asked(record: Record, domain: str, exists: Exists) -> str:
    asks = record.policy
    if record.domain != domain:
        asks = record.for_subdomains
        if record.for_missing != asks and not exists(domain):
            asks = record.for_missing
    return _POLICIES[max(_POLICIES.index(asks) - 1, 0)] if record.is_test else asks


def _organization(domain: str, records: list[Record]) -> str:
    """The organizational domain (section 4.10.2)."""
    for record in records:
        if record.psd == "n":
            return record.domain
        if record.psd == "y" and record.domain != domain:
            return ".".join(domain.split(".")[-len(record.domain.split(".")) - 1 :])
    return min((record.domain for record in records), key=lambda name: name.count("."), default=domain)


def _one_of(value: str | None, allowed: tuple[str, ...], otherwise: str) -> str:
    return value if value in allowed else otherwise


# The DNS, and what is remembered of it


_memory: OrderedDict[str, tuple[float, Texts | None]] = OrderedDict()
_lock = Lock()


def _remembered(name: str) -> Texts:
    return remembered(name, ask_dns, time.monotonic())


def remembered(name: str, ask: AskTexts, now: float) -> Texts:
    """The answer that is remembered at `now` (seconds), or a new one. A failure is remembered as well, for a short time."""
    with _lock:
        until, texts = _memory.get(name, (0.0, None))
    if until > now:
        if texts is None:
            raise TimeoutError(f"{name} did not answer a moment ago.")
        return texts
    try:
        texts = ask(name)
    except Exception:
        _remember(name, now + FAILED, None)
        raise
    seconds = min(max(texts.seconds, SHORTEST), LONGEST) if texts.found else NOTHING_THERE
    _remember(name, now + seconds, texts)
    return texts


def _remember(name: str, until: float, texts: Texts | None) -> None:
    with _lock:
        _memory[name] = (until, texts)
        _memory.move_to_end(name)
        while len(_memory) > MOST_REMEMBERED:
            _memory.popitem(last=False)


def ask_dns(name: str) -> Texts:
    """TXT answers of the DNS; none where there is nothing. Raises where it does not answer."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Texts((), NOTHING_THERE)
    seconds = answer.rrset.ttl if answer.rrset is not None else SHORTEST
    return Texts(tuple(b"".join(one.strings) for one in answer), float(seconds))


def domain_exists(name: str) -> bool:
    """Whether the name has an address or a mail server (section 3.2). Raises where the DNS does not answer."""
    for kind in ("A", "AAAA", "MX"):
        try:
            dns.resolver.resolve(name, kind, lifetime=SECONDS)
        except dns.resolver.NXDOMAIN:
            return False
        except dns.resolver.NoAnswer:
            continue
        return True
    return False


def _overrides(text: str) -> dict[str, Treatment]:
    """`example.gov=keep; mail.example=rewrite`. What is neither is left out."""
    told: dict[str, Treatment] = {}
    for part in text.split(";"):
        domain, _, word = (piece.strip().lower() for piece in part.partition("="))
        if domain and word in (Treatment.KEEP, Treatment.REWRITE):
            told[domain] = Treatment(word)
    return told
