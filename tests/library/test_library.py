"""The library: who reads what, by topic, kind and author, and what managers leave out of a shelf."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities.models import Topic
from junto.kit.rulings import Refused
from junto.library import actions, rules
from junto.library.actions import Draft
from junto.library.models import FormerAddress, Hiding, Piece
from junto.people.models import Person
from junto.search import queries as search

SHELF = "/communities/customer-experience/library/"


@pytest.fixture
def forms(cop):
    topic = Topic.objects.create(slug="forms", title="Forms")
    cop.topics.add(topic)
    return topic


@pytest.fixture
def hal(db):
    return Person.objects.create(email="hal@gsa.gov", name="Hal Hughes", is_staff=True, is_superuser=True)


@pytest.fixture
def publish(db, django_capture_on_commit_callbacks):
    def publish(slug: str, **told: object) -> Piece:
        told = {"kind": "news", "title": slug.replace("-", " ").capitalize(), **told}
        with django_capture_on_commit_callbacks(execute=True):
            return actions.publish(slug=slug, draft=Draft(**told), by=None)

    return publish


@pytest.fixture
def piece(forms, publish):
    nora = actions.write_author(slug="nora-nolan", name="Nora Nolan", agency="GSA", by=None)
    return publish(
        "good-forms",
        body="## Why\n\nAsk **less**. <script>alert(1)</script> ![a form](https://x.example/1.png) [up](#top)",
        summary="Ask less.",
        topics=[forms],
        authors=[nora],
        published_date=timezone.localdate(),
        former_addresses=["/2015/forms/"],
    )


def found(words: str) -> list[str]:
    return [hit.url for hit in search.find(words, labels=["public"]).hits]


def test_a_stranger_reads_a_piece_with_its_authors_topics_and_communities(piece, client):
    page = client.get("/library/good-forms/").content.decode()
    assert "Nora Nolan" in page
    assert 'href="/library/authors/nora-nolan/"' in page
    assert 'href="/library/?topic=forms"' in page
    assert 'href="/communities/customer-experience/"' in page
    assert "<strong>less</strong>" in page
    assert "(Image: a form)" in page
    assert not any(sign in page for sign in ("alert(1)", '<img src="https', 'href="#top"', "noindex"))


def test_the_library_is_narrowed_by_topic_kind_and_author(piece, publish, client):
    publish("a-guide", kind="guide")
    for asked, titles in {
        "": {"Good forms", "A guide"},
        "?topic=forms": {"Good forms"},
        "?kind=guide": {"A guide"},
        "?author=nolan": {"Good forms"},
        "?author=nolan&kind=guide": set(),
        "?kind=nonsense&page=x": {"Good forms", "A guide"},
    }.items():
        pieces = client.get(f"/library/{asked}").context["found"].pieces
        assert {one.title for one in pieces} == titles, asked


def test_newest_stand_first_and_what_has_no_date_last(publish, client):
    today = timezone.localdate()
    publish("undated")
    publish("old", published_date=today - timedelta(days=9))
    publish("new", published_date=today)
    assert [one.slug for one in client.get("/library/").context["found"].pieces] == ["new", "old", "undated"]


def test_pages_of_the_library_keep_the_question(forms, publish, client):
    for number in range(25):
        publish(f"piece-{number}", topics=[forms])
    first = client.get("/library/?topic=forms").context["found"]
    assert (len(first.pieces), first.total, first.older) == (20, 25, "?topic=forms&page=2")
    second = client.get("/library/?topic=forms&page=2").context["found"]
    assert (len(second.pieces), second.newer, second.older) == (5, "?topic=forms", "")


def test_lists_ask_few_queries_however_long_they_are(
    forms, publish, client, client_of, ada, django_assert_max_num_queries
):
    nora = actions.write_author(slug="nora", name="Nora", by=None)
    for number in range(20):
        publish(f"piece-{number}", topics=[forms], authors=[nora], published_date=timezone.localdate())
    for path, most in {"/library/": 6, "/library/authors/nora/": 5, SHELF: 7, f"{SHELF}feed/": 4}.items():
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
    manager = client_of(ada)
    manager.get("/")
    with django_assert_max_num_queries(12):
        manager.get(SHELF)
    with django_assert_max_num_queries(9):
        client.get("/library/piece-1/")


def test_drafts_exist_for_whoever_runs_the_site_only(publish, client, client_of, ada, hal):
    publish("a-draft", is_public=False)
    for one in (client, client_of(ada)):
        assert one.get("/library/a-draft/").status_code == 404
        assert not one.get("/library/").context["found"].pieces
    assert "This is a draft" in client_of(hal).get("/library/a-draft/").content.decode()
    assert found("draft") == []


def test_a_shelf_holds_what_shares_a_topic_and_is_read_by_strangers(piece, publish, other, client):
    publish("about-nothing")
    assert [one.slug for one in client.get(SHELF).context["found"].pieces] == ["good-forms"]
    assert not client.get("/communities/web-managers/library/").context["found"].pieces
    feed = client.get(f"{SHELF}feed/").content.decode()
    assert "<title>Good forms</title>" in feed
    assert "/library/good-forms/" in feed


def test_the_shelf_of_a_hidden_community_is_not_there(piece, cop, client, client_of, ben):
    cop.is_hidden = True
    cop.save()
    assert client.get(SHELF).status_code == client.get(f"{SHELF}feed/").status_code == 404
    assert client_of(ben).get(SHELF).status_code == 200
    assert "customer-experience" not in client.get("/library/good-forms/").content.decode()


def test_a_manager_leaves_a_piece_out_and_puts_it_back(piece, ada, client_of, client):
    manager = client_of(ada)
    answer = manager.post(f"{SHELF}good-forms/hiding/?topic=forms&page=2&evil=1", {"wish": "hide"})
    assert answer["Location"] == f"{SHELF}?topic=forms&page=2"
    manager.post(f"{SHELF}good-forms/hiding/", {"wish": "hide"})
    assert not client.get(SHELF).context["found"].pieces
    assert not client.get(f"{SHELF}?show=left-out").context["found"].pieces
    assert [one.slug for one in manager.get(f"{SHELF}?show=left-out").context["found"].pieces] == ["good-forms"]
    assert client.get("/library/good-forms/").status_code == 200
    assert Hiding.objects.count() == 1
    manager.post(f"{SHELF}good-forms/hiding/", {"wish": "restore"})
    assert [one.slug for one in client.get(SHELF).context["found"].pieces] == ["good-forms"]
    entries = Entry.objects.filter(fact__startswith="library.piece").order_by("pk")
    facts = [(one.fact, one.by) for one in entries]
    assert facts[1:] == [("library.piece.hidden", "Ada Alvarez"), ("library.piece.restored", "Ada Alvarez")]


def test_members_and_managers_of_others_hide_nothing(piece, cop, ben, cleo, other, ada, client_of):
    for person in (ben, cleo):
        assert client_of(person).post(f"{SHELF}good-forms/hiding/", {"wish": "hide"}).status_code == 403
    with pytest.raises(Refused):
        actions.hide(piece=piece, community=None, by=ada)
    assert not Hiding.objects.exists()


def test_whoever_runs_the_site_hides_a_piece_from_everybody_and_from_the_search(
    piece, hal, client, client_of, django_capture_on_commit_callbacks
):
    assert found("less") == ["/library/good-forms/"]
    with django_capture_on_commit_callbacks(execute=True):
        client_of(hal).post("/library/good-forms/hiding/", {"wish": "hide"})
    assert client.get("/library/good-forms/").status_code == 404
    assert client.get("/2015/forms/").status_code == 404
    assert found("less") == []
    with django_capture_on_commit_callbacks(execute=True):
        client_of(hal).post("/library/good-forms/hiding/", {"wish": "restore"})
    assert client.get("/library/good-forms/").status_code == 200
    assert found("less") == ["/library/good-forms/"]


def test_search_offers_news_and_resources_as_kinds(piece, publish, client):
    publish("less-is-more", kind="resource")
    page = client.get("/search/?q=less")
    assert {"News", "Resources and guides"} <= {
        link[0] for one in page.context["results"].narrower for link in one.links
    }
    assert "Less is more" not in client.get("/search/?q=less&type=news").content.decode()


def test_an_old_address_leads_to_the_piece(piece, client):
    assert client.get("/2015/forms/")["Location"] == "/library/good-forms/"
    assert FormerAddress.objects.count() == 1


def test_publishing_again_changes_the_piece_and_keeps_its_address(piece, publish):
    again = publish("good-forms", title="Better forms")
    assert (again.pk, Piece.objects.count(), again.bylines.count()) == (piece.pk, 1, 0)
    assert found("better") == ["/library/good-forms/"]


def test_only_whoever_runs_the_site_publishes(ada, hal):
    assert rules.may_publish(hal)
    with pytest.raises(Refused):
        actions.publish(slug="x", draft=Draft(kind="news", title="X"), by=ada)
    with pytest.raises(Refused):
        actions.write_author(slug="x", name="X", by=ada)


def test_empty_places_say_what_to_do_next(cop, ada, client, client_of):
    assert "junto import digitalgov" in client.get("/library/").content.decode()
    assert "Choose topics" in client_of(ada).get(SHELF).content.decode()
    assert "Choose topics" not in client.get(SHELF).content.decode()
    assert "The whole library" in client.get("/library/?author=zz").content.decode()


def test_what_nobody_keeps_up_to_date_says_so(publish, client):
    publish("old", expired_date=timezone.localdate(), body="x")
    publish("moved", moved_to="https://example.gov/new")
    assert "kept for the record" in client.get("/library/old/").content.decode()
    assert "https://example.gov/new" in client.get("/library/moved/").content.decode()


def test_a_summary_that_is_the_beginning_of_the_text_is_said_once(publish, client):
    publish("same", summary="We asked “why?” twice", body="**We asked** “why?” twice and heard nothing.")
    assert "usa-intro" not in client.get("/library/same/").content.decode()
    publish("other", summary="Another thing", body="Text.")
    assert '<p class="usa-intro">Another thing</p>' in client.get("/library/other/").content.decode()


def test_unknown_pieces_and_authors_are_not_found(db, client):
    assert client.get("/library/zz/").status_code == client.get("/library/authors/zz/").status_code == 404


def test_pieces_stand_in_the_sitemap(piece, client):
    assert "/library/good-forms/</loc>" in client.get("/sitemap.xml").content.decode()
