"""A stopped address is probed; it goes on where the probe stays, and is given up on where all three come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from junto.audit.models import Entry
from junto.mail import delivery
from junto.mail.models import Mailing
from junto.people import actions, tasks
from junto.people.models import Address


@pytest.fixture
def bens(ben):
    actions.note_bounce(email="ben@epa.gov", is_permanent=True, status="5.1.1", words="550 No such user")
    return Address.objects.get(email="ben@epa.gov")


@pytest.fixture
def after(monkeypatch):
    """Let so many days pass, and the daily task run."""
    now, at = timezone.now, {"days": 0}
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=at["days"]))

    def pass_days(days: float) -> Address:
        at["days"] += days
        tasks.look_after_stopped.call()
        return Address.objects.get(email="ben@epa.gov")

    return pass_days


def _carry() -> None:
    for pk in Mailing.objects.filter(state=Mailing.State.ON_ITS_WAY).values_list("pk", flat=True):
        delivery.deliver(pk, seconds=5)


def _probes() -> int:
    return Mailing.objects.filter(kind="people.probe").count()


def test_nothing_is_sent_in_the_first_days(bens, after):
    assert after(2).probes == 0
    assert _probes() == 0


def test_a_probe_that_stays_sets_mail_going_again(bens, after):
    assert after(3).probed_at is not None
    _carry()
    assert after(1).stopped_at is not None
    address = after(2.5)
    assert (address.stopped_at, address.probes, address.bounces) == (None, 0, 0)
    assert Entry.objects.filter(fact="people.address.resumed").exists()


def test_a_probe_is_sent_once_however_often_the_task_runs(bens, after):
    after(3)
    after(0)
    after(0)
    assert _probes() == 1


def test_three_probes_that_come_back_end_in_giving_up(bens, after):
    for days in (3, 5, 7):
        assert after(days).probed_at is not None
        _carry()
        actions.note_bounce(email="ben@epa.gov", is_permanent=True, status="5.1.1", words="550 No such user")
    assert list(Address.objects.given_up()) == [bens]
    after(30)
    assert _probes() == 3


def test_a_probe_that_no_server_took_has_failed(bens, after):
    after(3)
    Mailing.objects.update(state=Mailing.State.DONE, done_at=timezone.now())
    address = after(4)
    assert (address.probed_at, address.stopped_at is None) == (None, False)


def test_a_policy_refusal_of_the_probe_says_nothing_of_the_mailbox(bens, after):
    after(3)
    _carry()
    actions.note_bounce(email="ben@epa.gov", is_permanent=True, status="5.7.1", words="550 5.7.1 blocked")
    assert after(4).stopped_at is None
