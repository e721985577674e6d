from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.utils import timezone

from junto.communities import actions
from junto.communities.models import Confirmation, Delivery, Membership, State
from junto.communities.queries import CONFIRMATION_SCOPE, MEMBERSHIP_SCOPE
from junto.kit import tokens

ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


@pytest.fixture
def browser():
    """A browser with no cookies that insists on CSRF tokens, as a mail program's POST meets it."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def ref(cop, ada, ben):
    return tokens.sign(MEMBERSHIP_SCOPE, Membership.objects.get(person=ben).pk)


@pytest.fixture
def asked(cop, ada, cleo):
    return actions.ask(community=cop, wish="join", email=cleo.email, name="Cleo Chen", by=None)


def _token(confirmation):
    return tokens.sign(CONFIRMATION_SCOPE, confirmation.pk)


def _everything():
    rooms = ("communities", "people", "audit", "mail")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {model: serializers.serialize("json", model.objects.order_by("pk")) for model in models}


def test_a_scanners_get_and_head_change_nothing(browser, ref, asked, cop, post):
    expired = Confirmation.objects.create(
        community=cop, wish="leave", email="ben@epa.gov", expires_at=timezone.now() - timedelta(days=1)
    )
    paths = [f"/delivery/{ref}/", f"/unsubscribe/{ref}/", f"/confirm/{_token(asked)}/", f"/confirm/{_token(expired)}/"]
    before = _everything()
    for path in paths:
        for _ in range(2):
            assert browser.get(path).status_code == 200
            assert browser.head(path).status_code == 200
    assert _everything() == before
    assert not post.sent


def test_a_one_click_post_leaves_this_list_only_at_once(browser, ref, ben, other, post):
    from tests.conftest import enroll

    elsewhere = enroll(ben, other)
    answer = browser.post(f"/unsubscribe/{ref}/", **ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    assert Membership.objects.get(person=ben, community__slug="customer-experience").state == State.LEFT
    elsewhere.refresh_from_db()
    assert elsewhere.is_active()
    assert [one.kind for one in post.to("ben@epa.gov")] == ["communities.left"]


def test_a_one_click_post_sent_again_says_yes_again(browser, ref, ben, post):
    for _ in range(3):
        assert browser.post(f"/unsubscribe/{ref}/", **ONE_CLICK).status_code == 200
    assert len(post.to("ben@epa.gov")) == 1


def test_one_click_stops_the_mail_of_an_only_manager_who_stays_manager(browser, cop, ada, post):
    membership = Membership.objects.get(person=ada)
    answer = browser.post(f"/unsubscribe/{tokens.sign(MEMBERSHIP_SCOPE, membership.pk)}/", **ONE_CLICK)
    assert answer.status_code == 200
    membership.refresh_from_db()
    assert membership.is_active()
    assert membership.delivery == Delivery.NONE
    assert post.kinds() == ["communities.kept_as_manager"]


@pytest.mark.parametrize("delivery", Delivery.values)
def test_delivery_is_changed_from_a_message_without_signing_in(browser, ref, ben, delivery):
    page = browser.get(f"/delivery/{ref}/").content.decode()
    assert "ben@epa.gov" in page
    answer = browser.post(f"/delivery/{ref}/", {"delivery": delivery})
    assert answer.status_code == 200
    assert "Saved" in answer.content.decode()
    assert Membership.objects.get(person=ben).delivery == delivery


def test_a_delivery_that_does_not_exist_is_refused(browser, ref, ben):
    assert browser.post(f"/delivery/{ref}/", {"delivery": "hourly"}).status_code == 422
    assert Membership.objects.get(person=ben).delivery == Delivery.EACH


def test_after_leaving_the_links_say_so(browser, ref, ben):
    browser.post(f"/unsubscribe/{ref}/")
    assert "not a member" in browser.get(f"/delivery/{ref}/").content.decode()
    assert "Nothing is left to do" in browser.get(f"/unsubscribe/{ref}/").content.decode()
    browser.post(f"/delivery/{ref}/", {"delivery": "each"})
    assert Membership.objects.get(person=ben).state == State.LEFT


def test_confirming_by_the_page_needs_the_guidelines_and_the_button(browser, asked, cleo, post):
    path = f"/confirm/{_token(asked)}/"
    assert "federal record" in browser.get(path).content.decode()
    assert browser.post(path).status_code == 422
    assert not Membership.objects.filter(person=cleo).exists()
    answer = browser.post(path, {"accepts_guidelines": "on"})
    assert "Welcome to Customer Experience" in answer.content.decode()
    assert Membership.objects.get(person=cleo).is_active()
    assert "Confirmed already" in browser.post(path, {"accepts_guidelines": "on"}).content.decode()
    assert post.kinds() == ["communities.welcome"]


def test_leaving_is_confirmed_by_one_button(browser, cop, ada, ben):
    asked = actions.ask(community=cop, wish="leave", email="ben@epa.gov", by=None)
    assert "You have left" in browser.post(f"/confirm/{_token(asked)}/").content.decode()
    assert Membership.objects.get(person=ben).state == State.LEFT


def test_an_expired_link_offers_a_fresh_letter(browser, asked, post):
    Confirmation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    path = f"/confirm/{_token(asked)}/"
    assert "expired" in browser.get(path).content.decode()
    assert "fresh letter" in browser.post(path).content.decode()
    (letter,) = post.to("cleo@epa.gov")
    assert _token(Confirmation.objects.latest("pk")) in letter.text


@pytest.mark.parametrize("door", ["delivery", "unsubscribe", "confirm"])
def test_a_token_of_another_door_or_nobody_opens_nothing(browser, ref, asked, door):
    right = _token(asked) if door == "confirm" else ref
    wrong = ref if door == "confirm" else _token(asked)
    assert browser.get(f"/{door}/{right}/").status_code == 200
    for token in (wrong, right[:-1] + ("a" if right[-1] != "a" else "b"), "x", "1-", "🦉-x"):
        assert browser.get(f"/{door}/{token}/").status_code == 404
        assert browser.post(f"/{door}/{token}/").status_code == 404


def test_signed_pages_are_never_kept_by_a_cache(browser, ref):
    assert "no-store" in browser.get(f"/delivery/{ref}/")["Cache-Control"]
