"""What search engines are told of: everything public, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Community, Page, Readers, Zone
from junto.discussions import actions
from junto.discussions.models import Thread
from junto.web.queries import sitemap

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
THREADS = "/communities/customer-experience/discussions/"


@pytest.fixture
def public(cop, ben):
    Community.objects.filter(pk=cop.pk).update(readers=Readers.PUBLIC)
    cop.refresh_from_db()
    actions.start(community=cop, subject="Which survey?", body="We ask <b>all</b> of ben@epa.gov & more.", by=ben)
    return cop


def told(address: str = "/sitemap.xml") -> dict[str, str]:
    """The addresses of a file, without the site, and their lastmod."""
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return {
        (one.findtext(f"{SITEMAP}loc") or "").removeprefix("http://testserver"): one.findtext(f"{SITEMAP}lastmod") or ""
        for one in ElementTree.fromstring(answer.content)
    }


def test_public_pages_and_discussions_are_told_with_their_last_change(public):
    Page.objects.create(community=public, slug="about", title="About")
    Thread.objects.update(last_at=datetime(2026, 10, 1, 12, tzinfo=UTC))
    found = told()
    assert {"/", "/communities/", "/about/", "/communities/customer-experience/pages/about/"} <= set(found)
    assert found[f"{THREADS}1/"] == found["/communities/customer-experience/"] == "2026-10-01T12:00:00+00:00"


def test_private_hidden_and_zoned_discussions_are_not_told(public, ben, other, cleo):
    actions.start(community=other, subject="Among members", body="x", by=cleo)
    message = actions.start(community=public, subject="For some", body="x", by=ben)
    Thread.objects.filter(pk=message.thread_id).update(zone=Zone.FEDERAL)
    found = told()
    assert f"{THREADS}1/" in found
    assert not [path for path in found if path.endswith("/2/") or "web-managers/discussions" in path]
    Community.objects.filter(pk=public.pk).update(is_hidden=True)
    assert not [path for path in told() if "customer-experience" in path]


def test_what_does_not_fit_one_file_stands_in_several(public, monkeypatch):
    now = timezone.now()
    Thread.objects.bulk_create(
        Thread(community=public, number=n, subject="x", started_at=now, last_at=now) for n in range(10, 17)
    )
    whole = told()
    monkeypatch.setattr(sitemap, "ON_A_PAGE", 3)
    files = told()
    assert list(files) == [f"/sitemap-{n}.xml" for n in range(4)]
    parts = [told(path) for path in files]
    assert max(len(part) for part in parts[1:]) == 3
    assert {path for part in parts for path in part} == set(whole)
    assert Client().get("/sitemap-4.xml").status_code == 404
    assert Client().get("/sitemap-99999999999999999999.xml").status_code == 404


def test_the_sitemap_asks_few_queries(public, django_assert_num_queries):
    with django_assert_num_queries(6):
        told()


def test_robots_are_led_to_the_sitemap_and_kept_from_what_is_personal(db):
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    for path in ("/me/", "/search/", "/communities/*/manage/", "/delivery/", "/feeds/", "/unsubscribe/"):
        assert f"Disallow: {path}" in lines


def test_a_public_discussion_says_what_it_is_and_shows_no_address(public):
    page = Client().get(f"{THREADS}1/?utm_source=mail").content.decode()
    assert f'<link rel="canonical" href="http://testserver{THREADS}1/">' in page
    assert '<meta property="og:title" content="Which survey?">' in page
    assert '<meta property="og:type" content="article">' in page
    assert '<meta name="description" content="We ask' in page
    assert "ben@epa.gov" not in page
    assert "noindex" not in page


@pytest.mark.parametrize("address", [THREADS, "/communities/customer-experience/", "/", "/communities/", "/about/"])
def test_a_public_page_names_its_one_address(address, public):
    page = Client().get(address).content.decode()
    assert f'<link rel="canonical" href="http://testserver{address}">' in page
    assert "noindex" not in page


def test_pages_that_are_not_public_ask_not_to_be_indexed(cop, ben, client_of):
    actions.start(community=cop, subject="Among us", body="x", by=ben)
    browser = client_of(ben)
    for address in (THREADS, f"{THREADS}1/", "/me/", "/search/?q=x", "/communities/?q=x", "/no/such/page/"):
        page = browser.get(address).content.decode()
        assert '<meta name="robots" content="noindex">' in page, address
        assert "og:title" not in page, address


def test_a_hidden_community_asks_not_to_be_indexed(cop, ben, client_of):
    Community.objects.update(is_hidden=True)
    assert "noindex" in client_of(ben).get("/communities/customer-experience/").content.decode()


def test_a_zoned_discussion_of_a_public_archive_asks_not_to_be_indexed(public, ben, client_of):
    Thread.objects.update(zone=Zone.FEDERAL)
    assert "noindex" in client_of(ben).get(f"{THREADS}1/").content.decode()
