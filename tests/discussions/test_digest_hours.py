"""When digests come: at each reader's own hour, once, never empty, and with nothing missed or said twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread as Worker

import pytest
from django.db import connection

from junto.communities.models import Delivery, Membership
from junto.discussions import actions, letters, tasks
from junto.discussions.models import DigestHour, DigestIssue
from junto.mail.models import Mailing
from tests.discussions.digests import Desk, reads

pytestmark = pytest.mark.django_db

SEVEN = datetime(2026, 11, 4, 12, 3, tzinfo=UTC)  # 7:03 in New York
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def desk(cop, ada, ben, carried):
    return Desk(cop, carried)


def subjects(copies):
    return [copy.mail["Subject"] for copy in copies]


def test_a_daily_digest_comes_at_seven_of_the_readers_own_day(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)
    assert desk.strike(SEVEN - timedelta(minutes=15)) == []
    (copy,) = desk.strike(SEVEN)
    assert copy.recipient == "ada@gsa.gov"
    assert "With a clock." in copy.words


def test_the_time_zone_of_a_person_goes_before_that_of_the_list(desk, cop, ada, ben):
    ben.time_zone = "Pacific/Honolulu"
    ben.save()
    reads(ada, cop)
    reads(ben, cop)
    desk.say(SEVEN - 3 * HOUR)
    assert [copy.recipient for copy in desk.strike(SEVEN)] == ["ada@gsa.gov"]
    assert [copy.recipient for copy in desk.strike(SEVEN + 5 * HOUR)] == ["ben@epa.gov"]


def test_a_time_zone_that_nobody_knows_counts_as_that_of_the_list(desk, cop, ada):
    ada.time_zone = "Mars/Olympus"
    ada.save()
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)
    assert len(desk.strike(SEVEN)) == 1


def test_a_weekly_digest_comes_on_its_weekday(desk, cop, ada):
    reads(ada, cop, Delivery.WEEKLY, digest_weekday=4)
    desk.say(SEVEN - 3 * HOUR)
    assert [desk.strike(SEVEN + n * DAY) for n in (0, 1)] == [[], []]
    assert len(desk.strike(SEVEN + 2 * DAY)) == 1
    desk.say(SEVEN + 3 * DAY)
    assert desk.strike(SEVEN + 8 * DAY) == []
    assert len(desk.strike(SEVEN + 9 * DAY)) == 1


@pytest.mark.parametrize(
    ("zone", "hour", "now", "struck"),
    [
        ("America/New_York", 7, "2026-03-07 15:00", "2026-03-07 12:00"),
        ("America/New_York", 7, "2026-03-08 15:00", "2026-03-08 11:00"),
        ("America/New_York", 2, "2026-03-08 15:00", "2026-03-08 07:00"),
        ("America/New_York", 1, "2026-11-01 15:00", "2026-11-01 05:00"),
        ("America/New_York", 1, "2026-11-01 05:30", "2026-11-01 05:00"),
        ("America/New_York", 1, "2026-11-01 06:30", "2026-11-01 05:00"),
        ("America/New_York", 23, "2026-11-02 03:59", "2026-11-01 03:00"),
        ("Pacific/Kiritimati", 7, "2026-11-04 12:00", "2026-11-03 17:00"),
        ("Pacific/Guam", 7, "2026-11-04 12:00", "2026-11-03 21:00"),
        ("Asia/Kolkata", 7, "2026-11-04 12:00", "2026-11-04 01:30"),
    ],
)
def test_an_hour_strikes_once_a_day_whatever_the_clocks_do(zone, hour, now, struck):
    daily = DigestHour(cadence=Delivery.DAILY, hour=hour, time_zone=zone)
    said = daily.last_struck(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert said == datetime.fromisoformat(struck).replace(tzinfo=UTC)


def test_over_a_change_of_clocks_every_day_has_one_digest(desk, cop, ada):
    reads(ada, cop)
    begin = datetime(2026, 10, 30, tzinfo=UTC)
    sent = []
    for hour in range(5 * 24):
        now = begin + timedelta(hours=hour, minutes=3)
        if hour % 24 == 10:
            desk.say(now)
        sent += [now] * len(desk.strike(now))
    assert [f"{at:%d %H:%M}" for at in sent] == ["30 11:03", "31 11:03", "01 12:03", "02 12:03", "03 12:03"]


def test_no_digest_is_ever_empty_and_what_comes_later_is_in_the_next(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="First")
    assert len(desk.strike(SEVEN)) == 1
    assert [desk.strike(SEVEN + n * DAY) for n in (1, 2)] == [[], []]
    desk.say(SEVEN + 2 * DAY + HOUR, subject="Second")
    (copy,) = desk.strike(SEVEN + 3 * DAY)
    assert "Second" in copy.words
    assert "First" not in copy.words
    assert Mailing.objects.filter(kind="discussions.digest").count() == 2


def test_running_twice_sends_once(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)
    assert len(desk.strike(SEVEN)) == 1
    desk.say(SEVEN + timedelta(minutes=5))
    assert desk.strike(SEVEN + timedelta(minutes=15)) == []
    assert desk.strike(SEVEN) == []


def test_after_days_without_a_worker_one_issue_holds_all(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="Before")
    desk.strike(SEVEN)
    for day in range(4):
        desk.say(SEVEN + day * DAY + HOUR, subject=f"Missed {day}")
    (copy,) = desk.strike(SEVEN + 4 * DAY + 6 * HOUR)
    assert all(f"Missed {day}" in copy.words for day in range(4))
    assert desk.strike(SEVEN + 4 * DAY + 7 * HOUR) == []


def test_a_kill_between_issue_and_mailing_leaves_nothing_behind_and_the_next_run_sends(desk, cop, ada, monkeypatch):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)
    with monkeypatch.context() as broken:
        broken.setattr(letters, "digest", lambda *_, **__: 1 / 0)
        assert actions.issue_digests(now=SEVEN, by=None) == 0
    assert not DigestIssue.objects.exists()
    assert not DigestHour.objects.exists()
    assert len(desk.strike(SEVEN)) == 1


def test_trouble_in_one_community_keeps_no_other_waiting(desk, cop, ada, cleo, other, monkeypatch):
    reads(ada, cop)
    reads(cleo, other)
    desk.say(SEVEN - 3 * HOUR)
    elsewhere = Desk(other, desk.carried, said=50)
    elsewhere.say(SEVEN - 3 * HOUR, sender="Cleo Chen <cleo@epa.gov>")
    real = letters.digest

    def fails_for_one(issue, *, form):
        return 1 / 0 if issue.community == min(cop, other, key=lambda c: c.pk) else real(issue, form=form)

    monkeypatch.setattr(letters, "digest", fails_for_one)
    assert len(desk.strike(SEVEN)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_send_once(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)

    def work():
        actions.issue_digests(now=SEVEN, by=None)
        connection.close()

    workers = [Worker(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Mailing.objects.filter(kind="discussions.digest").count() == 1


def test_a_post_whose_neighbours_may_still_be_on_their_way_waits_for_the_next_digest(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="Settled")
    desk.say(SEVEN - timedelta(seconds=20), subject="Fresh")
    (copy,) = desk.strike(SEVEN)
    assert "Fresh" not in copy.words
    (copy,) = desk.strike(SEVEN + DAY)
    assert "Fresh" in copy.words


def test_a_post_that_a_moderator_lets_pass_late_is_in_the_next_digest(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="In time")
    desk.strike(SEVEN)
    desk.say(SEVEN - 2 * HOUR, subject="Held for a while")
    (copy,) = desk.strike(SEVEN + DAY)
    assert "Held for a while" in copy.words


def test_who_moves_to_another_hour_misses_nothing_and_gets_nothing_twice(desk, cop, ada, ben):
    reads(ben, cop, digest_hour=18)
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="One")
    assert "One" in desk.to(SEVEN, "ada@gsa.gov")[0].words
    desk.say(SEVEN + 2 * HOUR, subject="Two")
    reads(ada, cop, digest_hour=18)
    (copy,) = desk.to(SEVEN + 11 * HOUR, "ada@gsa.gov")
    assert "Two" in copy.words and "One" not in copy.words
    desk.say(SEVEN + 13 * HOUR, subject="Three")
    reads(ada, cop, digest_hour=7)
    (copy,) = desk.to(SEVEN + DAY, "ada@gsa.gov")
    assert "Three" in copy.words and "Two" not in copy.words


def test_who_moves_to_an_earlier_hour_that_others_have_gets_what_their_former_hour_did_not_tell(desk, cop, ada, ben):
    reads(ben, cop, digest_hour=7)
    reads(ada, cop, digest_hour=18)
    desk.say(SEVEN - 10 * HOUR, subject="Old")
    desk.strike(SEVEN)
    desk.strike(SEVEN + 11 * HOUR)
    desk.say(SEVEN + 12 * HOUR, subject="Evening")
    reads(ada, cop, digest_hour=7)
    (copy,) = desk.to(SEVEN + DAY, "ada@gsa.gov")
    assert "Evening" in copy.words and "Old" not in copy.words
    desk.say(SEVEN + DAY + HOUR, subject="Next")
    (copy,) = desk.to(SEVEN + 2 * DAY, "ada@gsa.gov")
    assert "Next" in copy.words and "Evening" not in copy.words


def test_who_changes_from_daily_to_weekly_begins_where_the_daily_ended(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="Daily one")
    desk.strike(SEVEN)
    desk.say(SEVEN + HOUR, subject="For the week")
    reads(ada, cop, Delivery.WEEKLY, digest_weekday=0)
    (copy,) = desk.strike(datetime(2026, 11, 9, 12, 3, tzinfo=UTC))
    assert "For the week" in copy.words and "Daily one" not in copy.words


def test_when_the_list_moves_to_another_time_zone_nothing_is_lost(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="One")
    desk.strike(SEVEN)
    desk.say(SEVEN + HOUR, subject="Two")
    cop.time_zone = "America/Los_Angeles"
    cop.save()
    (copy,) = desk.strike(SEVEN + DAY + 3 * HOUR)
    assert "Two" in copy.words and "One" not in copy.words


def test_who_wants_each_message_again_gets_what_the_next_digest_would_have_said(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR, subject="Told")
    desk.strike(SEVEN)
    desk.say(SEVEN + HOUR, subject="Not yet told")
    reads(ada, cop, Delivery.EACH)
    (copy,) = desk.strike(SEVEN + 2 * HOUR)
    assert "Not yet told" in copy.words and "Told" not in copy.words.replace("Not yet told", "")
    assert desk.strike(SEVEN + DAY) == []
    assert Membership.objects.get(person=ada, community=cop).digest_seat is None


def test_who_wants_no_mail_any_more_gets_no_last_digest(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)
    desk.strike(SEVEN)
    desk.say(SEVEN + HOUR)
    reads(ada, cop, Delivery.NONE)
    assert desk.strike(SEVEN + 2 * HOUR) == desk.strike(SEVEN + DAY) == []


def test_an_hour_chosen_after_it_struck_begins_on_the_next_day(desk, cop, ada):
    desk.say(SEVEN - 3 * HOUR, subject="Before")
    reads(ada, cop)
    assert desk.strike(SEVEN + 5 * HOUR) == []
    desk.say(SEVEN + 6 * HOUR, subject="After")
    (copy,) = desk.strike(SEVEN + DAY)
    assert "After" in copy.words and "Before" not in copy.words


def test_an_hour_that_nobody_used_for_months_tells_of_one_day(desk, cop, ada):
    reads(ada, cop)
    desk.say(SEVEN - 3 * HOUR)
    desk.strike(SEVEN)
    reads(ada, cop, Delivery.NONE)
    Membership.objects.update(digest_seat=None)
    desk.say(SEVEN + 30 * DAY, subject="Long ago")
    desk.say(SEVEN + 90 * DAY - HOUR, subject="Yesterday")
    reads(ada, cop)
    (copy,) = desk.strike(SEVEN + 90 * DAY)
    assert "Yesterday" in copy.words and "Long ago" not in copy.words


def test_imported_messages_are_in_no_digest(desk, cop, ada):
    reads(ada, cop)
    message = desk.say(SEVEN - 3 * HOUR)
    type(message).objects.update(came_by="import")
    assert desk.strike(SEVEN) == []


def test_the_clock_calls_it(desk, cop, ada):
    from junto.config.clock import CLOCK

    assert "junto.discussions.tasks.issue_digests" in dict(map(reversed, CLOCK))
    assert tasks.issue_digests.func() == 0
