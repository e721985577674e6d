"""The keys that sign: PKCS #8 files named SELECTOR.pem in settings.DKIM_KEYS, or else in JUNTO_HOME/dkim.

Those in the folder itself sign; those in its folder `next` wait until their records are published; those in `old`
signed once. A selector holds one key, so RSA and Ed25519 have a selector each (RFC 8463 section 4).
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.conf import settings

ALGORITHMS = ("rsa", "ed25519")
RSA_BITS = 2048
NEXT, OLD = "next", "old"
_LONGEST_STRING = 255
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PADDING, _HASH = padding.PKCS1v15(), Prehashed(hashes.SHA256())
_loaded: dict[Path, tuple[tuple[tuple[str, int, int], ...], tuple[Key, ...]]] = {}


class BadKey(ValueError):
    """A key that cannot sign, or may not be made; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key and its selector, the label before ._domainkey under which its public half is published."""

    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"

    def sign(self, digest: bytes) -> bytes:
        """The signature over a SHA-256 digest. OpenSSL lets go of the GIL meanwhile: 0.3 ms for RSA of 2048 bits."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(digest, _PADDING, _HASH)
        return self.private.sign(digest)

    @property
    def record(self) -> str:
        """The text of the TXT record (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
        public = self.private.public_key()
        if isinstance(self.private, RSAPrivateKey):
            form, encoding = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.Encoding.DER
        else:
            form, encoding = serialization.PublicFormat.Raw, serialization.Encoding.Raw
        shown = base64.b64encode(public.public_bytes(encoding, form)).decode()
        return f"v=DKIM1; k={self.algorithm}; p={shown}"


def folder() -> Path:
    return Path(settings.DKIM_KEYS) if settings.DKIM_KEYS else Path(settings.HOME) / "dkim"


def in_use() -> tuple[Key, ...]:
    """The keys that sign, RSA first; none where settings.DKIM is off. Read again when a file changes. Raises BadKey."""
    return stored() if settings.DKIM == "auto" else ()


def stored(state: str = "") -> tuple[Key, ...]:
    """The keys of a state: in use, or NEXT, or OLD. Raises BadKey for a file that is none."""
    place = folder() / state
    paths = sorted(place.glob("*.pem")) if place.is_dir() else []
    seen = tuple((path.name, (told := path.stat()).st_mtime_ns, told.st_size) for path in paths)
    known = _loaded.get(place)
    if known is None or known[0] != seen:
        keys = sorted((_read(path) for path in paths), key=lambda key: (key.algorithm != "rsa", key.selector))
        known = _loaded[place] = (seen, tuple(keys))
    return known[1]


def make(selector: str, algorithm: str, *, state: str = "") -> Key:
    """A new key in a file that only its owner may read. Raises BadKey where the selector is taken or no label."""
    if not _SELECTOR.fullmatch(selector):
        raise BadKey(f"“{selector}” is no selector. Use letters a to z, digits and dashes, at most 63.")
    if any(key.selector == selector for each in ("", NEXT, OLD) for key in stored(each)):
        raise BadKey(f"The selector “{selector}” is taken. Name another with --selector.")
    key = Key(selector, generate_private_key(65537, RSA_BITS) if algorithm == "rsa" else Ed25519PrivateKey.generate())
    _write(folder() / state / f"{selector}.pem", key)
    return key


def take_into_use() -> tuple[Key, ...]:
    """The waiting keys sign from now on; those of the same algorithms that signed so far are put away."""
    waiting = stored(NEXT)
    algorithms = {key.algorithm for key in waiting}
    for key in [key for key in stored() if key.algorithm in algorithms]:
        _move(key, "", OLD)
    for key in waiting:
        _move(key, NEXT, "")
    return waiting


def strings(record: str) -> list[str]:
    """A record in the strings that a TXT record consists of, each of 255 characters at most (RFC 1035 section 3.3)."""
    return [record[at : at + _LONGEST_STRING] for at in range(0, len(record), _LONGEST_STRING)]


def zone_line(key: Key, domain: str) -> str:
    """The record of a key as it stands in a zone file."""
    return f"{key.selector}._domainkey.{domain}. IN TXT ( " + " ".join(f'"{s}"' for s in strings(key.record)) + " )"


def _move(key: Key, before: str, after: str) -> None:
    (folder() / after).mkdir(mode=0o700, exist_ok=True)
    name = f"{key.selector}.pem"
    (folder() / before / name).rename(folder() / after / name)


def _write(path: Path, key: Key) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def _read(path: Path) -> Key:
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadKey(f"{path} is no key that can be read: {error}. Put it right, or take it away.") from None
    if isinstance(private, RSAPrivateKey) and private.key_size < 1024:
        raise BadKey(f"{path} has {private.key_size} bits. RFC 8301 wants 1024 at least, better 2048.")
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise BadKey(f"{path} is neither an RSA nor an Ed25519 key.")
    if not _SELECTOR.fullmatch(path.stem):
        raise BadKey(f"{path}: the name of the file, without .pem, must be the selector.")
    return Key(path.stem, private)
