"""Properties of checkpoints: in whatever order copies settle, and wherever a run ends, counts and cursor stay true."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junto.mail import delivery, journal
from junto.mail.job import Answer, Outcomes, Ticket
from junto.mail.models import Mailing, Setback, Shard
from junto.mail.relay import RelayTrouble
from tests.mail import routes

ANSWERS = {
    "ok": None,
    "refused": Answer("RCPT", 550, "5.1.1 no such user"),
    "deferred": Answer("RCPT", 451, "4.3.0 later"),
}


class Killed(BaseException):
    """The process ends here: nothing after it is written."""


class Chance:
    """A carrier that settles tickets in any order, and ends when it is told to."""

    def __init__(self, seed: int, fates: dict[int, str], ends: list[str], accepted: Counter[int]) -> None:
        self.random, self.fates, self.ends, self.accepted = Random(seed), fates, ends, accepted
        self.outcomes, self.next_ordinal = Outcomes(), 0
        self.open: list[Ticket] = []

    def start(self, job, journal) -> None:
        self.journal = journal

    def feed(self, recipients) -> None:
        for key, address in recipients:
            self.open.append(Ticket(self.next_ordinal, key, address))
            self.next_ordinal += 1

    def run_for(self, seconds: float, *, wake_below: int = 0) -> None:
        for _ in range(self.random.randint(1, 40)):
            if self.open:
                self._settle(self.open.pop(self.random.randrange(len(self.open))))
        if self.ends and self.random.random() < 0.3:
            raise {"killed": Killed, "away": RelayTrouble}[self.ends.pop()]

    def _settle(self, ticket: Ticket) -> None:
        answer = ANSWERS[self.fates.get(ticket.key, "ok")]
        if answer is None:
            self.accepted[ticket.key] += 1
            self.journal.add(ticket.key)
        else:
            self.outcomes.answers.append((ticket, answer))

    def low_water(self) -> Ticket | None:
        return min(self.open) if self.open else None

    def drop_all(self) -> None:
        self.open.clear()
        self.outcomes.answers.clear()

    def close(self) -> None:
        self.drop_all()


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(1, 300),
    seed=st.integers(0, 2**32),
    fates=st.dictionaries(st.integers(1, 300), st.sampled_from(["refused", "deferred"]), max_size=40),
    ends=st.lists(st.sampled_from(["killed", "away"]), max_size=5),
)
def test_counts_and_cursor_are_true_wherever_a_run_ends(fan_out, monkeypatch, count, seed, fates, ends):
    accepted: Counter[int] = Counter()
    carriers = iter(Chance(seed + n, fates, ends, accepted) for n in range(10_000))
    monkeypatch.setattr(delivery, "carrier", lambda: next(carriers))
    monkeypatch.setattr(delivery, "WINDOW", 50)
    routes.BOUNCES.clear()
    mailing = fan_out(count)
    told = [key for key, _ in routes.Many().read({"count": count}, 0, count)]
    _carry(mailing)
    expected = Counter(fates.get(key, "ok") for key in told)
    shard = Shard.objects.get(mailing=mailing)
    assert accepted == Counter({key: 1 for key in told if fates.get(key, "ok") == "ok"})
    assert (shard.accepted, shard.refused, shard.deferred) == tuple(expected[f] for f in ("ok", "refused", "deferred"))
    noted = dict(Setback.objects.filter(mailing=mailing).values_list("key", "kind"))
    assert noted == {key: fates[key] for key in told if key in fates}
    journal.forget(mailing.pk)


def _carry(mailing: Mailing) -> None:
    last = 0
    while shard := Shard.objects.filter(mailing=mailing, state=Shard.State.OPEN).first():
        assert last <= shard.cursor <= shard.upto, "the cursor never goes back"
        last = shard.cursor
        Shard.objects.filter(pk=shard.pk).update(lease_until="2020-01-01T00:00:00Z")
        try:
            delivery.deliver(mailing.pk, seconds=60)
        except Killed:
            continue
