"""Whatever fails, in whatever order: every recipient gets the letter, few get it twice, and the counts are right.

JUNTO_FAULT_SCHEDULES says how many schedules are run (220), JUNTO_FAULT_SEED from which seed on (0). A failure prints its
seed and its schedule: JUNTO_FAULT_SEED=… JUNTO_FAULT_SCHEDULES=1 plays it again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pprint import pformat

import pytest

from junto.mail import queries
from junto.mail.models import Setback
from junto.mail.relay import CONNECTIONS
from tests.faults.scene import Run, Zygote
from tests.faults.schedule import Schedule, draw

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

SCHEDULES = int(os.environ.get("JUNTO_FAULT_SCHEDULES", "220"))
FIRST_SEED = int(os.environ.get("JUNTO_FAULT_SEED", "0"))
AT_ONCE = 20
IN_FLIGHT = 2 * CONNECTIONS
"""Copies that the end of one worker may repeat."""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    started = Zygote()
    yield started
    started.close()


@pytest.mark.parametrize("first", range(FIRST_SEED, FIRST_SEED + SCHEDULES, AT_ONCE))
def test_whatever_fails_nobody_is_lost_and_few_are_told_twice(first, zygote, settings, tmp_path):
    settings.MAIL_ROUTES = "tests.mail.routes"
    for seed in range(first, min(first + AT_ONCE, FIRST_SEED + SCHEDULES)):
        schedule = draw(seed)
        run = Run(schedule, zygote, tmp_path / "failures")
        began = time.monotonic()
        try:
            run.play()
            _check(run, schedule)
        except BaseException:
            sys.stderr.write(f"seed {seed}\n{pformat(schedule, width=120)}\n{run.account()}\n")
            raise
        sys.stderr.write(
            f"seed {seed}: {time.monotonic() - began:.2f} s, {run.ends} ends, {len(run.relay.fired)} faults\n"
        )


def _check(run: Run, schedule: Schedule) -> None:
    never = {schedule.address(number) for number, fate in schedule.fates.items() if fate.is_never_taken}
    refused = {schedule.address(number) for number, fate in schedule.fates.items() if fate.is_refused}
    copies = run.relay.copies
    assert set(copies) == set(schedule.addresses) - never, "who got the letter"
    again = sum(copies.values()) - len(copies)
    assert again <= run.ends * IN_FLIGHT + len(run.relay.fired), f"{again} copies too many"
    told = queries.delivery_of(run.mailing.pk)
    assert told is not None
    counted = (told.accepted, told.refused, told.deferred, told.skipped)
    assert counted == (len(copies), len(refused), len(never - refused), 0), "what is written down"
    assert told.state == ("on its way" if never - refused else "done")
    noted = Setback.objects.filter(mailing=run.mailing, kind="refused").values_list("address", flat=True)
    assert set(noted) == refused, "who was refused"
