"""Photos, people in the search, what the search suggests, the directory of members, and an address that goes."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from junto.audit.models import Entry
from junto.communities.models import Membership, Policy, Topic
from junto.discussions import actions as discussions
from junto.discussions.tasks import index_messages
from junto.people import actions as people
from junto.people import indexing
from junto.people.models import Address, Audience, Person, Profile
from tests.conftest import enroll

pytestmark = pytest.mark.django_db
MEMBERS = "/communities/customer-experience/members/"


def _picture(width: int = 600, height: int = 400) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "JPEG", exif=b"Exif\x00\x00secret")
    return file.getvalue()


def _tells(person: Person, audience: str, **told: object) -> None:
    told = {"helps_with": "Usability zebra tests", **told}
    people.set_profile(
        person=person, told={**told, **{f"{one}_for": audience for one in Profile.WITH_AUDIENCE}}, by=person
    )
    indexing.reindex([person.pk])


def _upload(client, content: bytes, **more: str):
    told = {"name": "Ben Brooks", "photo": SimpleUploadedFile("me.jpg", content, "image/jpeg"), **more}
    return client.post("/me/profile/", told)


# Photos


def test_a_photo_is_cut_square_drawn_anew_and_stands_beside_the_name(client_of, ada, ben):
    assert _upload(client_of(ben), _picture()).status_code == 302
    ben.refresh_from_db()
    answer = client_of(ada).get(ben.photo_for_colleagues)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert Image.open(BytesIO(answer.content)).size == (256, 256)
    assert b"secret" not in answer.content
    assert ben.photo_for_colleagues in client_of(ada).get(MEMBERS).content.decode()
    assert Entry.objects.filter(fact="people.photo.set").exists()


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        (Audience.NOBODY, {"ben"}),
        (Audience.COLLEAGUES, {"ben", "ada"}),
        (Audience.GOVERNMENT, {"ben", "ada", "cleo"}),
        (Audience.EVERYONE, {"ben", "ada", "cleo", "eve", "stranger"}),
    ],
)
def test_a_photo_is_seen_by_whom_it_is_for(audience, seen_by, client, client_of, ada, ben, cleo, eve):
    people.set_photo(person=ben, content=_picture(), by=ben)
    people.set_profile(person=ben, told={"photo_for": audience}, by=ben)
    browsers = {"stranger": client, "ben": client_of(ben), "ada": client_of(ada), "cleo": client_of(cleo)}
    browsers["eve"] = client_of(eve)
    saw = {name for name, one in browsers.items() if one.get(f"/people/{ben.pk}/photo/").status_code == 200}
    assert saw == seen_by
    ben.refresh_from_db()
    assert bool(ben.photo_url) == (audience == Audience.EVERYONE)
    assert bool(ben.photo_for_colleagues) == (audience != Audience.NOBODY)


def test_what_is_no_picture_is_told_and_changes_nothing(client_of, ben):
    page = _upload(client_of(ben), b"%PDF-1.7", job_title="Changed").content.decode()
    assert "This is no PNG, JPEG, WebP or GIF picture" in page
    assert Person.objects.get(pk=ben.pk).job_title == ""


def test_a_photo_is_removed_and_initials_stand_again(client_of, ben):
    client = client_of(ben)
    _upload(client, _picture())
    client.post("/me/profile/", {"name": "Ben Brooks", "removes_photo": "on"})
    ben.refresh_from_db()
    assert ben.photo_mark == ""
    assert client.get(f"/people/{ben.pk}/photo/").status_code == 404


def test_nobody_sets_the_photo_of_another(ben, eve):
    from junto.kit.rulings import Refused

    with pytest.raises(Refused):
        people.set_photo(person=ben, content=_picture(), by=eve)
    with pytest.raises(Refused):
        people.remove_photo(person=ben, by=eve)


# The form and its preview


def test_a_preview_shows_ones_page_as_others_see_it(client_of, ben):
    _tells(ben, Audience.GOVERNMENT)
    client = client_of(ben)
    page = f"/people/{ben.pk}/"
    assert "zebra" in client.get(page + "?as=government").content.decode()
    assert "zebra" in client.get(page + "?as=colleagues").content.decode()
    assert "zebra" not in client.get(page + "?as=everyone").content.decode()


def test_a_preview_of_anothers_page_is_the_page(client_of, ada, ben):
    _tells(ben, Audience.NOBODY)
    assert "zebra" not in client_of(ada).get(f"/people/{ben.pk}/?as=nobody").content.decode()
    assert "zebra" not in client_of(ada).get(f"/people/{ben.pk}/?as=colleagues").content.decode()


def test_the_form_comes_in_groups_with_an_audience_beside_each_field(client_of, ben):
    page = client_of(ben).get("/me/profile/").content.decode()
    for words in ("Who I am", "What I can help with and want to learn", "How to reach me", "Who sees your photo"):
        assert words in page
    assert page.count("<legend") == 4


# People in the search


@pytest.mark.parametrize(
    ("audience", "found_by"),
    [
        (Audience.NOBODY, set()),
        (Audience.COLLEAGUES, {"ada"}),
        (Audience.GOVERNMENT, {"ada", "cleo"}),
        (Audience.EVERYONE, {"ada", "cleo", "eve", "stranger"}),
    ],
)
def test_people_are_found_by_whom_they_tell(audience, found_by, client, client_of, ada, ben, cleo, eve):
    _tells(ben, audience)
    browsers = {"stranger": client, "ada": client_of(ada), "cleo": client_of(cleo), "eve": client_of(eve)}
    for asked in ("?q=zebra", "?q=zebra&type=person"):
        found = {
            name
            for name, one in browsers.items()
            if f"/people/{ben.pk}/" in one.get(f"/search/{asked}").content.decode()
        }
        assert found == found_by
        for one in browsers.values():
            assert one.get(f"/search/{asked}").content.decode().count(f'href="/people/{ben.pk}/"') <= 1


def test_whoever_conceals_themselves_or_leaves_is_no_longer_found(client_of, ada, ben):
    _tells(ben, Audience.COLLEAGUES)
    client = client_of(ada)
    assert f"/people/{ben.pk}/" in client.get("/search/?q=zebra").content.decode()
    ben.memberships.update(is_concealed=True)
    assert f"/people/{ben.pk}/" not in client.get("/search/?q=zebra").content.decode()
    ben.memberships.update(is_concealed=False, state="left", ended_at=timezone.now())
    assert f"/people/{ben.pk}/" not in client.get("/search/?q=zebra").content.decode()


def test_a_closed_account_leaves_the_index(client, ben):
    _tells(ben, Audience.EVERYONE)
    people.close_account(person=ben, keeps_name=True, frees_addresses=True, by=ben)
    indexing.reindex([ben.pk])
    assert "/people/" not in client.get("/search/?q=zebra&type=person").content.decode().partition("<h1>")[2].replace(
        'href="/people/"', ""
    )


def test_a_filter_that_is_set_has_a_tag_that_takes_it_off(client_of, ada, ben):
    _tells(ben, Audience.COLLEAGUES)
    page = client_of(ada).get("/search/?q=zebra&type=person&agency=epa").content.decode()
    assert 'href="?q=zebra&amp;type=person"' in page
    assert 'href="?q=zebra&amp;agency=epa"' in page


# What the search suggests


@pytest.fixture
def said(cop, ada, ben):
    """A discussion that is in the index, a topic, and Ben, who tells his colleagues of himself."""
    message = discussions.start(community=cop, subject="QUESTION: Which zebra survey?", body="Please tell.", by=ada)
    index_messages.func([message.pk])
    Topic.objects.create(slug="zebras", title="Zebras")
    _tells(ben, Audience.COLLEAGUES)
    return message


def _lines(client, words: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["name"]) for one in client.get("/search/suggestions/", {"q": words}).json()["lines"]]


def test_suggestions_name_communities_discussions_people_and_words(said, client_of, ada):
    client = client_of(ada)
    assert ("Discussion", "Which zebra survey?") in _lines(client, "zeb")
    assert ("Search for", "Zebras") in _lines(client, "zeb")
    assert ("Community", "Customer Experience") in _lines(client, "custom")
    assert _lines(client, "ben br") == [("Person", "Ben Brooks")]
    assert _lines(client, "z") == []


def test_suggestions_tell_nobody_what_they_may_not_see(said, client, client_of, cop, cleo, eve):
    cop.is_hidden = True
    cop.save()
    for one in (client, client_of(eve), client_of(cleo)):
        assert _lines(one, "zeb") == [("Search for", "Zebras")]
        assert _lines(one, "custom") == _lines(one, "ben") == []


def test_suggestions_cost_five_queries_beside_signing_in(said, client, client_of, ben, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        client.get("/search/suggestions/?q=zeb")
    signed_in = client_of(ben)
    with django_assert_max_num_queries(2 + 5):
        signed_in.get("/search/suggestions/?q=zeb")


@pytest.mark.parametrize("words", ["*", '"', "-", "a'b OR (", "-zeb ra", "{title} : x", "x" * 500])
def test_any_words_can_be_typed(words, said, client_of, ada):
    assert client_of(ada).get("/search/suggestions/", {"q": words}).status_code == 200


# The directory of members


def test_members_are_found_by_name_expertise_agency_and_level(client_of, ada, ben):
    _tells(ben, Audience.COLLEAGUES)
    client = client_of(ada)
    for asked in ("q=brooks", "helps=zebra", "agency=epa", "agency=Protection", "level=federal_executive&q=ben"):
        page = client.get(f"{MEMBERS}?{asked}").content.decode()
        assert f'href="/people/{ben.pk}/"' in page, asked
    assert "Usability zebra tests" in page
    assert f'href="/people/{ben.pk}/question/"' in page
    for asked in ("q=nobody", "helps=other", "agency=va", "level=city"):
        assert "Nobody matches" in client.get(f"{MEMBERS}?{asked}").content.decode(), asked


def test_the_directory_tells_nothing_that_the_profile_hides(client_of, ada, ben):
    _tells(ben, Audience.NOBODY)
    page = client_of(ada).get(MEMBERS).content.decode()
    assert "Ben Brooks" in page
    assert "zebra" not in page
    assert "Nobody matches" in client_of(ada).get(f"{MEMBERS}?helps=zebra").content.decode()


def test_who_is_concealed_is_not_found_by_what_they_help_with(client_of, ada, ben, cop, cleo):
    _tells(ben, Audience.COLLEAGUES)
    ben.memberships.update(is_concealed=True)
    enroll(cleo, cop)
    for person in (ada, cleo):
        assert "Nobody matches" in client_of(person).get(f"{MEMBERS}?helps=zebra").content.decode()
    assert "Ben Brooks" not in client_of(cleo).get(MEMBERS).content.decode()
    assert "Ben Brooks" in client_of(ada).get(MEMBERS).content.decode()


@pytest.mark.parametrize("path", [MEMBERS, "/people/"])
def test_a_directory_of_fifty_costs_ten_queries(path, client_of, ada, cop, django_assert_max_num_queries):
    for number in range(50):
        one = Person.objects.create(email=f"p{number}@epa.gov", name=f"Person {number}", agency=ada.agency)
        Address.objects.create(person=one, email=one.email)
        enroll(one, cop)
        Profile.objects.create(person=one, helps_with="Zebras", photo_key="ab/cd/0123456789", photo_type="image/png")
    client = client_of(ada)
    with django_assert_max_num_queries(10):
        assert "Zebras" in client.get(path).content.decode()


# An address that goes


@pytest.fixture
def home_address(ben):
    return Address.objects.create(
        person=ben, email="brooks@epa.gov", proved_at=timezone.now(), agency=ben.agency, level=ben.agency.level
    )


def _removal(address: Address) -> str:
    return f"/me/addresses/{address.pk}/removal/"


def test_an_address_goes_after_a_page_that_asks(client_of, ben, home_address):
    client = client_of(ben)
    assert "Remove brooks@epa.gov?" in client.get(_removal(home_address)).content.decode()
    assert client.post(_removal(home_address)).url == "/me/"
    assert not Address.objects.filter(email="brooks@epa.gov").exists()
    assert Entry.objects.filter(fact="people.address.removed").exists()


def test_the_address_that_mail_goes_to_first_stays(client_of, ben, home_address):
    first = ben.addresses.get(email=ben.email)
    page = client_of(ben).post(_removal(first)).content.decode()
    assert "Choose another one for that" in page
    assert ben.addresses.count() == 2


def test_memberships_are_moved_before_their_address_goes(client_of, ben, home_address):
    client, old = client_of(ben), ben.addresses.get(email=ben.email)
    people.prefer(address=home_address, by=ben)
    assert "One community writes to this address" in client.get(_removal(old)).content.decode()
    client.post(_removal(old))
    assert Address.objects.filter(pk=old.pk).exists()
    assert client.post(_removal(old), {"to": home_address.pk}).url == _removal(old)
    assert ben.memberships.get().address == home_address
    assert Entry.objects.filter(fact="communities.member.moved").exists()
    client.post(_removal(old))
    assert not Address.objects.filter(pk=old.pk).exists()


def test_a_membership_over_keeps_the_row_and_not_the_address(client_of, ben, home_address):
    old = ben.addresses.get(email=ben.email)
    Membership.objects.filter(person=ben).update(state="left", ended_at=timezone.now())
    people.prefer(address=home_address, by=ben)
    client_of(ben).post(_removal(old))
    assert Address.objects.get(pk=old.pk).email.endswith("@left.invalid")


def test_a_community_for_government_is_not_moved_to_another_address(client_of, ben, cop):
    cop.policy = Policy.GOVERNMENT
    cop.save()
    from junto.people.models import Domain

    Domain.objects.create(name="epa.gov", agency=ben.agency, level=ben.agency.level)
    outside = Address.objects.create(person=ben, email="ben@home.example.org", proved_at=timezone.now())
    old = ben.addresses.get(email="ben@epa.gov")
    people.prefer(address=outside, by=ben)
    page = client_of(ben).post(_removal(old), {"to": outside.pk}).content.decode()
    assert "does not admit ben@home.example.org" in page
    assert ben.memberships.get().address == old


def test_whoever_was_removed_somewhere_keeps_their_addresses(client_of, ben, home_address, other):
    membership = enroll(ben, other)
    Membership.objects.filter(pk=membership.pk).update(state="removed", ended_at=timezone.now())
    assert "Your addresses stay with your account" in client_of(ben).post(_removal(home_address)).content.decode()
    assert Address.objects.filter(pk=home_address.pk).exists()


def test_an_address_of_somebody_else_is_not_there(client_of, ada, home_address):
    assert client_of(ada).post(_removal(home_address)).status_code == 404
    assert Address.objects.filter(pk=home_address.pk).exists()
