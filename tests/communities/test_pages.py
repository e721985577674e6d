from datetime import timedelta

import pytest
from django.utils import timezone

from junto.communities.models import (
    Community,
    Membership,
    OldAddress,
    Page,
    Readers,
    ResourceLink,
    Role,
    State,
    Topic,
)
from junto.people.models import Address, Person


def _get(client, url, **query):
    return client.get(url, query)


def test_the_directory_names_visible_communities_with_their_members(client, cop, ada, ben, other):
    page = _get(client, "/communities/").content.decode()
    assert "Customer Experience" in page
    assert "Web Managers" in page
    assert "2 members" in page
    assert "1 member<" in page


def test_the_directory_leaves_out_hidden_and_closed_communities(client, cop, other):
    Community.objects.filter(pk=cop.pk).update(is_hidden=True)
    Community.objects.filter(pk=other.pk).update(retired_at=timezone.now())
    page = _get(client, "/communities/").content.decode()
    assert "Customer Experience" not in page
    assert "Web Managers" not in page
    assert "No communities yet" in page


@pytest.mark.parametrize("words", ["experience", "CX-COP", "improve service", "usability"])
def test_the_directory_finds_by_name_summary_and_topic(client, cop, other, words):
    cop.topics.add(Topic.objects.create(slug="usability", title="Usability"))
    page = _get(client, "/communities/", q=words).content.decode()
    assert "Customer Experience" in page
    assert "Web Managers" not in page


def test_the_directory_filters_by_topic_and_says_when_nothing_matches(client, cop, other):
    cop.topics.add(Topic.objects.create(slug="usability", title="Usability"))
    page = _get(client, "/communities/", topic="usability").content.decode()
    assert "Web Managers" not in page
    assert "No community matches" in _get(client, "/communities/", q="zebra").content.decode()
    assert "No community matches" in _get(client, "/communities/", topic="no-such").content.decode()


def test_the_directory_asks_the_database_a_few_times_however_many_there_are(client, django_assert_max_num_queries):
    topic = Topic.objects.create(slug="a", title="A")
    for number in range(30):
        community = Community.objects.create(
            slug=f"c-{number}", name=f"Community {number}", list_name=f"c-{number}", list_id=f"c-{number}.x"
        )
        community.topics.add(topic)
    with django_assert_max_num_queries(5):
        _get(client, "/communities/", q="community", topic="a")


def test_odd_page_numbers_do_no_harm(client, cop):
    for odd in ("-1", "0", "x", "999999999999999999999", "²"):
        assert _get(client, "/communities/", page=odd).status_code == 200


def test_the_front_page_tells_a_stranger_what_it_is_and_how_to_join(client, cop, ada, ben):
    cop.sponsor, cop.description_html, cop.terms = "GSA", "<p>We make forms shorter.</p>", "Bring a question."
    cop.save()
    ResourceLink.objects.create(community=cop, title="Toolkit", url="https://example.gov/toolkit")
    page = client.get("/communities/customer-experience/").content.decode()
    for words in (
        "We make forms shorter.",
        "Bring a question.",
        "Sponsor and managers",
        "Toolkit",
        "government employees of all levels",
        "cx-cop-subscribe-request@lists.example.gov",
        "cx-cop-request@lists.example.gov",
        "Ada Alvarez",
        "<strong>2</strong> members from <strong>2</strong> agencies",
        "Federal, executive branch",
    ):
        assert words in page, words
    assert "ada@gsa.gov" not in page
    assert "ben@epa.gov" not in page


def test_the_front_page_knows_who_looks(client_of, cop, ada, ben, cleo, eve):
    address = "/communities/customer-experience/"
    assert "You are a member" in client_of(ben).get(address).content.decode()
    assert "You can join at once." in client_of(cleo).get(address).content.decode()
    assert "A manager decides" in client_of(eve).get(address).content.decode()
    assert "/manage/" in client_of(ada).get(address).content.decode()
    assert "/manage/" not in client_of(ben).get(address).content.decode()


def test_the_front_page_stays_within_its_queries(client_of, cop, ada, ben, django_assert_max_num_queries):
    client = client_of(ben)
    with django_assert_max_num_queries(13):
        client.get("/communities/customer-experience/")


def test_a_page_elsewhere_is_named_and_nobody_is_sent_away(client, cop):
    cop.redirect_to = "https://www.example.gov/cx"
    cop.save()
    answer = client.get("/communities/customer-experience/")
    assert answer.status_code == 200
    assert "This community’s page is elsewhere" in answer.content.decode()


def test_an_old_address_answers_301(client, cop, other):
    OldAddress.objects.create(community=cop, path="/communities/cx/")
    answer = client.get("/communities/cx/")
    assert answer.status_code == 301
    assert answer["Location"] == "/communities/customer-experience/"
    assert client.get("/communities/no-such/").status_code == 404


def test_an_old_address_of_a_hidden_community_is_not_there(client, hidden):
    OldAddress.objects.create(community=hidden, path="/communities/cx/")
    assert client.get("/communities/cx/").status_code == 404


HIDDEN_PAGES = [
    "",
    "join/",
    "leave/",
    "members/",
    "manage/",
    "manage/page/",
    "manage/resources/",
    "manage/pages/new/",
    "pages/about/",
]


@pytest.mark.parametrize("path", HIDDEN_PAGES)
def test_every_page_of_a_hidden_community_answers_404_to_who_is_no_member(client_of, hidden, ada, cleo, other, path):
    Page.objects.create(community=hidden, slug="about", title="About")
    assert client_of(cleo).get(f"/communities/customer-experience/{path}").status_code == 404
    answer = client_of(ada).get(f"/communities/customer-experience/{path}")
    assert answer.status_code in (200, 302), path


def test_a_sub_page_is_shown_and_a_missing_one_is_404(client, cop):
    Page.objects.create(community=cop, slug="about", title="About us", body_html="<p>Since 2008.</p>")
    assert "Since 2008." in client.get("/communities/customer-experience/pages/about/").content.decode()
    assert client.get("/communities/customer-experience/pages/nothing/").status_code == 404


def test_members_see_names_and_agencies_and_never_addresses(client_of, cop, ada, ben):
    page = client_of(ben).get("/communities/customer-experience/members/").content.decode()
    assert "Ada Alvarez" in page
    assert "GSA" in page
    assert "@" not in page.partition("<h1>")[2]


def test_managers_see_addresses_and_find_by_them(client_of, cop, ada, ben):
    client = client_of(ada)
    assert "ben@epa.gov" in client.get("/communities/customer-experience/members/").content.decode()
    page = client.get("/communities/customer-experience/members/?q=ben@epa").content.decode()
    assert "Ben Brooks" in page
    assert "ada@gsa.gov" not in page


def test_members_cannot_find_by_address(client_of, cop, ada, ben):
    page = client_of(ben).get("/communities/customer-experience/members/?q=ada@gsa").content.decode()
    assert "Nobody matches" in page


def test_who_is_no_member_may_not_see_members(client, client_of, cop, ada, cleo, eve, other):
    address = "/communities/customer-experience/members/"
    assert client.get(address).status_code == 302
    for person in (cleo, eve):
        assert client_of(person).get(address).status_code == 403


def test_members_are_paged_by_key_in_few_queries(client_of, cop, ada, django_assert_max_num_queries):
    for number in range(120):
        person = Person.objects.create(email=f"p{number}@epa.gov", name=f"Person {number}")
        address = Address.objects.create(person=person, email=person.email)
        Membership.objects.create(community=cop, person=person, address=address, joined_at=timezone.now())
    client, seen, query = client_of(ada), set(), ""
    for _ in range(3):
        with django_assert_max_num_queries(8):
            answer = client.get(f"/communities/customer-experience/members/{query}")
        found = answer.context["found"]
        assert not seen & {one.membership.pk for one in found.members}
        seen |= {one.membership.pk for one in found.members}
        query = answer.context["older"]
    assert len(seen) == 121
    assert query == ""


def test_numbers_count_active_members_only(client, cop, ada, ben):
    Membership.objects.filter(person=ben).update(state=State.LEFT, ended_at=timezone.now() - timedelta(days=1))
    page = client.get("/communities/customer-experience/").content.decode()
    assert "<strong>1</strong> member from <strong>1</strong> agency" in page


def test_readable_communities_are_those_that_may_be_read(cop, ada, ben, cleo, eve, other):
    from junto.communities import queries

    assert queries.readable_ids(None) == set()
    assert queries.readable_ids(ben) == {cop.pk}
    assert queries.readable_ids(cleo) == {other.pk}
    Community.objects.filter(pk=cop.pk).update(readers=Readers.GOVERNMENT)
    assert queries.readable_ids(cleo) == {other.pk, cop.pk}
    assert queries.readable_ids(eve) == set()
    Community.objects.filter(pk=cop.pk).update(readers=Readers.PUBLIC)
    assert queries.readable_ids(None) == {cop.pk}
    Community.objects.filter(pk=cop.pk).update(is_hidden=True)
    assert queries.readable_ids(None) == set()
    eve.is_staff = True
    assert queries.readable_ids(eve) == {other.pk, cop.pk}


def test_a_moderator_is_told_apart_on_the_members_page(client_of, cop, ada, ben):
    Membership.objects.filter(person=ben).update(role=Role.MODERATOR)
    assert "Moderator" in client_of(ben).get("/communities/customer-experience/members/").content.decode()


def _names(client, **asked):
    return [one.name for one in _get(client, "/communities/", **asked).context["found"].communities]


def test_the_directory_shows_what_is_open_to_the_reader_and_where_they_belong(client, client_of, cop, other, ben, eve):
    Community.objects.filter(pk=cop.pk).update(policy="federal")
    Community.objects.filter(pk=other.pk).update(policy="open")
    assert _names(client_of(eve), open="1") == ["Web Managers"]
    page = _get(client_of(ben), "/communities/").content.decode()
    assert "You are a member" in page
    assert "Open to you" in page
    assert "Open to me" not in _get(client, "/communities/").content.decode()
    assert _names(client, open="1") == ["Customer Experience", "Web Managers"]


def test_the_directory_filters_by_who_may_join_and_sorts(client, cop, ada, ben, other):
    Community.objects.filter(pk=other.pk).update(policy="open", created_at=timezone.now() + timedelta(days=1))
    assert _names(client, policy="open") == ["Web Managers"]
    assert _names(client, policy="nonsense", sort="nonsense") == ["Customer Experience", "Web Managers"]
    assert _names(client, sort="members") == ["Customer Experience", "Web Managers"]
    assert _names(client, sort="newest") == ["Web Managers", "Customer Experience"]
    page = _get(client, "/communities/", policy="invitation").content.decode()
    assert "No community matches" in page


def test_the_front_page_counts_members_by_level_and_state_once_for_five_minutes(client, settings, cop, ada, ben):
    from django.core.cache import cache

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    Address.objects.filter(person=ben).update(level="state", state="OH")
    first = client.get("/communities/customer-experience/")
    assert first.context["reach"].numbers.states == {"OH": 1}
    page = first.content.decode()
    assert "Members by level of government" in page
    assert "Ohio (OH)" in page
    assert "is not on the map" in page
    Membership.objects.filter(person=ben).update(state=State.LEFT)
    assert client.get("/communities/customer-experience/").context["reach"].numbers.members == 2
    cache.clear()
    assert client.get("/communities/customer-experience/").context["reach"].numbers.members == 1
    cache.clear()


def test_the_join_panel_knows_a_stranger_from_somebody_who_waits_or_is_blocked(client, client_of, cop, eve):
    from junto.people.models import DomainRule

    address = "/communities/customer-experience/"
    page = client.get(address).content.decode()
    assert "A member already?" in page
    assert "?next=/communities/customer-experience/" in page
    assert "Ask to join" in client_of(eve).get(address).content.decode()
    DomainRule.objects.create(pattern="mail.example.com", verdict="block", note="A throw-away domain.")
    blocked = client_of(eve).get(address).content.decode()
    assert "You cannot join with this address" in blocked
    assert "Ask to join" not in blocked
    Membership.objects.create(community=cop, person=eve, address=eve.addresses.get(), state=State.WAITING)
    assert "Your request waits for a manager" in client_of(eve).get(address).content.decode()
