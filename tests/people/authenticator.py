"""A small authenticator in software (WebAuthn Level 3, section 6): one key for each site, always user-verified."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """Answers as a browser does. `origin`, `flags` and `count` may be set to what a bad one would say."""

    origin: str = "http://testserver"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    handle: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    owner: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.create() brings, as the script of the page sends it."""
        self.owner = options["user"]["id"]
        told = self._client_data("webauthn.create", options["challenge"])
        data = (
            self._data(options["rp"]["id"], ATTESTED) + b"\0" * 16 + len(self.handle).to_bytes(2, "big") + self.handle
        )
        attestation = {"fmt": "none", "attStmt": {}, "authData": data + cbor2.dumps(self._cose())}
        return self._answer(clientDataJSON=encoded(told), attestationObject=encoded(cbor2.dumps(attestation)))

    def sign(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.get() brings."""
        self.count += 1
        told, data = self._client_data("webauthn.get", options["challenge"]), self._data(options["rpId"])
        signature = self.key.sign(data + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": told, "authenticatorData": data, "signature": signature}
        return self._answer(userHandle=self.owner, **{name: encoded(raw) for name, raw in parts.items()})

    def _answer(self, **response: str) -> str:
        handle = encoded(self.handle)
        return json.dumps({"id": handle, "rawId": handle, "type": "public-key", "response": response})

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, site: str, more: int = 0) -> bytes:
        return sha256(site.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _cose(self) -> dict[int, Any]:
        """The public key as RFC 9053 writes one of P-256."""
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
