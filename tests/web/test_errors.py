"""Error pages, old addresses, and pages for developers."""

from django.test import RequestFactory

from junto.communities.models import OldAddress
from junto.web.views import community, errors


def test_old_address_leads_to_the_community(cop, rf):
    OldAddress.objects.create(community=cop, path="/cx/")
    answer = errors.not_found(rf.get("/cx/"))
    assert answer.status_code == 301
    assert answer["Location"] == cop.get_absolute_url()


def test_unknown_address_is_told_with_a_way_on(client, db):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert b"/communities/" in answer.content


def test_broken_page_stands_without_the_database(rf: RequestFactory):
    assert errors.broken(rf.get("/")).status_code == 500


def test_front_page_shows_discussions_to_readers_only(rf, ben, eve, cop):
    request = rf.get(cop.get_absolute_url())
    request.user = ben
    assert b"Nothing has been said yet" in community.community_front(request, cop.slug).content
    request = rf.get(cop.get_absolute_url())
    request.user = eve
    assert b"Nothing has been said yet" not in community.community_front(request, cop.slug).content


def test_pages_for_developers_open_in_debug_only(client, db, settings):
    paths = ("/dev/components/", "/dev/letters/", "/dev/letters/people.sign_in_code/")
    for path in paths:
        assert client.get(path).status_code == 404
    settings.DEBUG = True
    for path in paths:
        assert client.get(path).status_code == 200
    policy = client.get("/dev/letters/people.sign_in_code/")["Content-Security-Policy"]
    assert "script-src 'none'" in policy


def test_a_missing_page_and_a_dead_link_get_our_page_in_the_demo_too(client, db, settings):
    settings.DEBUG = True
    answer = client.get("/communities/nowhere/")
    assert answer.status_code == 404
    assert b"find that page" in answer.content
    answer = client.get("/unsubscribe/7-1a352f285119931274x/")
    assert answer.status_code == 404
    assert b"usa-intro" in answer.content, "the page says what is wrong with the link"


def test_words_remain_where_even_the_page_for_failures_fails(rf: RequestFactory, monkeypatch):
    def fails(*_, **__):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors, "render", fails)
    answer = errors.broken(rf.get("/"))
    assert answer.status_code == 500
    assert b"try again" in answer.content
