"""The search page: what it shows, to whom, and what it says when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from junto.communities.models import Community, Readers, Topic
from junto.discussions import actions as discussions
from junto.discussions.tasks import index_messages, index_thread
from junto.search import actions
from junto.search.documents import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(cop, other):
    """A letter in each of two communities, and the public document of one."""
    common = {"kind": "message", "at": datetime(2024, 3, 5, 15, tzinfo=UTC), "author": "Ben Brooks", "agency": "EPA"}
    actions.index(
        [
            Document(
                key="discussions.message:1", title="Survey <tools>", text="Which survey tools do you use?",
                url="/communities/customer-experience/discussions/1/", label=f"community:{cop.pk}",
                scope=cop.slug, scope_name=cop.name, **common,
            ),
            Document(
                key="discussions.message:2", title="Survey of websites", text="A survey.",
                url="/communities/web-managers/discussions/1/", label=f"community:{other.pk}",
                scope=other.slug, scope_name=other.name, **common,
            ),
            Document(
                key="communities.community:1", kind="community", title=cop.name, text="We survey.",
                url="/communities/customer-experience/", label="public", scope=cop.slug, scope_name=cop.name,
            ),
        ]
    )  # fmt: skip


def page(client: Client, **asked: str) -> str:
    response = client.get("/search/", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_stranger_finds_only_what_is_public(letters):
    html = page(Client(), q="survey")
    assert "/communities/customer-experience/" in html
    assert "discussions/1/" not in html
    assert ">\n        1 result\n" in html or "1 result" in html


def test_member_finds_the_letters_of_their_community_and_no_other(letters, ben, client_of):
    html = page(client_of(ben), q="survey")
    assert "/communities/customer-experience/discussions/1/" in html
    assert "/communities/web-managers/discussions/1/" not in html


def test_manager_of_another_community_finds_only_theirs(letters, cleo, client_of):
    html = page(client_of(cleo), q="survey")
    assert "/communities/web-managers/discussions/1/" in html
    assert "/communities/customer-experience/discussions/1/" not in html


def test_non_member_cannot_reach_letters_through_filters(letters, eve, client_of):
    for asked in ({"community": "web-managers"}, {"author": "ben"}, {"agency": "epa"}, {"type": "message"}):
        html = page(client_of(eve), **asked)
        assert "discussions/1/" not in html
        assert "Nothing found" in html


def test_public_archive_is_found_by_strangers(letters, cop):
    cop.readers = Readers.PUBLIC
    cop.save()
    assert "/communities/customer-experience/discussions/1/" in page(Client(), q="survey")


def test_hidden_community_is_not_named_to_those_outside(letters, cop, eve, ben, client_of):
    cop.name, cop.is_hidden = "Undercover", True
    cop.save()
    assert "Undercover" not in page(client_of(eve))
    assert "You cannot search in that community" in page(client_of(eve), community=cop.slug)
    assert "Undercover" in page(client_of(ben))


def test_hit_shows_marks_author_agency_and_date_and_escapes_the_rest(letters, ben, client_of):
    html = page(client_of(ben), q="survey")
    assert "<mark>Survey</mark> &lt;tools&gt;" in html
    assert "Ben Brooks" in html
    assert "EPA" in html
    assert "Mar 5, 2024" in html


def test_filters_narrow(letters, ben, client_of):
    client = client_of(ben)
    assert "discussions/1/" in page(client, author="brooks", after="2024-03-05", before="2024-03-05")
    assert "discussions/1/" not in page(client, q="survey", after="2024-03-06")
    assert "discussions/1/" not in page(client, q="survey", type="community")


@pytest.mark.parametrize("field", ["after", "before"])
def test_bad_date_is_told_and_nothing_breaks(letters, field):
    html = page(Client(), q="survey", **{field: "31.02.20245"})
    assert "Write the date as year, month and day" in html


def test_days_the_wrong_way_round_are_told():
    assert "comes before the first one" in page(Client(), after="2024-03-06", before="2024-03-05")


def test_nothing_found_says_what_to_try():
    html = page(Client(), q="xyzzy")
    assert "Nothing found" in html
    assert "Check the spelling" in html
    assert "Sign in" in html


def test_empty_page_asks_for_words_and_shows_no_results():
    html = page(Client())
    assert "Nothing found" not in html
    assert 'for="id_q"' in html


def test_words_come_back_escaped():
    assert "<script>alert(1)" not in page(Client(), q='"><script>alert(1)</script>')


def test_pages_of_results_follow_each_other(cop, ben, client_of):
    actions.index(
        Document(
            key=f"m:{n}", kind="message", title=f"Round {n}", text="word", url=f"/m/{n}/", label=f"community:{cop.pk}"
        )
        for n in range(45)
    )
    client = client_of(ben)
    first, last = page(client, q="round"), page(client, q="round", start="40")
    assert "?q=round&amp;start=20" in first
    assert "Results 41 to 45" in last
    assert "start=60" not in last


@pytest.mark.parametrize("start", ["-1", "x", "99999999999999999999", "²"])
def test_odd_start_does_no_harm(letters, start):
    page(Client(), q="survey", start=start)


def test_page_asks_few_queries_and_keeps_robots_out(letters, ben, client_of, django_assert_max_num_queries):
    client = client_of(ben)
    with django_assert_max_num_queries(10):
        response = client.get("/search/", {"q": "survey"})
    assert response["X-Robots-Tag"] == "noindex"


@pytest.fixture
def typed(cop, ben, ada):
    """Real threads of several types, in the index as their tasks put them there."""
    question = discussions.start(community=cop, subject="QUESTION: Which survey?", body="Zebra one.", by=ben)
    reply = discussions.reply(thread=question.thread, body="Zebra two: the short one.", by=ada)
    job = discussions.start(community=cop, subject="JOB: Analyst", body="Zebra three.", by=ada)
    plain = discussions.start(community=cop, subject="Hello", body="Zebra four.", by=ada)
    index_messages.func([one.pk for one in (question, reply, job, plain)])
    return question, reply


def hits(client: Client, **asked: str) -> int:
    return page(client, q="zebra", **asked).count('<li class="j-result"')


def run_index_thread() -> None:
    for task in DBTaskResult.objects.filter(task_path="junto.discussions.tasks.index_thread"):
        index_thread.func(*task.args_kwargs["args"])


@pytest.mark.parametrize(
    ("kind", "count"), [("", 4), ("message", 4), ("question", 2), ("job", 1), ("summary", 0), ("page", 0)]
)
def test_types_of_discussions_are_found_by_their_type(kind, count, typed, ben, client_of):
    assert hits(client_of(ben), type=kind) == count


def test_answered_questions_are_found_once_they_are_answered_and_no_longer_when_reopened(typed, ben, client_of):
    client, (question, reply) = client_of(ben), typed
    assert hits(client, answered="on") == 0
    discussions.mark_answer(thread=question.thread, message=reply, by=ben)
    run_index_thread()
    assert hits(client, answered="on") == hits(client, answered="on", type="question") == 2
    assert hits(client, type="question") == 2
    assert "j-state--answered" in page(client, q="zebra")
    discussions.unmark_answer(thread=question.thread, by=ben)
    run_index_thread()
    assert hits(client, answered="on") == 0


def test_jobs_that_are_answered_are_told_to_be_none(typed, ben, client_of):
    assert "Only questions have answers" in page(client_of(ben), q="zebra", type="job", answered="on")


def test_links_narrow_the_results_and_say_how_many_are_left(typed, ben, client_of):
    html = page(client_of(ben), q="zebra")
    assert '<a class="usa-link" href="?q=zebra&amp;type=question">Questions</a> (2)' in html
    assert '<a class="usa-link" href="?q=zebra&amp;agency=GSA">GSA</a> (3)' in html
    assert hits(client_of(ben), agency="GSA") == 3
    assert "type=question" not in page(client_of(ben), q="zebra", type="job")


def test_facets_tell_nothing_of_what_one_may_not_read(typed, letters, other, cleo, client_of):
    html = page(client_of(cleo), q="zebra")
    assert "Nothing found" in html
    both = page(client_of(cleo), agency="EPA")
    assert "customer-experience" not in both.partition("Narrow these results")[2].partition("</details>")[0]


def test_a_filter_for_answers_survives_the_next_page(cop, ben, client_of):
    actions.index(
        Document(key=f"m:{n}", kind="message.question.answered", title=f"Round {n}", text="word", url=f"/m/{n}/",
                 label=f"community:{cop.pk}") for n in range(25)
    )  # fmt: skip
    html = page(client_of(ben), q="round", answered="on")
    assert "?q=round&amp;answered=on&amp;start=20" in html


def test_the_browser_suggests_communities_topics_and_agencies_without_scripts(cop, other, ben, client_of):
    Topic.objects.create(slug="plain", title="Plain language")
    Community.objects.filter(pk=other.pk).update(is_hidden=True)
    html = page(client_of(ben))
    words = html.partition('<datalist id="find-words">')[2].partition("</datalist>")[0]
    agencies = html.partition('<datalist id="find-agencies">')[2].partition("</datalist>")[0]
    assert 'value="Customer Experience"' in words
    assert 'value="Plain language"' in words
    assert "Web Managers" not in words
    assert 'value="Environmental Protection Agency"' in agencies
    assert 'list="find-words"' in html
    assert 'list="find-agencies"' in html
