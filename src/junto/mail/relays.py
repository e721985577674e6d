"""The relays that JUNTO_RELAY_URL names, and how each is to be spoken to.

    smtp://user:password@mail.agency.gov:587?tls=required&weight=3, smtps://other.agency.gov

A password is in `Relay.password` and nowhere else: not in `repr`, words, logs or exceptions.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

CONNECTIONS = 8
MOST_CONNECTIONS = 100
_PORTS = {"smtp": 25, "smtps": 465}
_TLS = ("auto", "starttls", "required", "implicit", "off")
_OPTIONS = ("weight", "tls", "verify", "cafile", "name", "connections")
_SWITCH = {"on": True, "off": False}


class BadRelay(ValueError):
    """The setting names no relay that could be used; the words say why, without the password."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay. `tls`: auto (where offered, not on loopback), starttls, required (with a good certificate), implicit, off."""

    host: str
    port: int = 25
    weight: int = 1
    tls: str = "auto"
    is_verified: bool = False
    cafile: str = ""
    name: str = ""
    connections: int = CONNECTIONS
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """How it is called in words for people."""
        return self.name or f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def must_encrypt(self) -> bool:
        return self.tls in ("starttls", "required", "implicit")

    def wants_starttls(self, *, is_offered: bool) -> bool:
        """Whether the session goes on with STARTTLS. On loopback nobody listens, so `auto` saves the work there."""
        if self.tls == "auto":
            return is_offered and (not self.is_loopback or self.is_verified)
        return self.tls in ("starttls", "required")

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or newer. Raises OSError where the CA file cannot be read."""
        return _context(self.cafile, self.is_verified)


def parse(text: str) -> list[Relay]:
    """The relays of a setting, parted by blanks or commas. Raises BadRelay."""
    parts = [part for part in re.split(r"[\s,]+", text.strip()) if part]
    found = [_relay(part, number) for number, part in enumerate(parts, start=1)]
    if not found:
        raise BadRelay("JUNTO_RELAY_URL is empty. Write smtp://host:port, or outbox:.")
    return found


def _relay(text: str, number: int) -> Relay:
    """One relay of the setting. What is no address is not repeated in the words: a password might be part of it."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = SplitResult("", "", "", "", ""), None, None
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.fragment:
        raise BadRelay(
            f"JUNTO_RELAY_URL, relay {number}, is no address of a relay. Write smtp://host:port, or outbox:. "
            "Signs like / ? # @ , in a password are written as %2F %3F %23 %40 %2C."
        )
    options = _options(parts, host)
    tls = options.get("tls", "implicit" if parts.scheme == "smtps" else "auto")
    _require(tls in _TLS, host, f"tls is one of {', '.join(_TLS)}")
    if parts.scheme == "smtps":
        tls = "implicit"
    return Relay(
        host=host,
        port=port or (_PORTS["smtps"] if tls == "implicit" else _PORTS["smtp"]),
        weight=_number(options.get("weight", "1"), host, "weight"),
        tls=tls,
        is_verified=_switch(options.get("verify", "on" if tls in ("required", "implicit") else "off"), host),
        cafile=options.get("cafile", ""),
        name=options.get("name", ""),
        connections=_number(options.get("connections", "0"), host, "connections", least=0),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _options(parts: SplitResult, host: str) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(options) - set(_OPTIONS))
    _require(not unknown, host, f"there is no option {', '.join(unknown)}")
    _require(parts.username is not None or parts.password is None, host, "a password needs a user")
    return options


def _number(text: str, host: str, name: str, *, least: int = 1) -> int:
    is_number = text.isdecimal() and least <= int(text) <= MOST_CONNECTIONS
    _require(is_number, host, f"{name} is a number from {least} to {MOST_CONNECTIONS}")
    return int(text)


def _switch(text: str, host: str) -> bool:
    _require(text in _SWITCH, host, "verify is on or off")
    return _SWITCH[text]


def _require(is_good: bool, host: str, words: str) -> None:
    if not is_good:
        raise BadRelay(f"JUNTO_RELAY_URL, relay {host}: {words}.")


@lru_cache(maxsize=32)
def _context(cafile: str, is_verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=cafile or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
