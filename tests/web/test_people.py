"""A person's page, the directory of people, and questions that go by mail, as the cast meets them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from junto.audit.models import Entry
from junto.communities.models import Readers, Zone
from junto.discussions import actions as discussions
from junto.discussions.models import Thread
from junto.discussions.rules import QUESTIONS_A_DAY
from junto.mail.models import Mailing
from junto.people import actions as people
from junto.people.models import Audience, Person, Profile
from junto.people.queries.profiles import PEOPLE_ON_A_PAGE
from tests.conftest import enroll


def _tells(person: Person, audience: str = Audience.COLLEAGUES, **more: object) -> None:
    told = {"helps_with": "Usability tests in Spanish", "about": "I garden.", **more}
    people.set_profile(person=person, told={**told, **{f"{one}_for": audience for one in Profile.FIELDS}}, by=person)


def _page(client, person: Person):
    return client.get(f"/people/{person.pk}/")


def _text(client, path: str) -> str:
    return client.get(path).content.decode()


# The page


def test_a_profile_is_for_members_of_shared_communities_unless_told_otherwise(client, client_of, ada, ben, cleo):
    people.set_profile(person=ben, told={"helps_with": "Usability tests", "time_zone": "America/Chicago"}, by=ben)
    page = _page(client_of(ada), ben).content.decode()
    for told in ("Ben Brooks", "Usability tests", "America/Chicago", "Environmental Protection Agency"):
        assert told in page
    assert "ben@epa.gov" not in page
    assert _page(client_of(cleo), ben).status_code == 404
    assert _page(client, ben).status_code == 404


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        (Audience.NOBODY, {"ben"}),
        (Audience.COLLEAGUES, {"ben", "ada"}),
        (Audience.GOVERNMENT, {"ben", "ada", "cleo"}),
        (Audience.EVERYONE, {"ben", "ada", "cleo", "eve", "stranger"}),
    ],
)
def test_each_field_is_seen_by_whom_it_is_for(audience, seen_by, client, client_of, ada, ben, cleo, eve):
    _tells(ben, audience)
    browsers = {"stranger": client, "ben": client_of(ben), "ada": client_of(ada), "cleo": client_of(cleo)}
    browsers["eve"] = client_of(eve)
    saw = {name for name, browser in browsers.items() if "I garden." in _page(browser, ben).content.decode()}
    assert saw == seen_by
    listed = {name for name, browser in browsers.items() if "Usability" in _text(browser, "/people/")}
    assert listed == seen_by - ({"ben"} if audience == Audience.NOBODY else set())


def test_a_government_address_counts_only_while_its_proof_is_fresh(client_of, ben, cleo):
    _tells(ben, Audience.GOVERNMENT)
    cleo.addresses.update(proved_at=None)
    assert _page(client_of(cleo), ben).status_code == 404


def test_a_closed_page_reads_like_one_that_is_not_there(client, ben):
    closed, absent = _page(client, ben), client.get("/people/999999/")
    assert closed.status_code == absent.status_code == 404
    assert closed.content.decode().count("Ben") == 0


def test_the_page_names_what_both_share_and_nothing_else(client_of, ada, ben, cop, other):
    other.is_hidden = True
    other.save()
    enroll(ben, other)
    page = _page(client_of(ada), ben).content.decode()
    assert "Customer Experience" in page
    assert "Web Managers" not in page


def test_a_concealed_membership_is_shared_with_nobody(client_of, ada, ben):
    _tells(ben)
    assert _page(client_of(ada), ben).status_code == 200
    ben.memberships.update(is_concealed=True)
    assert _page(client_of(ada), ben).status_code == 404
    assert "Usability" not in _text(client_of(ada), "/people/")


def test_public_posts_open_the_page_with_the_name_and_no_more(client, ada, ben, cop):
    cop.readers = Readers.PUBLIC
    cop.save()
    _tells(ben)
    discussions.start(community=cop, subject="How do you measure it?", body="Please tell.", by=ben)
    page = _page(client, ben).content.decode()
    assert "How do you measure it?" in page
    assert "I garden." not in page
    assert "Environmental" not in page


def test_posts_of_a_zone_are_shown_only_inside_it(client, client_of, ada, ben, cop):
    cop.readers = Readers.PUBLIC
    cop.save()
    discussions.start(community=cop, subject="Among federal colleagues", body="Please tell.", by=ben)
    Thread.objects.update(zone=Zone.FEDERAL)
    assert "Among federal" in _page(client_of(ada), ben).content.decode()
    assert _page(client, ben).status_code == 404


def test_names_in_a_discussion_lead_to_the_page(client_of, ada, ben, cop, django_assert_max_num_queries):
    message = discussions.start(community=cop, subject="How do you measure it?", body="Please tell.", by=ben)
    address = message.thread.get_absolute_url()
    client = client_of(ada)
    client.get(address)
    with django_assert_max_num_queries(14) as one:
        page = client.get(address).content.decode()
    assert f'href="/people/{ben.pk}/"' in page
    for number in range(5):
        discussions.reply(thread=message.thread, body=f"More, part {number}.", by=ada)
    with django_assert_max_num_queries(len(one)):
        assert f'href="/people/{ada.pk}/"' in client.get(address).content.decode()


def test_a_page_costs_the_same_however_much_somebody_wrote(client_of, ada, ben, cop, django_assert_max_num_queries):
    _tells(ben)
    for number in range(4):
        discussions.start(community=cop, subject=f"Question {number}?", body="Please tell.", by=ben)
    client = client_of(ada)
    with django_assert_max_num_queries(12):
        assert "Question 3?" in _page(client, ben).content.decode()


# The form


def test_the_form_keeps_what_it_is_told(client_of, ben):
    told = {
        "name": "Ben Brooks", "job_title": "Designer", "helps_with": "Plain language", "learning": "GIS",
        "about": "One line.\r\nAnother.", "time_zone": "America/Denver", "helps_with_for": "everyone",
        "about_for": "nobody", "takes_questions": "on",
    }  # fmt: skip
    assert client_of(ben).post("/me/profile/", told).status_code == 302
    profile = Profile.objects.select_related("person").get(person=ben)
    assert (profile.helps_with, profile.learning, profile.about) == ("Plain language", "GIS", "One line.\nAnother.")
    assert (profile.helps_with_for, profile.about_for, profile.learning_for) == ("everyone", "nobody", "colleagues")
    assert profile.takes_questions
    assert profile.person.time_zone == "America/Denver"
    assert Entry.objects.filter(fact="people.profile.changed", by_id=str(ben.pk)).exists()


def test_the_form_keeps_a_time_zone_that_its_list_lacks(client_of, ben):
    people.set_time_zone(person=ben, time_zone="UTC", by=ben)
    client_of(ben).post("/me/profile/", {"name": "Ben Brooks", "time_zone": "UTC"})
    ben.refresh_from_db()
    assert ben.time_zone == "UTC"


def test_the_form_refuses_an_audience_that_is_none(client_of, ben):
    page = client_of(ben).post("/me/profile/", {"name": "Ben Brooks", "about_for": "the moon"})
    assert page.status_code == 200
    assert not Profile.objects.exists()


# The directory


def test_the_directory_finds_by_words_agency_and_level(client_of, ada, ben, cop):
    _tells(ben)
    client = client_of(ada)
    for found in ("?q=spanish+usability", "?agency=EPA", "?level=federal_executive", "?q=brooks"):
        assert "Ben Brooks" in _text(client, f"/people/{found}"), found
    for other in ("?q=spanish+plumbing", "?agency=GSA", "?level=city", "?state=VT"):
        assert "Nobody matches" in _text(client, f"/people/{other}"), other


def test_the_directory_does_not_find_by_an_agency_that_is_not_shown(client_of, ada, ben):
    _tells(ben)
    Profile.objects.update(agency_for=Audience.NOBODY)
    page = _text(client_of(ada), "/people/")
    assert "Ben Brooks" in page
    assert "Environmental" not in page
    assert "Ben Brooks" not in _text(client_of(ada), "/people/?agency=EPA")
    assert "Ben Brooks" not in _text(client_of(ada), "/people/?level=federal_executive")


def test_who_says_nothing_is_not_in_the_directory(client_of, ada, ben):
    _tells(ben, helps_with="")
    assert "Ben Brooks" not in _text(client_of(ada), "/people/")


def test_the_directory_is_paged_by_name_at_the_same_cost(client, cop, django_assert_max_num_queries):
    everybody = [Person(email=f"p{n}@epa.gov", name=f"Person {n:03}") for n in range(PEOPLE_ON_A_PAGE + 5)]
    Person.objects.bulk_create(everybody)
    Profile.objects.bulk_create(
        Profile(person=one, helps_with="Maps", helps_with_for=Audience.EVERYONE)
        for one in Person.objects.order_by("-name")
    )
    with django_assert_max_num_queries(2):
        first = _text(client, "/people/?q=maps")
    assert first.count("Can help with: Maps") == PEOPLE_ON_A_PAGE
    last = Person.objects.get(name=f"Person {PEOPLE_ON_A_PAGE - 1:03}")
    assert f"?q=maps&amp;after={last.pk}" in first
    with django_assert_max_num_queries(3):
        second = _text(client, f"/people/?q=maps&after={last.pk}")
    assert second.count("Can help with: Maps") == 5
    assert f"Person {PEOPLE_ON_A_PAGE:03}" in second


# A question


def _ask(client, person: Person, **more: str):
    return client.post(f"/people/{person.pk}/question/", {"subject": "Screen readers", "body": "Which one?", **more})


def _questions() -> list[Mailing]:
    return list(Mailing.objects.filter(kind="discussions.private_reply").order_by("pk"))


def test_a_question_goes_by_mail_and_shows_no_address(client_of, ada, ben):
    assert "Ask Ben Brooks" in _page(client_of(ada), ben).content.decode()
    assert _ask(client_of(ada), ben).status_code == 302
    (mailing,) = _questions()
    letter = bytes(mailing.pieces)
    assert b"Which one?" in letter
    assert b"ada@gsa.gov" not in letter
    assert b"ben@epa.gov" not in letter
    assert b"cx-cop.reply." in letter
    assert Entry.objects.filter(fact="discussions.question.asked", by_id=str(ada.pk)).count() == 1


def test_a_question_sent_twice_by_one_button_goes_once(client_of, ada, ben):
    for _ in range(2):
        _ask(client_of(ada), ben, ticket="0123456789abcdef01234567")
    assert len(_questions()) == 1


def test_only_so_many_questions_a_day(client_of, ada, ben):
    for _ in range(QUESTIONS_A_DAY):
        assert _ask(client_of(ada), ben).status_code == 302
    refused = _ask(client_of(ada), ben)
    assert "Ask again tomorrow" in refused.content.decode()
    assert len(_questions()) == QUESTIONS_A_DAY


def test_who_shares_no_community_is_told_how_to_ask(client_of, ben, cleo):
    _tells(ben, Audience.EVERYONE)
    page = _page(client_of(cleo), ben).content.decode()
    assert "You share no community with Ben Brooks" in page
    assert "Ask Ben Brooks a question" not in page
    assert "You share no community" in _ask(client_of(cleo), ben).content.decode()
    assert _questions() == []


def test_who_wants_no_questions_gets_none(client_of, ada, ben):
    _tells(ben, takes_questions=False)
    assert "prefers not to get questions" in _ask(client_of(ada), ben).content.decode()
    assert _questions() == []


def test_a_community_that_has_closed_carries_no_questions(client_of, ada, ben, cop):
    cop.retired_at = cop.created_at
    cop.save()
    assert "You share no community" in _ask(client_of(ada), ben).content.decode()
    assert _questions() == []


def test_a_stranger_signs_in_before_asking(client, ben):
    assert client.get(reverse("web:ask", args=[ben.pk])).status_code == 302
