"""Quiet hours and slow mode: posts wait for the clock, in order, and none is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Community, Moderation
from junto.discussions import rules, tasks
from junto.discussions.models import HeldPost, Message

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"
TYPED = {"subject": "Wait times", "body": "How do you count them at your counter?", "ticket": "b" * 24}


@pytest.fixture
def quiet(cop):
    hour = timezone.now().hour
    cop.time_zone, cop.quiet_from, cop.quiet_until = "UTC", hour, (hour + 3) % 24
    cop.save()
    return cop


@pytest.fixture
def slow(cop):
    cop.slow_mode_minutes = 30
    cop.save()
    return cop


def another(number):
    return lambda raw: raw.replace(b"question-1", f"question-{number}".encode()).replace(
        b"wait times", f"wait {number}".encode()
    )


def time_passes():
    """Whatever waits is due, in the order in which it would have been."""
    for place, held in enumerate(HeldPost.objects.waiting().for_the_clock().order_by("release_at", "held_at", "pk")):
        HeldPost.objects.filter(pk=held.pk).update(
            release_at=timezone.now() - timedelta(hours=1) + timedelta(seconds=place)
        )
    return tasks.release_due_posts.func()


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "now", "until"),
    [
        ("America/New_York", 20, 7, "2026-11-04T02:30", "2026-11-04T12:00"),
        ("America/New_York", 20, 7, "2026-11-04T11:59", "2026-11-04T12:00"),
        ("America/New_York", 20, 7, "2026-11-04T12:00", None),
        ("America/New_York", 20, 7, "2026-11-04T00:59", None),
        ("America/New_York", 1, 6, "2026-11-04T07:00", "2026-11-04T11:00"),
        ("America/New_York", 22, 6, "2026-10-31T03:00", "2026-10-31T10:00"),
        ("America/New_York", 22, 6, "2026-11-01T03:00", "2026-11-01T11:00"),
        ("America/New_York", 22, 6, "2026-03-08T04:00", "2026-03-08T10:00"),
        ("America/New_York", 0, 2, "2026-03-08T06:30", "2026-03-08T07:00"),
        ("America/New_York", 0, 2, "2026-11-01T06:30", "2026-11-01T07:00"),
        ("Pacific/Honolulu", 18, 8, "2026-11-04T05:00", "2026-11-04T18:00"),
        ("No/Such_Zone", 20, 7, "2026-11-04T02:30", "2026-11-04T12:00"),
        ("UTC", None, None, "2026-11-04T02:30", None),
        ("UTC", 5, 5, "2026-11-04T05:30", None),
    ],
)
def test_quiet_hours_end_by_the_clock_of_the_community(settings, zone, begins, ends, now, until):
    settings.TIME_ZONE = "America/New_York"
    community = Community(time_zone=zone, quiet_from=begins, quiet_until=ends)
    found = rules.quiet_ends(community, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


def test_a_post_at_night_waits_and_its_author_is_told_once(send, quiet, ada, ben, carried):
    assert "list_is_quiet" in send("question").words
    send("question", change=another(2))
    assert not Message.objects.exists()
    assert [held.waits_for for held in HeldPost.objects.all()] == ["clock", "clock"]
    [copy] = carried("waits")
    assert copy.recipient == "ben@epa.gov"
    assert "goes out on" in copy.words


def test_posts_go_out_in_order_when_the_night_is_over(send, quiet, ada, ben, carried):
    for number in range(1, 4):
        send("question", change=another(number))
    assert tasks.release_due_posts.func() == 0
    assert time_passes() == 3
    assert [m.message_id for m in Message.objects.order_by("pk")] == [f"question-{n}@epa.gov" for n in (1, 2, 3)]
    assert len(carried("post")) == 6
    assert tasks.release_due_posts.func() == 0
    assert Message.objects.count() == 3


def test_one_that_cannot_go_on_does_not_keep_the_others(send, quiet, ada, ben, monkeypatch):
    from junto.discussions import actions

    for number in (1, 2):
        send("question", change=another(number))
    real = actions.release

    def fails_once(*, held, by):
        if held.message_id == "question-1@epa.gov":
            raise RuntimeError("disk full")
        return real(held=held, by=by)

    monkeypatch.setattr(actions, "release", fails_once)
    assert time_passes() == 1
    monkeypatch.undo()
    assert time_passes() == 1
    assert Message.objects.count() == 2


def test_by_day_a_post_goes_out_at_once(send, cop, ada, ben):
    hour = timezone.now().hour
    cop.time_zone, cop.quiet_from, cop.quiet_until = "UTC", (hour + 3) % 24, (hour + 5) % 24
    cop.save()
    assert send("question").state == "done"


def test_other_rules_still_hold_when_the_night_is_over(send, quiet, ada, ben, carried):
    send("question")
    quiet.moderation = Moderation.ALL
    quiet.save()
    time_passes()
    assert HeldPost.objects.get().waits_for == "moderator"
    assert [copy.recipient for copy in carried("held_for_moderators")] == ["ada@gsa.gov"]


def test_whoever_left_meanwhile_is_told_that_it_did_not_go_out(send, quiet, ada, ben, carried):
    send("question")
    quiet.memberships.filter(person=ben).update(state="removed")
    time_passes()
    assert HeldPost.objects.get().outcome == "rejected"
    assert [copy.recipient for copy in carried("rejected")] == ["ben@epa.gov"]
    assert not Message.objects.exists()


def test_on_the_web_the_author_is_told_at_once_and_pressing_twice_holds_one(client_of, quiet, ada, ben):
    for _ in range(2):
        page = client_of(ben).post(f"{BASE}new/", TYPED, follow=True).content.decode()
        assert "Your message goes out on" in page
    assert HeldPost.objects.count() == 1
    time_passes()
    assert Message.objects.get().came_by == "web"


def test_the_author_can_take_it_back_but_not_hurry_it(send, quiet, ada, ben, carried):
    send("question")
    page = re.search(r"http://testserver(/posts/send/\S+)", carried("waits")[0].words)[1]
    shown = Client().get(page).content.decode()
    assert "Do not send it" in shown
    assert "Send it to everyone now" not in shown
    Client().post(page, {"answer": "send"})
    assert HeldPost.objects.get().outcome == ""
    Client().post(page, {"answer": "drop"})
    assert HeldPost.objects.get().outcome == "discarded"
    assert time_passes() == 0


def test_moderators_see_what_waits_and_let_it_go_or_drop_it(send, client_of, quiet, ada, ben):
    for number in (1, 2):
        send("question", change=another(number))
    first, second = HeldPost.objects.order_by("pk")
    shown = client_of(ada).get(f"{BASE}held/").content.decode()
    assert "Posts that go out by themselves" in shown
    client_of(ada).post(f"{BASE}held/{first.pk}/waiting/", {"outcome": "send"})
    client_of(ada).post(f"{BASE}held/{second.pk}/waiting/", {"outcome": "drop"})
    assert Message.objects.get().message_id == "question-1@epa.gov"
    second.refresh_from_db()
    assert second.outcome == "discarded"


def test_members_cannot_decide_on_what_waits(send, client_of, quiet, ada, ben):
    send("question")
    held = HeldPost.objects.get()
    assert client_of(ben).post(f"{BASE}held/{held.pk}/waiting/", {"outcome": "send"}).status_code == 403
    assert not Message.objects.exists()


def test_in_slow_mode_the_next_post_waits_for_its_turn(send, slow, ada, ben, carried):
    assert send("question", received_at=timezone.now()).state == "done"
    assert "author_is_in_slow_mode" in send("question", change=another(2), received_at=timezone.now()).words
    assert "author_is_in_slow_mode" in send("question", change=another(3), received_at=timezone.now()).words
    second, third = HeldPost.objects.order_by("pk")
    assert third.release_at - second.release_at == timedelta(minutes=30)
    assert len(carried("waits")) == 1
    assert time_passes() == 2
    assert Message.objects.count() == 3


def test_in_slow_mode_others_and_moderators_need_not_wait(send, slow, ada, ben):
    send("question", received_at=timezone.now())
    for number in (b"1", b"2"):
        change = partial(_numbered, number=number)
        assert send("answer", change=change, received_at=timezone.now()).state == "done"


def _numbered(raw, *, number):
    return raw.replace(b"answer-1", b"answer-" + number).replace(b"how.", b"how " + number)


def test_slow_mode_is_over_after_some_minutes(send, slow, ada, ben):
    send("question", received_at=timezone.now() - timedelta(minutes=31))
    assert send("question", change=another(2), received_at=timezone.now()).state == "done"


def test_managers_set_the_hours_on_a_page_of_their_own(client_of, cop, ada, ben):
    page = "/communities/customer-experience/manage/protection/"
    typed = {"time_zone": "America/Denver", "quiet_from": "20", "quiet_until": "7", "slow_mode_minutes": "15", "storm_posts": "10", "coach_is_on": "on", "hints": ["ssn", "alt_text"]}  # fmt: skip
    assert client_of(ben).get(page).status_code == 403
    assert "Quiet hours begin" in client_of(ada).get(page).content.decode()
    client_of(ada).post(page, typed)
    cop.refresh_from_db()
    assert (cop.time_zone, cop.quiet_from, cop.quiet_until, cop.slow_mode_minutes) == ("America/Denver", 20, 7, 15)
    assert not cop.asks_before_short_posts
    assert "reading" in cop.coach_skips
    assert "ssn" not in cop.coach_skips


@pytest.mark.parametrize(("begins", "ends"), [("20", ""), ("", "7"), ("8", "8")])
def test_hours_that_make_no_sense_are_refused(client_of, cop, ada, begins, ends):
    typed = {
        "time_zone": "UTC",
        "quiet_from": begins,
        "quiet_until": ends,
        "slow_mode_minutes": "0",
        "storm_posts": "0",
    }
    page = client_of(ada).post("/communities/customer-experience/manage/protection/", typed)
    assert page.status_code == 422
    cop.refresh_from_db()
    assert cop.quiet_from is None
