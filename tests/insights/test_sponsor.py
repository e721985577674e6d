"""The sponsor’s page: what it says, whom it names, and the link that opens it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from junto.audit.models import Entry
from junto.insights import actions, queries
from junto.insights.models import SponsorLink
from junto.kit import tokens
from junto.kit.rulings import Refused
from tests.insights.conftest import ago

PAGE = "/communities/customer-experience/insights/sponsor/"


@pytest.fixture
def told(cop, ada, ben, begin):
    """A community with two answered questions, counted."""
    first = begin(cop, ago(20), (ada, 0), (ben, 2), kind="question")
    second = begin(cop, ago(15), (ben, 0), (ada, 2), (ben, 3), kind="question")
    actions.recount(community=cop, by=None)
    return first, second


@pytest.fixture
def link(cop, ada):
    return actions.make_link(community=cop, by=ada)


def address(link):
    return f"/shown/insights/{tokens.sign(queries.SPONSOR, link.pk)}/"


def test_the_page_has_numbers_in_sentences_charts_and_no_person(cop, ada, told, client_of):
    answer = client_of(ada).get(PAGE)
    sheet = queries.sponsor_sheet(cop)
    assert ("100%", "of questions had an answer from a colleague within seven days.") in sheet.headline
    assert "2 of 2 questions have an answer that every member can find again." in sheet.came_of_it
    assert len(sheet.charts) == 3
    page = answer.content.decode().partition("<main")[2].partition("j-page__aside")[0]
    assert all(words in page for words in ("In short", "What came of it", sheet.headline[0][1]))
    assert "Ben" not in page


def test_only_managers_open_it_without_the_link(cop, ada, ben, told, client_of):
    actions.open_to_members(community=cop, is_open=True, by=ada)
    assert client_of(ben).get(PAGE).status_code == 403


def test_the_link_opens_it_for_ninety_days_and_nobody_finds_it(cop, told, link):
    answer = Client().get(address(link))
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert 'name="robots" content="noindex' in answer.content.decode()
    assert link.expires_at - link.made_at == timedelta(days=90)
    SponsorLink.objects.update(expires_at=timezone.now())
    gone = Client().get(address(link))
    assert (gone.status_code, "This link has expired" in gone.content.decode()) == (410, True)


def test_a_manager_makes_copies_and_withdraws_the_link(cop, ada, told, client_of):
    browser = client_of(ada)
    browser.post(f"{PAGE}link/")
    link = SponsorLink.objects.get()
    assert f'value="http://testserver{address(link)}"' in browser.get(PAGE).content.decode()
    withdrawal = f"{PAGE}links/{link.pk}/withdrawal/"
    assert "stops working at once" in browser.get(withdrawal).content.decode()
    assert Client().get(address(link)).status_code == 200
    browser.post(withdrawal)
    gone = Client().get(address(link))
    assert (gone.status_code, "This link was withdrawn" in gone.content.decode()) == (410, True)
    assert browser.post(withdrawal).status_code == 403
    facts = Entry.objects.filter(fact__startswith="insights.link").order_by("pk").values_list("fact", "by")
    assert list(facts) == [("insights.link.made", "Ada Alvarez"), ("insights.link.withdrawn", "Ada Alvarez")]


def test_a_new_link_ends_the_one_before(cop, ada, link):
    fresh = actions.make_link(community=cop, by=ada)
    assert Client().get(address(link)).status_code == 410
    assert Client().get(address(fresh)).status_code == 200
    assert list(SponsorLink.objects.standing()) == [fresh]


@pytest.mark.parametrize("token", ["1", "1-abc", "zz", "1-00000000000000000000"])
def test_a_wrong_link_opens_nothing(token, link):
    assert Client().get(f"/shown/insights/{token}/").status_code == 404
    assert Client().get(address(link).replace("/shown/insights/", "/shown/insights/0")).status_code == 404
    assert Client().post(address(link)).status_code == 405


def test_only_managers_make_withdraw_and_choose(cop, ben, told, link, client_of):
    for deed in (
        lambda: actions.make_link(community=cop, by=ben),
        lambda: actions.withdraw_link(link=link, by=ben),
        lambda: actions.choose_threads(community=cop, threads=told, by=ben),
    ):
        with pytest.raises(Refused):
            deed()
    assert client_of(ben).post(f"{PAGE}link/").status_code == 403


def test_a_link_of_another_community_cannot_be_withdrawn_here(cop, ada, other, cleo, client_of):
    foreign = actions.make_link(community=other, by=cleo)
    assert client_of(ada).post(f"{PAGE}links/{foreign.pk}/withdrawal/").status_code == 404


def test_a_private_community_names_only_what_a_manager_chose(cop, ada, told, client_of):
    assert queries.sponsor_sheet(cop).named == []
    client_of(ada).post(f"{PAGE}discussions/", {"threads": [told[0].pk]})
    assert queries.sponsor_sheet(cop).named == [told[0].subject]
    told[0].zone = "federal"
    told[0].save()
    assert queries.sponsor_sheet(cop).named == []


def test_a_public_community_names_what_was_most_useful(cop, ada, ben, told, begin):
    cop.readers = "public"
    begin(cop, ago(9), (ada, 0), (ben, 2), zone="federal")
    assert queries.sponsor_sheet(cop).named == [told[1].subject, told[0].subject]
    cop.is_hidden = True
    assert queries.sponsor_sheet(cop).named == []


def test_no_more_than_three_and_none_of_others_are_named(cop, ada, ben, cleo, other, told, begin, client_of):
    more = [begin(cop, ago(9), (ada, 0), (ben, 2)) for _ in range(2)]
    everything = [thread.pk for thread in (*told, *more)]
    answer = client_of(ada).post(f"{PAGE}discussions/", {"threads": everything})
    assert (answer.status_code, "Choose up to 3 discussions." in answer.content.decode()) == (422, True)
    foreign, hidden = begin(other, ago(9), (cleo, 0), (ada, 2)), begin(cop, ago(9), (ada, 0), (ben, 2), zone="federal")
    for thread in (foreign, hidden):
        assert client_of(ada).post(f"{PAGE}discussions/", {"threads": [thread.pk]}).status_code == 422
    sheet = actions.choose_threads(community=cop, threads=[foreign, hidden, told[0]], by=ada)
    assert list(sheet.threads.all()) == [told[0]]


def test_what_was_never_counted_says_so(cop, ada, link, client_of):
    assert "Look at the insights first" in client_of(ada).get(PAGE).content.decode()
    assert "Open this link again tomorrow" in Client().get(address(link)).content.decode()


def test_looking_by_the_link_costs_few_queries_and_changes_nothing(cop, told, link, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        Client().get(address(link))
