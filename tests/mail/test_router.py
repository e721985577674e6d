from __future__ import annotations

import pytest
from django.db import connection

from junto.mail import authentication, router, store, tasks
from junto.mail.models import Arrival
from tests.mail import routes

pytestmark = pytest.mark.django_db
RAW = b"From: ben@epa.gov\r\nSubject: Hi\r\n\r\nHello\r\n"


@pytest.fixture
def arrive():
    def make(name, raw=RAW, sender="ben@epa.gov"):
        return Arrival.objects.create(
            sender=sender, recipient=f"{name}@lists.example.gov", raw_key=store.put(raw), size=len(raw)
        )

    return make


def state(arrival):
    arrival.refresh_from_db()
    return arrival.state


def fail_until_the_end(arrival, times):
    for _ in range(times):
        Arrival.objects.update(next_try_at="2020-01-01T00:00:00Z")
        router.handle(arrival.pk)


def test_letter_reaches_its_door_once_however_often_it_is_handled(arrive):
    arrival = arrive("CX-COP")
    router.handle(arrival.pk)
    router.handle(arrival.pk)
    assert [name for name, _ in routes.SEEN] == ["cx-cop"]
    assert routes.SEEN[0][1].raw == RAW
    assert state(arrival) == "done"
    assert arrival.words == "Taken."


def test_held_letter_is_marked_as_held(arrive):
    arrival = arrive("held")
    router.handle(arrival.pk)
    assert state(arrival) == "held"


def test_letter_that_never_works_goes_to_quarantine_at_once_with_its_reason(arrive):
    arrival = arrive("never")
    router.handle(arrival.pk)
    assert state(arrival) == "quarantined"
    assert arrival.words == "It is upside down."


def test_letter_that_breaks_its_door_goes_to_quarantine_after_three_failures(arrive):
    arrival = arrive("broken")
    fail_until_the_end(arrival, 2)
    assert state(arrival) == "waiting"
    fail_until_the_end(arrival, 1)
    assert state(arrival) == "quarantined"
    assert "RuntimeError: the floor gave way" in arrival.words
    assert "routes.py" in arrival.words


def test_door_that_asks_to_try_again_is_asked_again_later(arrive):
    arrival = arrive("later")
    fail_until_the_end(arrival, 6)
    assert state(arrival) == "waiting"
    assert arrival.words == "The room is being painted."


def test_refusal_is_an_answer_and_no_failure(arrive):
    arrival = arrive("refused")
    router.handle(arrival.pk)
    assert state(arrival) == "done"
    assert arrival.words == "Refused: Members only. Join at /communities/."


def test_what_a_failing_door_wrote_is_undone(arrive):
    def writes_and_breaks(incoming):
        Arrival.objects.create(recipient="written by the door", raw_key="x", size=1)
        raise RuntimeError

    arrival = arrive("cx-cop")
    routes.DOORS["cx-cop"] = writes_and_breaks
    try:
        router.handle(arrival.pk)
    finally:
        del routes.DOORS["cx-cop"]
    assert not Arrival.objects.filter(recipient="written by the door").exists()
    assert state(arrival) == "waiting"


def test_queue_goes_on_past_a_letter_that_breaks(arrive):
    first, second = arrive("broken"), arrive("cx-cop")
    tasks.sweep.func()
    assert state(first) == "waiting"
    assert state(second) == "done"


def test_detail_behind_a_plus_leads_to_the_same_door():
    assert router.find("cx-cop+anything@lists.example.gov")
    assert router.find("Cx-Cop@LISTS.example.gov")
    assert router.find("nobody@lists.example.gov") is None
    assert router.find("cx-cop@elsewhere.example") is None
    assert router.find("b+cx-cop.1.2-00@lists.example.gov") is None


def test_staff_see_the_quarantine_and_let_a_letter_out(arrive, ada, client_of):
    from junto.audit.models import Entry

    ada.is_staff = True
    ada.save()
    arrival = arrive("never", raw=b"Subject: <script>alert(1)</script>\r\n\r\n\x00\xff")
    router.handle(arrival.pk)
    browser = client_of(ada)
    assert "upside down" in browser.get("/mail/quarantine/").content.decode()
    page = browser.get(f"/mail/quarantine/{arrival.pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert browser.get(f"/mail/quarantine/{arrival.pk}/retry/").status_code == 405
    browser.post(f"/mail/quarantine/{arrival.pk}/retry/")
    assert state(arrival) == "waiting"
    router.handle(arrival.pk)
    browser.post(f"/mail/quarantine/{arrival.pk}/disposal/")
    assert state(arrival) == "discarded"
    assert set(Entry.objects.values_list("fact", flat=True)) == {"mail.arrival.retried", "mail.arrival.discarded"}


@pytest.mark.parametrize("path", ["", "1/", "1/retry/", "1/disposal/"])
def test_quarantine_is_closed_to_everybody_else(arrive, path, ada, client, client_of):
    router.handle(arrive("never").pk)
    do = "post" if "retry" in path or "disposal" in path else "get"
    assert getattr(client, do)(f"/mail/quarantine/{path}").status_code == 302
    assert getattr(client_of(ada), do)(f"/mail/quarantine/{path}").status_code == 403
    assert Arrival.objects.get().state == "quarantined"


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_dns_is_asked_who_wrote(arrive, monkeypatch):
    asked = []

    def prove(*_, **__):
        asked.append(connection.in_atomic_block)
        return authentication.Proof(True, "dkim", "")

    monkeypatch.setattr(authentication, "prove", prove)
    arrival = arrive("cx-cop")
    router.handle(arrival.pk)
    assert asked == [False]
    assert state(arrival) == "done"


@pytest.fixture
def as_tasks():
    """What is on the queue: the arrivals that somebody shall lead to their doors."""
    from django_tasks_db.models import DBTaskResult

    return lambda: [
        pk
        for task in DBTaskResult.objects.filter(task_path="junto.mail.tasks.route")
        for pk in task.args_kwargs["args"][0]
    ]


def test_lot_is_led_to_the_door_past_letters_that_break(arrive):
    lot = [arrive("cx-cop"), arrive("broken"), arrive("never"), arrive("cx-cop")]
    tasks.route.func([arrival.pk for arrival in lot])
    assert [state(arrival) for arrival in lot] == ["done", "waiting", "quarantined", "done"]


def test_lot_that_two_workers_get_is_handled_once(arrive):
    lot = [arrive("cx-cop").pk for _ in range(3)]
    assert router._claim_new(lot) == lot
    tasks.route.func(lot)
    assert routes.SEEN == []
    assert router._claim_new(lot) == []


def test_worker_that_has_used_its_turn_lets_others_go_on_with_the_rest(arrive, as_tasks, monkeypatch):
    monkeypatch.setattr(tasks, "TURN", -1.0)
    lot = [arrive("cx-cop") for _ in range(3)]
    tasks.route.func([arrival.pk for arrival in lot])
    assert [state(arrival) for arrival in lot] == ["done", "waiting", "waiting"]
    assert as_tasks() == [arrival.pk for arrival in lot[1:]]
    monkeypatch.undo()
    tasks.route.func(as_tasks())
    assert {state(arrival) for arrival in lot} == {"done"}


def test_lots_on_the_queue_have_fifty_letters_at_most(arrive, as_tasks):
    from django_tasks_db.models import DBTaskResult

    tasks.route_soon(list(range(120)))
    assert as_tasks() == list(range(120))
    assert DBTaskResult.objects.count() == 3


class Killed(BaseException):
    """What a worker does not come back from."""


def test_letter_that_kills_its_worker_ends_in_quarantine_and_the_others_are_handled(arrive, monkeypatch):
    def kills(_):
        raise Killed

    first, deadly, last = arrive("cx-cop"), arrive("held"), arrive("cx-cop")
    monkeypatch.setitem(routes.DOORS, "held", kills)
    with pytest.raises(Killed):
        tasks.route.func([first.pk, deadly.pk, last.pk])
    assert (state(first), state(deadly), state(last)) == ("done", "waiting", "waiting")
    for _ in range(4):
        Arrival.objects.filter(state="waiting").update(next_try_at="2020-01-01T00:00:00Z")
        try:
            tasks.sweep.func()
        except Killed:
            tasks.sweep.func()
    assert state(last) == "done"
    assert state(deadly) == "quarantined"
    assert "did not come back" in deadly.words


def test_letter_whose_worker_was_killed_once_is_led_to_its_door_after_a_minute(arrive):
    arrival = arrive("cx-cop")
    router._claim_new([arrival.pk])
    tasks.sweep.func()
    assert state(arrival) == "waiting"
    Arrival.objects.update(next_try_at="2020-01-01T00:00:00Z")
    tasks.sweep.func()
    assert state(arrival) == "done"
