"""Settings in plain words, told and undone; the team; closing."""

import pytest
from tests.conftest import enroll

from junto.communities.forms import GROUPS
from junto.communities.models import Community, Deed, Membership, Role
from junto.people.models import Person

DESK = "/communities/customer-experience/manage/"


@pytest.mark.parametrize("group", [one.key for one in GROUPS])
def test_each_group_of_settings_has_a_page_and_saving_it_as_it_is_changes_nothing(group, cop, ada, client_of):
    client = client_of(ada)
    page = client.get(f"{DESK}settings/{group}/")
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields}
    answer = client.post(f"{DESK}settings/{group}/", {name: value for name, value in typed.items() if value})
    assert answer.status_code == 302
    assert not Deed.objects.exists()


def test_a_change_is_told_in_words_and_undone_from_the_notice(cop, ada, client_of):
    client = client_of(ada)
    answer = client.post(f"{DESK}settings/moderation/", {"moderation": "first", "asks_before_short_posts": "on"})
    page = client.get(answer["Location"]).content.decode()
    assert "From now on first posts of new members wait for you." in page
    assert "Undo" in page
    client.post(f"{DESK}deeds/{Deed.objects.get().pk}/undoing/")
    cop.refresh_from_db()
    assert cop.moderation == "none"


REACH = f"{DESK}reach/"


def test_how_far_posts_go_is_told_in_words_and_undone(cop, other, ada, client_of):
    enroll(ada, other, Role.MANAGER)
    client = client_of(ada)
    assert "what has gone out meanwhile stays" in client.get(REACH).content.decode()
    answer = client.post(REACH, {"default_zone": "federal", "has_zones": "on", "feeds": [str(other.pk)]})
    page = client.get(answer["Location"]).content.decode()
    for words in ("to federal employees only.", "authors may name a zone", "also goes to: Web Managers.", "Undo"):
        assert words in page
    assert "to federal employees only." in client.get(DESK).content.decode()
    undone = client.post(f"{DESK}deeds/{Deed.objects.get().pk}/undoing/", follow=True)
    assert "What went out meanwhile has gone" in undone.content.decode()
    cop.refresh_from_db()
    assert (cop.default_zone, cop.has_zones, list(cop.feeds.all())) == ("public", False, [])


def test_how_far_posts_go_is_not_put_back_over_a_later_change(cop, ada, ben, client_of):
    Membership.objects.filter(person=ben).update(role=Role.MANAGER)
    client_of(ada).post(REACH, {"default_zone": "intergov"})
    first = Deed.objects.get()
    client_of(ben).post(REACH, {"default_zone": "federal"})
    answer = client_of(ada).post(f"{DESK}deeds/{first.pk}/undoing/")
    assert "was changed again since" in answer.content.decode()
    cop.refresh_from_db()
    first.refresh_from_db()
    assert (cop.default_zone, first.undone_at) == ("federal", None)
    client_of(ben).post(f"{DESK}deeds/{Deed.objects.latest('pk').pk}/undoing/")
    client_of(ada).post(f"{DESK}deeds/{first.pk}/undoing/")
    cop.refresh_from_db()
    assert cop.default_zone == "public"


def test_saving_how_far_posts_go_as_it_is_changes_nothing(cop, ada, client_of):
    answer = client_of(ada).post(REACH, {"default_zone": "public"}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not Deed.objects.exists()


def test_nobody_leads_posts_again_into_a_list_that_they_no_longer_manage(cop, other, ada, ben, client_of):
    membership = enroll(ada, other, Role.MANAGER)
    client_of(ada).post(REACH, {"default_zone": "public", "feeds": [str(other.pk)]})
    client_of(ada).post(REACH, {"default_zone": "public"})
    Membership.objects.filter(pk=membership.pk).update(role=Role.MEMBER)
    client_of(ada).post(f"{DESK}deeds/{Deed.objects.latest('pk').pk}/undoing/")
    assert not cop.feeds.exists()


def test_the_safe_choice_is_marked(cop, ada, client_of):
    page = client_of(ada).get(f"{DESK}settings/reading/").content.decode()
    assert "recommended" in page
    assert "search engines find it" in page


def test_what_was_set_by_hand_stays_a_choice(cop, ada, client_of):
    Community.objects.update(largest_post=3_000_000)
    client = client_of(ada)
    assert "As it is now: 3000000" in client.get(f"{DESK}settings/posting/").content.decode()
    client.post(f"{DESK}settings/posting/", {"reply_to": "list", "largest_post": "3000000"})
    cop.refresh_from_db()
    assert (cop.reply_to, cop.largest_post) == ("list", 3_000_000)


def test_a_group_that_does_not_exist_is_not_found(cop, ada, client_of):
    assert client_of(ada).get(f"{DESK}settings/nonsense/").status_code == 404


def test_closing_asks_for_the_name_and_only_staff_opens_again(cop, ada, client_of):
    client = client_of(ada)
    assert client.post(f"{DESK}closing/", {"name": "Something"}).status_code == 422
    client.post(f"{DESK}closing/", {"name": "customer  experience"})
    cop.refresh_from_db()
    assert cop.retired_at is not None
    assert client.post(f"{DESK}reopening/").status_code == 403
    hal = Person.objects.create(email="hal@gsa.gov", is_staff=True)
    client_of(hal).post(f"{DESK}reopening/")
    cop.refresh_from_db()
    assert cop.retired_at is None


def test_a_role_is_given_by_address_and_the_last_manager_stays(cop, ada, ben, client_of, post):
    client = client_of(ada)
    assert client.post(f"{DESK}team/", {"email": "nobody@epa.gov", "role": "moderator"}).status_code == 422
    assert client.post(f"{DESK}team/", {"email": "BEN@epa.gov", "role": "moderator"}).status_code == 302
    assert Membership.objects.get(person=ben).role == Role.MODERATOR
    answer = client.post(f"{DESK}team/", {"email": "ada@gsa.gov", "role": "moderator"})
    assert "always has a manager" in answer.content.decode()


def test_a_moderator_sees_their_own_ways_only(cop, ada, ben, client_of):
    Membership.objects.filter(person=ben).update(role=Role.MODERATOR)
    page = client_of(ben).get("/communities/customer-experience/discussions/held/").content.decode()
    assert f"{DESK}conduct/" in page
    assert f"{DESK}settings/" not in page
