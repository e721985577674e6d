"""Every version of a part is kept, can be compared with another, and brought back."""

import pytest

from junto.communities import actions
from junto.communities.models import Section, Version

FRONT = "/communities/customer-experience/"
DESK = f"{FRONT}manage/"


@pytest.fixture
def section(cop, ada):
    section = actions.write_section(
        community=cop, title="Meetings", body="We meet every month.\n\nBring a question.", by=ada
    )
    return actions.write_section(
        community=cop,
        section=section,
        title="Meetings",
        body="We meet every week.\n\nBring a question.",
        note="More often",
        by=ada,
    )


def test_the_history_tells_who_wrote_what_when_and_why(client_of, ada, section):
    page = client_of(ada).get(f"{DESK}parts/section/{section.pk}/history/").content.decode()
    assert "Ada Alvarez" in page
    assert "More often" in page
    assert "Version 2" in page
    assert "Stands now" in page


def test_changes_are_marked_by_words_that_are_heard_not_by_color_alone(client_of, ada, section):
    page = client_of(ada).get(f"{DESK}parts/section/{section.pk}/history/?from=1&to=2").content.decode()
    assert '<del><span class="usa-sr-only">[removed: </span>month<span class="usa-sr-only">]</span></del>' in page
    assert '<ins><span class="usa-sr-only">[added: </span>week<span class="usa-sr-only">]</span></ins>' in page


def test_what_is_brought_back_becomes_the_newest_version(client_of, ada, section):
    answer = client_of(ada).post(f"{DESK}parts/section/{section.pk}/restoration/", {"version": "1"})
    assert answer["Location"] == f"{FRONT}#section-{section.pk}"
    section.refresh_from_db()
    assert "every month" in section.body
    newest = Version.objects.order_by("-number").first()
    assert (newest.number, newest.restores) == (3, 1)
    assert Version.objects.count() == 3


def test_the_text_on_top_and_pages_have_a_history_too(client_of, cop, ada):
    actions.write_lead(community=cop, body="One.", by=ada)
    actions.write_lead(community=cop, body="Two.", by=ada)
    page = actions.write_page(community=cop, slug="about", title="About", body="One.", by=ada)
    actions.write_page(community=cop, page=page, slug="about", title="About us", body="One.", by=ada)
    client = client_of(ada)
    assert "Two" in client.get(f"{DESK}parts/lead/0/history/").content.decode()
    assert "[added: </span> us" in client.get(f"{DESK}parts/page/{page.pk}/history/").content.decode()
    client.post(f"{DESK}parts/lead/0/restoration/", {"version": "1"})
    client.post(f"{DESK}parts/page/{page.pk}/restoration/", {"version": "1"})
    cop.refresh_from_db()
    page.refresh_from_db()
    assert (cop.description, page.title) == ("One.", "About")


def test_a_part_without_versions_says_what_comes(client_of, cop, ada):
    section = Section.objects.create(community=cop, title="Old")
    assert "No versions yet" in client_of(ada).get(f"{DESK}parts/section/{section.pk}/history/").content.decode()


@pytest.mark.parametrize("asked", ["from=9&to=1", "from=x", "from=1&to=1", "from=²&to=1"])
def test_versions_that_are_not_there_do_no_harm(client_of, ada, section, asked):
    assert client_of(ada).get(f"{DESK}parts/section/{section.pk}/history/?{asked}").status_code == 200


@pytest.mark.parametrize("path", ["lead/1", "resource/1", "person/1", "section/0"])
def test_what_has_no_history_is_not_there(client_of, ada, section, path):
    assert client_of(ada).get(f"{DESK}parts/{path}/history/").status_code == 404
    assert client_of(ada).post(f"{DESK}parts/{path}/restoration/", {"version": "1"}).status_code == 404


def test_a_version_that_is_not_there_is_not_brought_back(client_of, ada, section):
    answer = client_of(ada).post(f"{DESK}parts/section/{section.pk}/restoration/", {"version": "7"})
    assert answer.status_code == 404
