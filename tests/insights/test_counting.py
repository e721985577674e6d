"""What is counted: days from the truth, the same whenever they are counted again."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from junto.communities.models import Membership
from junto.insights import actions, tasks
from junto.insights.models import Day, Tally
from junto.kit.rulings import Refused
from junto.mail.models import BounceReport, Mailing, Setback, Shard
from junto.people.models import Person
from tests.insights.conftest import ago, belongs, crowd, noon


def day(community, text):
    return Day.objects.get(community=community, date=date.fromisoformat(text))


def test_members_are_counted_from_joining_to_leaving(cop, ada, ben, cleo):
    belongs(ada, cop, noon("2025-03-01"))
    belongs(ben, cop, noon("2025-03-03"), noon("2025-03-05"))
    belongs(cleo, cop, noon("2025-03-03"))
    actions.recount(community=cop, by=None)
    rows = Day.objects.filter(community=cop, date__lte="2025-03-06").order_by("date")
    assert [(one.members, one.joined, one.left) for one in rows] == [
        (1, 1, 0), (1, 0, 0), (3, 2, 0), (3, 0, 0), (2, 0, 1), (2, 0, 0),
    ]  # fmt: skip
    assert Day.objects.latest("date").members == 2


def test_requests_that_wait_are_not_members(cop, ada, cleo):
    Membership.objects.create(community=cop, person=cleo, address=cleo.addresses.get(), state="waiting")
    actions.recount(community=cop, by=None)
    assert Day.objects.latest("date").members == 1


def test_a_day_ends_at_midnight_where_the_community_is(cop, ada, ben, begin):
    cop.time_zone = "Pacific/Honolulu"
    begin(cop, noon("2025-03-02").replace(hour=5), (ada, 0))
    actions.recount(community=cop, by=None)
    assert day(cop, "2025-03-01").messages == 1


def test_the_first_answer_is_by_somebody_else(cop, ada, ben, begin):
    begin(cop, noon("2025-03-01"), (ada, 0), (ada, 1), (ben, 3), (ada, 9), kind="question")
    begin(cop, noon("2025-03-01"), (ben, 0), (ben, 5))
    actions.recount(community=cop, by=None)
    found = day(cop, "2025-03-01")
    assert (found.threads, found.questions) == (2, 1)
    assert (found.question_waits, found.thread_waits) == ([180], [180])


def test_an_answer_that_comes_later_is_counted_on_the_day_of_the_question(cop, ada, ben, begin):
    thread = begin(cop, noon("2025-03-01"), (ada, 0), kind="question")
    actions.recount(community=cop, by=None)
    assert day(cop, "2025-03-01").question_waits == []
    late = begin(cop, noon("2025-04-01"), (ben, 0))
    late.messages.update(thread=thread)
    late.delete()
    actions.recount(community=cop, by=None)
    assert day(cop, "2025-03-01").question_waits == [31 * 24 * 60]


def test_writers_are_members_who_wrote_within_a_year(cop, ada, ben, begin):
    belongs(ada, cop, noon("2022-01-01"))
    belongs(ben, cop, noon("2022-01-01"), noon("2022-06-01"))
    begin(cop, noon("2022-02-01"), (ada, 0), (ben, 1))
    begin(cop, noon("2022-03-01"), (ada, 0))
    actions.recount(community=cop, by=None)
    assert (day(cop, "2022-02-01").first_writers, day(cop, "2022-03-01").first_writers) == (2, 0)
    told = {
        text: day(cop, text).writers
        for text in ("2022-01-31", "2022-02-01", "2022-05-31", "2022-06-01", "2023-02-28", "2023-03-01")
    }
    assert list(told.values()) == [0, 2, 2, 1, 1, 0]


def test_who_wrote_before_joining_counts_as_a_writer_from_joining_on(cop, ada, begin):
    belongs(ada, cop, noon("2022-03-01"))
    begin(cop, noon("2022-02-01"), (ada, 0))
    actions.recount(community=cop, by=None)
    assert [day(cop, text).writers for text in ("2022-02-01", "2022-03-01")] == [0, 1]


def test_counting_again_changes_nothing_and_follows_what_changed(cop, ada, ben, begin):
    begin(cop, ago(9), (ada, 0), (ben, 2))
    assert actions.recount(community=cop, by=None) > 0
    assert actions.recount(community=cop, by=None) == 0
    thread = begin(cop, ago(8), (ben, 0))
    assert actions.recount(community=cop, by=None) == 1
    thread.delete()
    assert actions.recount(community=cop, by=None) == 1
    assert actions.recount(community=cop, since=timezone.localdate() + timedelta(days=2), by=None) == 0


def test_dates_that_cannot_be_are_left_out(cop, ada, begin):
    begin(cop, noon("1970-01-01"), (ada, 0))
    begin(cop, ago(-400), (ada, 0))
    actions.recount(community=cop, by=None)
    assert sum(Day.objects.values_list("messages", flat=True)) == 0
    assert Day.objects.count() <= 2


def _mailing(at, **shard):
    mailing = Mailing.objects.create(
        kind="post", return_to="x", audience="x", pieces=b"x", total=9, state="done", done_at=at, created_at=at
    )
    Shard.objects.create(mailing=mailing, after=0, upto=9, cursor=9, state="done", **shard)
    return mailing


def test_mail_is_counted_and_stays_when_the_engine_forgets_it(cop, ada, ben, begin):
    mailing = _mailing(ago(3), accepted=6, deferred=2, refused=1)
    for key, kind in enumerate(["refused", "refused", "accepted"]):
        Setback.objects.create(mailing=mailing, key=key, address=f"{key}@epa.gov", kind=kind, settled_at=ago(2))
    BounceReport.objects.create(mailing=mailing, address="x@epa.gov", fault="permanent", reported_at=ago(3))
    begin(cop, ago(3), (ada, 0)).messages.update(mailing_id=mailing.pk)
    actions.recount(community=cop, by=None)
    before = Day.objects.filter(community=cop).exclude(accepted=0).values("accepted", "deferred", "refused", "returned")
    assert list(before) == [{"accepted": 7, "deferred": 2, "refused": 2, "returned": 1}]
    Mailing.objects.all().delete()
    assert actions.recount(community=cop, by=None) == 0


def test_digests_count_as_mail_of_the_community(cop, ada):
    issue = cop.digest_issues.create(volume=1, number=1, since=0, upto=9)
    Mailing.objects.filter(pk=_mailing(ago(1), accepted=5).pk).update(about=f"discussions.digestissue:{issue.pk}")
    _mailing(ago(1), accepted=90)
    actions.recount(community=cop, by=None)
    assert sum(Day.objects.filter(community=cop).values_list("accepted", flat=True)) == 5


def test_reach_is_told_by_agency_level_and_state(cop, ada, ben, epa):
    crowd(cop, 3)
    actions.recount(community=cop, by=None)
    tally = Tally.objects.get(community=cop)
    assert tally.agencies == [["Environmental Protection Agency", 1], ["General Services Administration", 1]]
    assert tally.levels == [["federal_executive", 2, 2], ["city", 3, 0]]
    assert (tally.agency_count, tally.states, tally.stopped) == (2, {"MA": 3}, 0)


def test_only_who_came_back_after_their_account_was_made_is_a_visitor(cop, ada, ben):
    Person.objects.filter(pk=ada.pk).update(joined_at=ago(90))
    actions.recount(community=cop, by=None)
    assert Tally.objects.get(community=cop).visitors == 1


def test_the_clock_counts_every_community(cop, other, ada):
    assert tasks.recount_all.func() == 2
    assert tasks.recount.func(cop.pk) > 0
    assert tasks.recount.func(0) == 0


def test_only_managers_and_the_clock_count(cop, ada, ben):
    actions.recount(community=cop, by=ada)
    with pytest.raises(Refused):
        actions.recount(community=cop, by=ben)


def test_the_command_counts_one_or_all(cop, other, ada):
    told = StringIO()
    call_command("recount_insights", cop.slug, stdout=told)
    call_command("recount_insights", stdout=told)
    assert told.getvalue().splitlines()[0].startswith("customer-experience: ")
    assert len(told.getvalue().splitlines()) == 3
