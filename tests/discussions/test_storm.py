"""The storm brake: a discussion that explodes is slowed down, its managers are told, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from junto.audit.models import Entry
from junto.discussions import tasks
from junto.discussions.models import HeldPost, Message, Thread
from tests.conftest import enroll

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"


def saying(number, author=b"ben@epa.gov"):
    def change(raw: bytes) -> bytes:
        raw = raw.replace(b"answer-1", f"reply-{number}".encode()).replace(b"ada@gsa.gov", author)
        return raw.replace(b"Here is how.", f"Here is how, number {number}.".encode())

    return change


@pytest.fixture
def reply(send):
    """A reply of Ben's, just now."""

    def now(number, author=b"ben@epa.gov"):
        return send("answer", change=saying(number, author), received_at=timezone.now())

    return now


@pytest.fixture
def storm(send, cop, ada, ben, reply):
    """Three posts are as many as the list takes within an hour; two more came."""
    cop.storm_posts = 3
    cop.save()
    send("question", received_at=timezone.now())
    reply(1)
    reply(2)
    return [reply(3), reply(4)]


def test_further_replies_wait_and_nothing_is_lost(storm, carried):
    assert all("thread_is_braked" in outcome.words for outcome in storm)
    assert Message.objects.count() == 3
    assert HeldPost.objects.waiting().for_the_clock().count() == 2
    assert Thread.objects.get().braked_until > timezone.now()


def test_managers_are_told_once_and_each_author_once(storm, carried):
    assert [copy.recipient for copy in carried("storm")] == ["ada@gsa.gov"]
    assert [copy.recipient for copy in carried("waits")] == ["ben@epa.gov"]
    assert Entry.objects.filter(fact="discussions.thread.braked").count() == 1


def test_replies_go_out_in_order_when_the_brake_ends(storm, carried):
    Thread.objects.update(braked_until=timezone.now() - timedelta(minutes=1))
    HeldPost.objects.update(release_at=timezone.now() - timedelta(minutes=1))
    assert tasks.release_due_posts.func() == 2
    assert [m.message_id for m in Message.objects.order_by("pk")][-2:] == ["reply-3@gsa.gov", "reply-4@gsa.gov"]


def test_the_next_brake_lasts_twice_as_long(storm, reply):
    thread = Thread.objects.get()
    first = thread.braked_until - timezone.now()
    Thread.objects.update(braked_until=timezone.now() - timedelta(minutes=1))
    reply(5)
    second = Thread.objects.get().braked_until - timezone.now()
    assert second > first * 1.8


def test_a_manager_may_speak_in_a_storm(storm, reply):
    assert reply(6, b"ada@gsa.gov").state == "done"


def test_another_discussion_is_not_slowed_down(storm, send):
    fresh = send(
        "question",
        change=lambda raw: raw.replace(b"question-1", b"other-1").replace(b"wait", b"queue"),
        received_at=timezone.now(),
    )
    assert fresh.state == "done"


def test_a_quiet_discussion_has_no_brake(send, cop, ada, ben, reply):
    cop.storm_posts = 3
    cop.save()
    send("question")
    for number in range(3):
        assert reply(number).state == "done"


def test_a_list_without_a_brake_takes_every_reply(send, cop, ada, ben, reply):
    cop.storm_posts = 0
    cop.save()
    send("question", received_at=timezone.now())
    for number in range(25):
        assert reply(number).state == "done"


def test_a_moderator_lifts_the_brake_and_waiting_replies_go_out(storm, client_of, ada, ben):
    shown = client_of(ada).get(f"{BASE}1/").content.decode()
    assert "Lift the brake now" in shown
    assert "Lift the brake" not in client_of(ben).get(f"{BASE}1/").content.decode()
    assert client_of(ben).post(f"{BASE}1/brake/").status_code == 403
    client_of(ada).post(f"{BASE}1/brake/")
    assert tasks.release_due_posts.func() == 2
    assert Message.objects.count() == 5


def test_replies_to_a_discussion_that_was_closed_meanwhile_go_back(storm, ada, carried):
    from junto.discussions import actions

    actions.close(thread=Thread.objects.get(), by=ada)
    HeldPost.objects.update(release_at=timezone.now())
    tasks.release_due_posts.func()
    assert {held.outcome for held in HeldPost.objects.all()} == {"rejected"}
    assert len(carried("rejected")) == 2


def test_five_wishes_to_leave_pull_the_brake_too(send, cop, ada, ben, cleo, carried):
    enroll(cleo, cop)
    send("question")
    for number in range(5):
        send("answer", change=lambda raw, n=number: saying(n)(raw).replace(b"We count tickets.", b"Please remove me from this list.").replace(b"Here is how", b"Thanks"))  # fmt: skip
    assert Thread.objects.get().braked_until is not None
    assert [copy.recipient for copy in carried("storm")] == ["ada@gsa.gov"]


def test_the_storm_on_the_web_waits_as_well(storm, client_of, ben):
    page = client_of(ben).post(f"{BASE}1/messages/", {"body": "We count them by hand."}, follow=True).content.decode()
    assert "Your message goes out on" in page
    assert Message.objects.count() == 3
