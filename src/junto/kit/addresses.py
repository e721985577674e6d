"""E-mail addresses as people write them, and as Junto keeps them (RFC 5321 section 4.1.2)."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext

_LOCAL = r"[^\s@<>()\[\]\\,;:\"]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"^({_LOCAL})@({_LABEL}(?:\.{_LABEL})+)$", re.IGNORECASE)
_MOST_LOCAL, _MOST_ALL = 64, 254


class BadAddress(ValueError):
    """The text is no e-mail address; the message says so in words for people."""


def normalise(text: str) -> str:
    """The address in lower case, without blanks, angle brackets and `mailto:`.

    Government mail systems treat the local part without regard to case, so Junto does as well. A domain outside
    ASCII becomes its A-labels (RFC 5890), and a local part outside it is composed (RFC 6532 section 3.1). Raises BadAddress.
    """
    bare = unicodedata.normalize("NFC", text).strip().removeprefix("mailto:").strip("<> \t\r\n").rstrip(".,;")
    local, at, domain = bare.rpartition("@")
    if at and not domain.isascii():
        domain = _in_ascii(domain)
    candidate = f"{local}@{domain}"
    if not _ADDRESS.match(candidate) or not _is_dot_atom(local) or len(candidate) > _MOST_ALL:
        words = gettext("“%(text)s” is not an e-mail address. Write it like name@agency.gov.")
        raise BadAddress(words % {"text": text.strip()[:80]})
    return candidate.lower()


def _is_dot_atom(local: str) -> bool:
    """Printable, at most 64 long, and no dot at an end or beside another (RFC 5321 sections 4.1.2, 4.5.3.1.1)."""
    return len(local) <= _MOST_LOCAL and local.isprintable() and all(local.split("."))


def domain_of(address: str) -> str:
    """The part after the last @, in lower case: "Jo@EPA.gov" gives "epa.gov". As `normalise` has it, so that a name outside
    ASCII is the same wherever it is compared; empty where it cannot be a name."""
    domain = address.rpartition("@")[2]
    return (domain if domain.isascii() else _in_ascii(domain)).lower()


def _in_ascii(domain: str) -> str:
    """The A-labels of a domain outside ASCII; empty where it has none."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def suffixes(domain: str) -> list[str]:
    """Every suffix of a domain, longest first: mail.dept.ny.gov, dept.ny.gov, ny.gov, gov."""
    labels = domain.lower().strip(".").split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]


def masked(address: str) -> str:
    """An address as it may stand in a page or a log: "ada@epa.gov" gives "a…@epa.gov"."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"
