"""The page of a community: who may see it, what it says, its files, and what it costs."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from junto.audit.models import Entry
from junto.insights import actions, queries
from junto.insights.models import Day, Tally
from junto.kit.sheets import to_csv
from junto.people.models import Person
from tests.insights.conftest import ago, belongs, crowd

PAGE = "/communities/customer-experience/insights/"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def counted(community):
    actions.recount(community=community, by=None)


def test_a_manager_sees_the_numbers_and_members_do_not(cop, ada, ben, client_of):
    counted(cop)
    assert client_of(ada).get(PAGE).status_code == 200
    assert client_of(ben).get(PAGE).status_code == 403
    assert f'href="{PAGE}"' in client_of(ada).get("/communities/customer-experience/events/").content.decode()
    assert f'href="{PAGE}"' not in client_of(ben).get("/communities/customer-experience/events/").content.decode()


def test_members_see_them_where_the_community_says_so(cop, ada, ben, eve, client_of):
    counted(cop)
    client_of(ada).post(f"{PAGE}audience/", {"is_open": "on"})
    page = client_of(ben).get(PAGE).content.decode()
    assert "Growth" in page
    assert "Who sees this" not in page
    assert f'href="{PAGE}sponsor/"' not in page
    assert client_of(eve).get(PAGE).status_code == 403
    client_of(ada).post(f"{PAGE}audience/", {})
    assert client_of(ben).get(PAGE).status_code == 403
    facts = Entry.objects.filter(fact__startswith="insights.").order_by("pk").values_list("fact", "by")
    assert list(facts) == [
        ("insights.community.opened", "Ada Alvarez"), ("insights.community.closed", "Ada Alvarez"),
    ]  # fmt: skip


def test_a_member_cannot_open_them_to_members(cop, ada, ben, client_of):
    assert client_of(ben).post(f"{PAGE}audience/", {"is_open": "on"}).status_code == 403
    cop.refresh_from_db()
    assert not cop.shows_insights


def test_the_first_look_asks_for_a_count_once_and_says_so(cop, ada, client_of, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    browser = client_of(ada)
    for _ in range(2):
        assert "The numbers are being counted" in browser.get(PAGE).content.decode()
    assert DBTaskResult.objects.filter(task_path="junto.insights.tasks.recount").count() == 1
    assert not Tally.objects.exists()


def test_a_manager_asks_for_a_new_count(cop, ada, client_of):
    counted(cop)
    client_of(ada).post(f"{PAGE}counting/")
    assert DBTaskResult.objects.filter(task_path="junto.insights.tasks.recount").count() == 1


def test_every_part_says_what_it_counts_and_what_to_do_where_it_is_empty(cop, ada, client_of):
    counted(cop)
    page = client_of(ada).get(PAGE).content.decode()
    assert "Nothing was written in this time. A question to all members is a good beginning." in page
    assert "No mail has gone out in this time." in page
    assert page.count('<p class="j-quiet">') >= 6


def test_numbers_charts_and_tables_tell_the_same(cop, ada, ben, begin, client_of):
    for days in (40, 20, 20):
        begin(cop, ago(days), (ada, 0), (ben, 5), kind="question")
    begin(cop, ago(30), (ben, 0), kind="question")
    counted(cop)
    page = client_of(ada).get(PAGE).content.decode()
    assert "<dd>75%</dd>" in page
    assert "<dd>5 hours</dd>" in page
    table = queries.insights_of(cop, queries.period_called("12"), ada).table("messages")
    assert sum(row[1] for row in table.rows) == 7
    assert sum(row[3] for row in table.rows) == 4
    assert page.count('role="img"') + page.count("<title") >= 6


def test_without_questions_all_discussions_are_measured(cop, ada, ben, begin, client_of):
    begin(cop, ago(20), (ada, 0), (ben, 50))
    counted(cop)
    page = client_of(ada).get(PAGE).content.decode()
    assert "No discussion is marked as a question, so all are counted." in page
    assert "<dd>2 days</dd>" in page


def test_what_may_still_be_answered_in_time_does_not_count(cop, ada, ben, begin):
    begin(cop, ago(20), (ada, 0), (ben, 5), kind="question")
    begin(cop, ago(1), (ada, 0), kind="question")
    counted(cop)
    found = queries.insights_of(cop, queries.period_called("all"), ada)
    assert ("100%", "of questions answered in 7 days") in found.headline


@pytest.mark.parametrize(("period", "what"), [("3", "Week from"), ("12", "Month"), ("all", "Month"), ("x", "Month")])
def test_the_period_says_how_time_is_cut(period, what, cop, ada, client_of):
    counted(cop)
    answer = client_of(ada).get(f"{PAGE}tables/members.csv", {"period": period})
    assert answer.content.decode().lstrip("\ufeff").startswith(f"{what},Members\r\n")


def test_a_year_is_twelve_months_with_this_one():
    twelve, quarter = queries.period_called("12"), queries.period_called("3")
    assert twelve.since(date(2026, 11, 22)) == date(2025, 12, 1)
    assert twelve.since(date(2026, 1, 31)) == date(2025, 2, 1)
    assert quarter.since(date(2026, 11, 22)) == date(2026, 8, 24)


def test_quartiles_of_first_answers(cop, ada, ben, begin):
    for hours in (1, 2, 3, 4, 5):
        begin(cop, ago(20), (ada, 0), (ben, hours), kind="question")
    counted(cop)
    table = queries.insights_of(cop, queries.period_called("all"), ada).table("first-answer")
    assert [row[1:] for row in table.rows if row[1] is not None] == [[2, 3, 4]]


def test_each_table_is_a_file_and_all_are_one(cop, ada, ben, begin, client_of):
    begin(cop, ago(20), (ada, 0), (ben, 2))
    cop.threads.update(subject="=HYPERLINK(1)")
    counted(cop)
    browser = client_of(ada)
    one = browser.get(f"{PAGE}tables/discussions.csv")
    assert one["Content-Disposition"] == 'attachment; filename="customer-experience-discussions.csv"'
    assert "'=HYPERLINK(1)" in one.content.decode()
    whole = zipfile.ZipFile(io.BytesIO(browser.get(f"{PAGE}insights.zip").content))
    assert len(whole.namelist()) == 13
    assert whole.read("discussions.csv") == one.content
    assert browser.get(f"{PAGE}tables/nothing.csv").status_code == 404


def test_text_that_a_spreadsheet_would_run_is_disarmed():
    told = to_csv(["Name", "+1"], [["=1+1", -3], ["\t=1", None], [" @x", 2.5], ["a-b", 0]]).decode()
    assert told.splitlines() == ["\ufeffName,'+1", "'=1+1,-3", "'\t=1,", "' @x,2.5", "a-b,0"]


def test_discussions_of_a_zone_that_the_reader_is_not_in_are_not_named(cop, ada, ben, dov, begin, client_of):
    begin(cop, ago(20), (ada, 0), (ben, 2), zone="federal")
    begin(cop, ago(20), (ada, 0), (ben, 2))
    counted(cop)
    for person, many in ((ada, 2), (dov, 1), (None, 1)):
        assert len(queries.insights_of(cop, queries.period_called("12"), person).useful) == many


def test_the_most_useful_discussions_have_the_most_people(cop, ada, ben, cleo, begin):
    long = begin(cop, ago(20), *[(ada, n) for n in range(9)], (ben, 10))
    wide = begin(cop, ago(20), (ada, 0), (ben, 1), (cleo, 2))
    counted(cop)
    found = queries.insights_of(cop, queries.period_called("12"), ada).useful
    assert [(one.thread, one.people) for one in found] == [(wide, 3), (long, 2)]


def test_what_members_marked_as_useful_stands_before_what_was_only_long(cop, ada, ben, cleo, begin, client_of):
    for _ in range(queries.useful.MOST_LOOKED_AT):
        begin(cop, ago(20), (ada, 0), (ben, 1), (cleo, 2))
    alone, wide = begin(cop, ago(20), (ada, 0)), begin(cop, ago(20), (ben, 0), (ada, 1), (cleo, 2))
    place = "/communities/customer-experience/discussions/"
    for person, thread in ((ben, alone), (ben, wide), (ada, wide)):
        said = thread.messages.exclude(author=person).order_by("pk").first()
        assert (
            client_of(person)
            .post(f"{place}{thread.number}/messages/{said.pk}/usefulness/", {"useful": "1"})
            .status_code
            == 302
        )
    counted(cop)
    found = queries.insights_of(cop, queries.period_called("12"), ada).useful
    assert [(one.thread, one.thread.useful_count) for one in found[:2]] == [(wide, 2), (alone, 1)]
    assert len(found) == 10
    page = client_of(ada).get(PAGE).content.decode()
    assert "2 marks “also useful” · 3 people" in page
    assert "1 mark “also useful” · 1 person" in page
    table = client_of(ada).get(f"{PAGE}tables/discussions.csv").content.decode()
    assert table.splitlines()[1].startswith(f"{wide.number},{wide.subject},2,3,3")


def test_how_many_use_the_site_is_told_over_time_as_it_was_on_each_night(cop, ada, ben, client_of):
    belongs(ben, cop, ago(70))
    counted(cop)
    today = queries.today_of(cop)
    assert queries.insights_of(cop, queries.period_called("3"), ada).table("visitors").is_empty
    Day.objects.filter(date=today - timedelta(days=35)).update(visitors=7)
    Person.objects.update(joined_at=ago(70), last_seen_at=ago(50))
    client_of(ben).get("/me/")
    counted(cop)
    assert set(Day.objects.exclude(visitors=None).values_list("date", "visitors")) == {
        (today - timedelta(days=35), 7), (today, 1),
    }  # fmt: skip
    table = queries.insights_of(cop, queries.period_called("3"), ada).table("visitors")
    assert [row[1] for row in table.rows if row[1] is not None] == [7, 1]
    assert len(table.rows) > 5
    page = client_of(ada).get(PAGE, {"period": "3"}).content.decode()
    assert page.count("Members who used the site within 30 days") >= 2
    assert "ben@epa.gov" not in page


@pytest.mark.parametrize("size", [3, 40])
def test_the_page_costs_ten_queries_however_much_there_is(size, cop, ada, ben, begin, client_of):
    crowd(cop, size)
    for n in range(size):
        begin(cop, ago(n * 20), (ada, 0), (ben, 2), kind="question")
    counted(cop)
    browser = client_of(ada)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(PAGE, {"period": "all"}).status_code == 200
    assert len(asked) <= 10, [one["sql"][:150] for one in asked]
    assert Day.objects.count() >= 20 * (size - 1)
