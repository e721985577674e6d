"""Letters that nobody would write in good faith, made from seeds: the same seed makes the same letter everywhere."""

from __future__ import annotations

import random

from tests.faults.hostile import bodies, headers, structure
from tests.faults.hostile.making import FAMILIES

__all__ = ["bodies", "headers", "letter", "structure"]


def letter(number: int) -> tuple[str, bytes]:
    """Name of the family, and the letter of that number."""
    name = list(FAMILIES)[number % len(FAMILIES)]
    return name, FAMILIES[name](random.Random(number))
