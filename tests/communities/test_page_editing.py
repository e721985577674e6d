"""A manager writes the community's page part by part, in place or on a page of its own."""

import pytest

from junto.audit.models import Entry
from junto.communities import actions, indexing
from junto.communities.models import Page, ResourceLink, Section, Version
from junto.search import actions as search

FRONT = "/communities/customer-experience/"
DESK = f"{FRONT}manage/"
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def section(cop, ada):
    return actions.write_section(community=cop, title="Meetings", body="Every *month*.", by=ada)


@pytest.fixture
def three(cop, ada):
    return [actions.write_section(community=cop, title=title, body="x", by=ada) for title in ("A", "B", "C")]


def _titles(client):
    page = client.get(FRONT)
    return [one.title for one in page.context["sections"]]


def test_edit_links_stand_beside_each_part_for_managers_only(client, client_of, cop, ada, ben, section):
    actions.write_page(community=cop, slug="about", title="About", body="x", by=ada)
    paths = ["manage/lead/", f"manage/sections/{section.pk}/", "manage/resources/", "manage/pages/new/"]
    mine, bens = client_of(ada).get(FRONT).content.decode(), client_of(ben).get(FRONT).content.decode()
    assert all(f'href="{FRONT}{path}"' in mine for path in paths)
    assert "htmx" in mine
    assert not any(path in bens or path in client.get(FRONT).content.decode() for path in paths)
    assert "htmx" not in bens
    assert "manage/pages/about/" in client_of(ada).get(f"{FRONT}pages/about/").content.decode()


def test_without_a_script_the_form_is_a_page_of_its_own(client_of, cop, ada, section):
    client = client_of(ada)
    page = client.get(f"{DESK}sections/{section.pk}/").content.decode()
    assert "<h1" in page
    assert "Every *month*." in page
    posted = {"title": "Meetings", "body": "Every **week**.", "note": "They said so.", "based_on": "1"}
    answer = client.post(f"{DESK}sections/{section.pk}/", posted)
    assert answer["Location"] == f"{FRONT}#section-{section.pk}"
    assert "<strong>week</strong>" in client.get(FRONT).content.decode()


def test_in_place_the_same_address_answers_with_the_part(client_of, cop, ada, section):
    client, address = client_of(ada), f"{DESK}sections/{section.pk}/"
    form = client.get(address, headers=IN_PLACE).content.decode()
    assert "<html" not in form
    assert f'hx-post="{address}"' in form
    saved = client.post(address, {"title": "Calls", "body": "y", "based_on": "1"}, headers=IN_PLACE).content.decode()
    assert f'id="section-{section.pk}"' in saved
    assert "Calls" in saved
    assert "<html" not in saved
    cancelled = client.get(f"{address}?shown", headers=IN_PLACE).content.decode()
    assert "<form class" not in cancelled


def test_a_preview_saves_nothing_and_keeps_what_was_typed(client_of, cop, ada, section):
    posted = {"title": "Meetings", "body": "Every **day**.", "preview": "1"}
    for more in ({}, IN_PLACE):
        page = client_of(ada).post(f"{DESK}sections/{section.pk}/", posted, headers=more).content.decode()
        assert "<strong>day</strong>" in page
        assert "Every **day**." in page
    section.refresh_from_db()
    assert section.body == "Every *month*."


def test_what_somebody_saved_meanwhile_is_shown_beside_mine_and_nothing_is_lost(client_of, cop, ada, section):
    client, address = client_of(ada), f"{DESK}sections/{section.pk}/"
    actions.write_section(community=cop, section=section, title="Meetings", body="Every *month*, online.", by=ada)
    page = client.post(address, {"title": "Meetings", "body": "Every *week*.", "based_on": "1"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Somebody saved this part while you were writing" in text
    assert "Every *month*, online." in text
    assert "Every *week*." in text
    assert 'name="based_on" value="2"' in text
    section.refresh_from_db()
    assert section.body == "Every *month*, online."
    client.post(address, {"title": "Meetings", "body": "Every *week*, online.", "based_on": "2"})
    bodies = list(Version.objects.filter(kind="section").order_by("number").values_list("body", flat=True))
    assert bodies == ["Every *month*.", "Every *month*, online.", "Every *week*, online."]


def test_the_text_on_top_keeps_what_stood_there_before_history_was_kept(client_of, cop, ada):
    type(cop).objects.filter(pk=cop.pk).update(description="Old words.")
    client_of(ada).post(f"{DESK}lead/", {"body": "New *words*.", "based_on": "0"})
    cop.refresh_from_db()
    assert "<em>words</em>" in cop.description_html
    kept = list(Version.objects.filter(kind="lead").order_by("number").values_list("body", "by"))
    assert kept == [("Old words.", None), ("New *words*.", ada.pk)]


def test_saving_what_stands_there_already_makes_no_version(cop, ada, section):
    actions.write_section(community=cop, section=section, title="Meetings", body="Every *month*.", by=ada)
    assert Version.objects.filter(kind="section").count() == 1


def test_the_settings_of_the_community_keep_a_version_of_its_text_too(cop, ada):
    actions.edit(community=cop, description="One.", by=ada)
    actions.edit(community=cop, description="Two.", by=ada)
    assert Version.objects.filter(kind="lead").count() == 2


def test_scripts_in_a_text_are_taken_out(client, cop, ada):
    actions.write_section(community=cop, title="<b>x</b>", body="<script>alert(1)</script>ok", by=ada)
    page = client.get(FRONT).content.decode()
    assert "alert(1)" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_sections_move_up_and_down_and_stop_at_the_edges(client_of, three, ada):
    client = client_of(ada)
    client.post(f"{DESK}parts/section/{three[2].pk}/place/", {"way": "up"})
    assert _titles(client) == ["A", "C", "B"]
    client.post(f"{DESK}parts/section/{three[0].pk}/place/", {"way": "up"})
    client.post(f"{DESK}parts/section/{three[1].pk}/place/", {"way": "down"})
    assert _titles(client) == ["A", "C", "B"]


def test_a_removed_section_is_put_back_from_the_notice(client_of, three, ada, ben):
    client = client_of(ada)
    page = client.post(f"{DESK}parts/section/{three[1].pk}/removal/", follow=True)
    assert [one.title for one in page.context["sections"]] == ["A", "C"]
    assert "“B” is off the page" in page.content.decode()
    bens = client_of(ben).get(f"{FRONT}?undo=section-{three[1].pk}").content.decode()
    assert "is off the page" not in bens
    client.post(f"{DESK}parts/section/{three[1].pk}/return/")
    assert _titles(client) == ["A", "B", "C"]


@pytest.mark.parametrize("odd", ["section-x", "person-1", "section-99999999999999999999", "-", "resource-"])
def test_a_notice_about_nothing_is_no_notice(client_of, cop, ada, odd):
    assert client_of(ada).get(f"{FRONT}?undo={odd}").status_code == 200


def test_an_unpublished_page_is_there_for_managers_only_and_not_in_search(client, client_of, cop, ada, monkeypatch):
    page = actions.write_page(community=cop, slug="about", title="About", body="Since 2008", by=ada)
    forgotten, kept = [], []
    monkeypatch.setattr(search, "remove", forgotten.extend)
    monkeypatch.setattr(search, "index", lambda documents: kept.extend(documents) or 1)
    client_of(ada).post(f"{DESK}parts/page/{page.pk}/removal/")
    assert client.get(f"{FRONT}pages/about/").status_code == 404
    assert "not published" in client_of(ada).get(f"{FRONT}pages/about/").content.decode()
    assert f"{FRONT}pages/about/" not in client.get("/sitemap-1.xml").content.decode()
    indexing.reindex(cop.pk)
    assert not [one for one in kept if one.kind == "page"]
    client_of(ada).post(f"{DESK}parts/page/{page.pk}/return/")
    assert client.get(f"{FRONT}pages/about/").status_code == 200


def test_a_renamed_page_is_found_at_its_old_address(client, client_of, cop, ada):
    client_of(ada).post(f"{DESK}pages/new/", {"title": "About", "slug": "about", "body": "x"})
    posted = {"title": "About us", "slug": "about-us", "body": "x", "based_on": "1"}
    answer = client_of(ada).post(f"{DESK}pages/about/", posted, headers=IN_PLACE)
    assert answer["HX-Redirect"] == f"{FRONT}pages/about-us/"
    moved = client.get(f"{FRONT}pages/about/")
    assert (moved.status_code, moved["Location"]) == (301, f"{FRONT}pages/about-us/")
    taken = client_of(ada).post(f"{DESK}pages/new/", {"title": "B", "slug": "about-us", "body": ""})
    assert taken.status_code == 422


def test_pages_stand_in_the_order_that_managers_give_them(client_of, cop, ada):
    pages = [actions.write_page(community=cop, slug=slug, title=slug, body="x", by=ada) for slug in "ab"]
    client_of(ada).post(f"{DESK}parts/page/{pages[1].pk}/place/", {"way": "up"})
    assert [one.slug for one in client_of(ada).get(FRONT).context["pages"]] == ["b", "a"]


def test_resources_are_added_changed_moved_removed_and_put_back(client_of, cop, ada):
    client = client_of(ada)
    for title in ("Guide", "Toolkit"):
        client.post(f"{DESK}resources/", {"title": title, "url": "example.gov/x", "note": ""})
    guide, toolkit = ResourceLink.objects.order_by("pk")
    assert guide.url == "https://example.gov/x"
    assert client.post(f"{DESK}resources/", {"title": "x", "url": "javascript:alert(1)"}).status_code == 422
    client.post(f"{DESK}resources/{guide.pk}/", {"title": "The guide", "url": "https://example.gov/g"})
    client.post(f"{DESK}parts/resource/{toolkit.pk}/place/", {"way": "up"})
    assert [one.title for one in client.get(FRONT).context["resources"]] == ["Toolkit", "The guide"]
    part = client.post(f"{DESK}parts/resource/{toolkit.pk}/removal/", headers=IN_PLACE).content.decode()
    assert "“Toolkit” is off the page" in part
    assert "<html" not in part
    part = client.post(f"{DESK}parts/resource/{toolkit.pk}/return/", headers=IN_PLACE).content.decode()
    assert part.index("Toolkit") < part.index("The guide")
    assert client.get(f"{DESK}resources/", headers=IN_PLACE).content.decode().startswith('<section id="resources"')
    assert "usa-form" not in client.get(f"{DESK}resources/?shown", headers=IN_PLACE).content.decode()


def test_parts_of_another_community_are_not_touched(client_of, cop, ada, cleo, other, section):
    client = client_of(cleo)
    theirs = "/communities/web-managers/manage/"
    for path in (
        f"parts/section/{section.pk}/removal/",
        f"parts/section/{section.pk}/place/",
        f"sections/{section.pk}/",
    ):
        assert client.post(f"{theirs}{path}", {"title": "x"}).status_code == 404
    assert client.post(f"{theirs}parts/person/1/removal/").status_code == 404
    assert Section.objects.shown().count() == 1


def test_a_get_of_a_deed_does_nothing(client_of, ada, section):
    for deed in ("removal", "place", "return", "restoration"):
        assert client_of(ada).get(f"{DESK}parts/section/{section.pk}/{deed}/").status_code == 405


def test_deeds_stand_in_the_book(cop, ada, section):
    actions.remove_part(part=section, by=ada)
    actions.put_back_part(part=section, by=ada)
    facts = set(Entry.objects.values_list("fact", flat=True))
    assert {f"communities.section.{word}" for word in ("written", "removed", "put_back")} <= facts


def test_sections_are_found_by_search_with_the_community(cop, ada, section, monkeypatch):
    found = []
    monkeypatch.setattr(search, "index", lambda documents: found.extend(documents) or 1)
    indexing.reindex(cop.pk)
    assert "Every month." in found[0].text


def test_an_empty_community_says_to_its_manager_what_to_do(client, client_of, cop, ada):
    page = client_of(ada).get(FRONT).content.decode()
    assert "Nothing is written here yet" in page
    assert "No resources yet" in page
    assert "have not written" not in client.get(FRONT).content.decode() or not cop.summary
    assert not Page.objects.exists()
