"""What a provider publishes about itself (OpenID Connect Discovery 1.0), and its keys (RFC 7517), kept for an hour.

A signature by an unknown key asks for the keys again, at most once in a while: providers rotate their keys, and
whoever makes up key ids must not make this site ask all the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

KEPT_FOR = 3600.0
ASKED_AGAIN_AFTER = 30.0
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderFailed(Exception):
    """The provider could not be asked, or its answer proves nothing. `reason` is for the log and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Provider:
    """One provider: its issuer, what it published, and its keys by their ids."""

    issuer: str
    published: dict[str, Any]
    found_at: float
    keys: list[jwt.PyJWK] = field(default_factory=list)
    keys_at: float = float("-inf")

    def endpoint(self, name: str) -> str:
        """An address from what was published; empty where the provider has none."""
        return str(self.published.get(name) or "")

    def offers(self, name: str) -> list[str]:
        """A list from what was published."""
        told = self.published.get(name)
        return [str(one) for one in told] if isinstance(told, list) else []

    def key(self, key_id: str) -> jwt.PyJWK:
        """The public key with this id; the only one, where neither says an id. May ask the provider. Raises ProviderFailed."""
        found = self._kept(key_id)
        if found is None or self._age() > KEPT_FOR:
            if self._age() >= ASKED_AGAIN_AFTER:
                self.keys, self.keys_at = _signing_keys(ask("GET", self.endpoint("jwks_uri"))), time.monotonic()
            found = self._kept(key_id)
        if found is None:
            raise ProviderFailed("signed with a key that the provider does not publish")
        return found

    def _age(self) -> float:
        return time.monotonic() - self.keys_at

    def _kept(self, key_id: str) -> jwt.PyJWK | None:
        fitting = [key for key in self.keys if key.key_id == key_id] if key_id else self.keys
        return fitting[0] if len(fitting) == 1 or (key_id and fitting) else None


_found: dict[str, Provider] = {}


def find_provider(issuer: str) -> Provider:
    """The provider behind an issuer, kept for an hour; asks it otherwise. Raises ProviderFailed.

    A provider that was found before is kept on when it cannot be asked again.
    """
    kept = _found.get(issuer)
    if kept is not None and time.monotonic() - kept.found_at < KEPT_FOR:
        return kept
    try:
        published = ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        _check(issuer, published)
    except ProviderFailed:
        if kept is None:
            raise
        return kept
    found = Provider(issuer, published, time.monotonic())
    if kept is not None:
        found.keys, found.keys_at = kept.keys, kept.keys_at
    _found[issuer] = found
    return found


def forget() -> None:
    """Ask every provider anew."""
    _found.clear()


def ask(method: str, address: str, **how: Any) -> dict[str, Any]:
    """One request that must bring a JSON object; 10 seconds at most, and no redirect is followed. Raises ProviderFailed."""
    where = urlsplit(address).netloc
    try:
        answer = httpx.request(method, address, timeout=_TIMEOUT, follow_redirects=False, **how)
        told = answer.json() if answer.content else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        raise ProviderFailed(f"{where} gave no answer that can be read ({type(problem).__name__})") from problem
    if answer.status_code != httpx.codes.OK or not isinstance(told, dict):
        error = told.get("error", "") if isinstance(told, dict) else ""
        raise ProviderFailed(f"{where} answered {answer.status_code} {str(error)[:60]}".strip())
    return told


def _check(issuer: str, published: dict[str, Any]) -> None:
    """The issuer must be the one that was asked (Discovery section 4.3), and all traffic be encrypted."""
    if published.get("issuer") != issuer:
        raise ProviderFailed(f"calls itself {str(published.get('issuer'))[:100]!r}: JUNTO_OIDC_ISSUER must be the same")
    for name in _ENDPOINTS:
        address = published.get(name)
        parts = urlsplit(address) if isinstance(address, str) else None
        if parts is None and (address is not None or name in _NEEDED):
            raise ProviderFailed(f"publishes no {name}")
        if parts is not None and parts.scheme != "https" and parts.hostname not in _LOCAL:
            raise ProviderFailed(f"{name} is not https")


def _signing_keys(published: dict[str, Any]) -> list[jwt.PyJWK]:
    """Those that can be read and are for signatures; kinds that are not known here are passed over."""
    found = []
    for one in published.get("keys", []):
        if isinstance(one, dict) and one.get("use", "sig") == "sig" and one.get("kty") in {"RSA", "EC", "OKP"}:
            try:
                found.append(jwt.PyJWK(one))
            except jwt.PyJWTError:
                continue
    return found
