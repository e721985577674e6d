"""A mailing that cannot be carried is set aside with the reason; the others go on; staff let it go on again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from junto.audit.models import Entry
from junto.kit.rulings import Refused
from junto.mail import actions, delivery, queries, signing
from junto.mail.job import Job
from junto.mail.models import Mailing, Setback, Shard
from junto.mail.relay import MOST_REFUSALS
from tests.mail.test_delivery import carry, due_now

pytestmark = pytest.mark.django_db


def free_now():
    Shard.objects.update(lease_until="2020-01-01T00:00:00Z")


@pytest.fixture
def broken(monkeypatch):
    """Composing raises for one mailing."""
    whole, wrong = Job.content, set()

    def content(self, ticket):
        if self.mailing_id in wrong:
            raise KeyError("a slot that nobody knows")
        return whole(self, ticket)

    monkeypatch.setattr(Job, "content", content)
    return wrong


def test_mailing_that_raises_three_times_is_set_aside_and_the_others_go_on(relay, fan_out, broken):
    sink = relay()
    poison, well = fan_out(20), fan_out(20)
    broken.add(poison.pk)
    for _ in range(3):
        assert Mailing.objects.get(pk=poison.pk).state == "on its way"
        delivery.deliver(poison.pk, seconds=5)
        free_now()
    poison.refresh_from_db()
    assert poison.state == "quarantined"
    assert "a slot that nobody knows" in poison.words
    carry(well)
    assert len(sink.copies) == 20
    assert delivery.deliver(poison.pk, seconds=5) is False
    assert delivery.next_turn(poison.pk) is None
    assert queries.delivery_of(poison.pk).state == "quarantined"


def test_exception_in_the_audience_is_counted_as_well(relay, fan_out):
    relay()
    mailing = fan_out(20)
    Mailing.objects.update(audience="nobody.knows")
    for _ in range(3):
        delivery.deliver(mailing.pk, seconds=5)
        free_now()
    assert "nobody.knows" in Mailing.objects.get().words


def test_signer_that_raises_is_counted_as_well(relay, fan_out, monkeypatch):
    class Broken:
        def sign(self, parts):
            raise RuntimeError("the key is gone")

    monkeypatch.setattr(signing, "signer_for", lambda mailing: Broken())
    sink = relay()
    mailing = fan_out(200)
    for _ in range(3):
        delivery.deliver(mailing.pk, seconds=5)
        free_now()
    assert "the key is gone" in Mailing.objects.get().words
    assert not sink.copies


@pytest.fixture
def staff(ada):
    ada.is_staff = True
    ada.save()
    return ada


def test_staff_let_it_go_on_and_everybody_gets_it(relay, fan_out, broken, staff, client_of):
    sink = relay()
    mailing = fan_out(20)
    broken.add(mailing.pk)
    for _ in range(3):
        delivery.deliver(mailing.pk, seconds=5)
        free_now()
    broken.clear()
    client = client_of(staff)
    page = client.get(reverse("mail:quarantine")).content.decode()
    assert "a slot that nobody knows" in page
    assert client.post(reverse("mail:release", args=[mailing.pk])).status_code == 302
    carry(mailing)
    assert len(sink.copies) == 20
    assert queries.delivery_of(mailing.pk).state == "done"
    assert Entry.objects.filter(fact="mail.mailing.released").exists()


def test_only_staff_let_a_mailing_go_on(fan_out, ben):
    mailing = fan_out(20)
    with pytest.raises(Refused):
        actions.release(mailing=mailing, by=ben)


def test_letter_that_every_server_refuses_is_set_aside_instead_of_refusing_every_member(relay, fan_out, staff):
    refuses = [True]

    def script(session, verb, argument):
        return "554 5.7.1 spam, number 4711" if verb == "DOT" and refuses else None

    sink = relay(script)
    mailing = fan_out(3000)
    delivery.deliver(mailing.pk, seconds=30)
    mailing.refresh_from_db()
    assert mailing.state == "quarantined"
    assert "554 5.7.1 spam" in mailing.words
    assert Setback.objects.count() <= MOST_REFUSALS
    refuses.clear()
    actions.release(mailing=mailing, by=staff)
    carry(mailing)
    due_now()
    delivery.retry_setbacks(mailing.pk, seconds=5)
    assert set(sink.recipients()) == {f"r{n}@agency{n % 7}.gov" for n in range(1, 3001)}
    assert len(sink.copies) == 3000


def test_refusals_of_some_do_not_set_a_letter_aside(relay, fan_out):
    def script(session, verb, argument):
        return "554 5.7.1 spam" if verb == "DOT" and "agency3" in session.recipients[0] else None

    sink = relay(script)
    mailing = fan_out(1400)
    carry(mailing)
    assert len(sink.copies) == 1200
    assert queries.delivery_of(mailing.pk).refused == 200
