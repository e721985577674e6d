"""A real OpenID provider for the tests: oidc-provider (npm, a development dependency) on Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.conftest import ROOT
from tests.journeys.running import free_port

SCRIPT = Path(__file__).with_name("server.mjs")
PACKAGE = ROOT / "node_modules" / "oidc-provider"


@dataclass
class Provider:
    """The provider as it runs; `tell` sets its scene."""

    process: subprocess.Popen[str]
    issuer: str

    def tell(self, **scene: Any) -> None:
        self._say(scene, "done")

    def begin(self, what: dict[str, Any]) -> None:
        self._say(what, "ready")

    def _say(self, what: dict[str, Any], answer: str) -> None:
        """Say one thing, and wait for the answer; the provider may print notes of its own before."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.strip() == answer:
                return
        pytest.fail("the OpenID provider of the tests ended")


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def as_pem(key: rsa.RSAPrivateKey) -> str:
    pkcs8, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, none).decode()


def as_jwk(key: Any, key_id: str) -> dict[str, Any]:
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True), "kid": key_id, "use": "sig", "alg": "RS256"}


@contextmanager
def provider(clients: list[dict[str, Any]], **how: Any) -> Iterator[Provider]:
    """The provider on a port of its own. Without Node the test is skipped, and in CI, which installs it, it fails."""
    node = shutil.which("node")
    if not node or not PACKAGE.exists():
        missing = "needs node and node_modules/oidc-provider (npm ci)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    port = free_port()
    process = subprocess.Popen([node, SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    running = Provider(process, f"http://127.0.0.1:{port}")
    try:
        running.begin(
            {
                "port": port,
                "clients": clients,
                "jwks": [as_jwk(new_key(), "first"), as_jwk(new_key(), "second")],
                "stranger": as_jwk(new_key().public_key(), "first"),
                **how,
            }
        )
        yield running
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=10)
