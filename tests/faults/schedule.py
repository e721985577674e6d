"""What goes wrong in one run, drawn from a seed. Printed, it can be read and replayed."""

from __future__ import annotations

import random
from dataclasses import dataclass

STEPS_OF_RELAY = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT", "DOT")
ACTIONS = {
    "CONNECT": ("drop", "421 4.3.2 going down", "554 5.3.2 no", "garbage"),
    "EHLO": ("drop", "421 4.3.2 going down", "garbage"),
    "MAIL": ("drop", "421 4.3.2 going down", "451 4.3.0 not now", "garbage"),
    "RCPT": ("drop", "421 4.3.2 going down", "452 4.2.2 not now", "garbage"),
    "DATA": ("drop", "421 4.3.2 going down", "451 4.3.0 not now", "garbage"),
    "CONTENT": ("drop",),
    "DOT": ("drop", "421 4.3.2 going down", "452 4.3.1 disk full", "keep, then drop", "keep, say 250, then drop"),
}
STALL = "stall"


@dataclass(frozen=True)
class Fate:
    """What the relay says to one recipient: `code` at `step`, so many times (0: for ever)."""

    step: str
    code: int
    times: int

    @property
    def is_refused(self) -> bool:
        return self.code >= 500

    @property
    def is_never_taken(self) -> bool:
        return self.is_refused or not self.times


@dataclass(frozen=True)
class Event:
    """Once the relay has so many copies: kill, take over (another worker gets the lease), or lock."""

    at: int
    what: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Start:
    """How a worker begins: its clock is so many hours off, and writes from `full_from` on fail for `full_for` writes."""

    hours: float = 0.0
    full_from: int = 0
    full_for: int = 0


@dataclass(frozen=True)
class Schedule:
    seed: int
    recipients: int
    shard_size: int
    pipelining: bool
    is_impatient: bool
    fates: dict[int, Fate]
    faults: dict[str, dict[int, str]]
    events: list[Event]
    starts: list[Start]
    workers: int

    def address(self, number: int) -> str:
        return f"r{number}@agency{number % 7}.gov"

    @property
    def addresses(self) -> list[str]:
        return [self.address(number) for number in range(1, self.recipients + 1)]


def draw(seed: int) -> Schedule:
    """The schedule of a seed: the same for the same seed, on every machine."""
    rng = random.Random(seed)  # nothing secret
    recipients = rng.choice((1, 3, 20, 60, 120, 200))
    return Schedule(
        seed=seed,
        recipients=recipients,
        shard_size=rng.choice((7, 40, 500)),
        pipelining=rng.random() < 0.8,
        is_impatient=rng.random() < 0.5,
        fates=_fates(rng, recipients),
        faults=_faults(rng, recipients),
        events=_events(rng, recipients),
        starts=[_start(rng) for _ in range(8)],
        workers=rng.choice((1, 1, 2, 2, 3)),
    )


def _fates(rng: random.Random, recipients: int) -> dict[int, Fate]:
    share = rng.choice((0.0, 0.1, 0.4))
    return {
        number: Fate(rng.choice(("RCPT", "DATA", "DOT")), rng.choice((451, 452, 550, 554)), rng.choice((0, 1, 2)))
        for number in range(1, recipients + 1)
        if rng.random() < share
    }


def _faults(rng: random.Random, recipients: int) -> dict[str, dict[int, str]]:
    """Of each step, which times (counted over all connections) bring what."""
    faults: dict[str, dict[int, str]] = {step: {} for step in STEPS_OF_RELAY}
    for _ in range(rng.choice((0, 2, 6, 12))):
        step = rng.choice(STEPS_OF_RELAY)
        most = 20 if step in ("CONNECT", "EHLO") else recipients
        faults[step][rng.randint(1, most)] = rng.choice(ACTIONS[step])
    if rng.random() < 0.06:
        faults[rng.choice(STEPS_OF_RELAY[1:])][rng.randint(1, recipients)] = STALL
    return faults


def _events(rng: random.Random, recipients: int) -> list[Event]:
    kinds = [rng.choice(("kill", "kill", "kill", "take over", "lock")) for _ in range(rng.choice((0, 1, 2, 3, 4)))]
    at = sorted(rng.randint(0, recipients) for _ in kinds)
    return [Event(when, kind, rng.uniform(0.0, 0.5)) for when, kind in zip(at, kinds, strict=True)]


def _start(rng: random.Random) -> Start:
    hours = rng.choice((0.0, 0.0, 0.0, rng.uniform(-5, 5)))
    is_full = rng.random() < 0.15
    return Start(hours, rng.randint(1, 12) if is_full else 0, rng.randint(1, 6) if is_full else 0)
