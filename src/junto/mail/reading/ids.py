"""Message-ID, In-Reply-To, References (RFC 5322 section 3.6.4), as they are really written."""

from __future__ import annotations

import re
from hashlib import sha256

MOST_REFERENCES = 100
_LONGEST = 500
_BRACKETED = re.compile(r"<([^<>]+)>")
_BLANKS = re.compile(r"\s+")


def one(value: str) -> str:
    """A Message-ID without brackets, blanks and comments; empty where there is none."""
    match = _BRACKETED.search(value)
    bare = match[1] if match else value.partition("(")[0].strip("<> \t")
    bare = _BLANKS.sub("", bare)
    return bare if len(bare) <= _LONGEST else f"{bare[:400]}.{sha256(bare.encode()).hexdigest()}"


def replied(value: str) -> str:
    """What In-Reply-To points to. Where it is prose ("Your message of … from Jo <jo@x> <id@y>"), the last bracket counts."""
    tokens = [t for t in _BRACKETED.findall(value[:4000]) if "@" in t]
    if not tokens:
        bare = value.strip()
        return one(bare) if "@" in bare and " " not in bare else ""
    starts_with_id = value.lstrip().startswith("<")
    return one(f"<{tokens[0] if starts_with_id else tokens[-1]}>")


def many(value: str) -> list[str]:
    """The ids of References, oldest first, each once. Of more than a hundred, the first and the last ones are kept."""
    found = _BRACKETED.findall(value) or [t for t in value.split() if "@" in t]
    ids = list(dict.fromkeys(one(f"<{t}>") for t in found))
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]]
