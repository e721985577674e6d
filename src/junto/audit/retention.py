"""How long each kind of thing is kept, in words that the model that it stands beside declares.

No period is written here: schedules are data of the agency that runs Junto (36 CFR 1236). A declaration names the
kind of record and what happens to the personal data in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    RECORD = "federal record, destroyed only under a retention rule"
    REFERENCE = "reference data, replaced when its source changes"
    TRANSITORY = "transitory, swept when its purpose is served"
    LOG = "log, kept as long as security rules ask"


@dataclass(frozen=True, slots=True)
class Retention:
    """Declared by every model as `retention`; a house test insists."""

    kind: Kind
    personal_data: str = "none"
