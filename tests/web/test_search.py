"""The search page: what it shows, to whom, and what it says when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from junto.communities.models import Readers
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
    with django_assert_max_num_queries(8):
        response = client.get("/search/", {"q": "survey"})
    assert response["X-Robots-Tag"] == "noindex"
