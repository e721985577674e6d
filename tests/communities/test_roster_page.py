"""The page that takes in the members of another list: every line is looked at before anything changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from junto.audit.models import Entry
from junto.communities.models import Membership

PAGE = "/communities/customer-experience/manage/members/import/"
ROSTER = "address,name,role,delivery\ncleo@epa.gov,Cleo Chen,,daily\nben@epa.gov,Ben,,\nnobody,Nobody,,\nx@unknown.example.com,Xi,,\n"


def test_every_line_is_shown_with_its_reason_and_nothing_has_changed(cop, ada, ben, client_of):
    page = client_of(ada).post(PAGE, {"text": ROSTER}).content.decode()
    for words in ("Nothing has changed yet", "cleo@epa.gov", "Is a member already.", "Take in 2 people"):
        assert words in page, words
    assert Membership.objects.filter(community=cop).count() == 2


def test_one_button_takes_them_in_without_letters(cop, ada, ben, client_of, post):
    page = client_of(ada).post(PAGE, {"text": ROSTER, "take": "1"}).content.decode()
    assert "2 people were taken in. Nobody got a letter." in page
    assert Membership.objects.get(person__email="cleo@epa.gov").delivery == "daily"
    assert post.sent == []
    assert Entry.objects.filter(fact="communities.roster.taken").count() == 1


def test_a_file_is_read_as_well_and_carried_to_the_second_page(cop, ada, ben, client_of):
    file = SimpleUploadedFile("list.csv", ROSTER.encode("utf-16"))
    page = client_of(ada).post(PAGE, {"file": file})
    assert "Take in 2 people" in page.content.decode()
    assert page.context["text"] == ROSTER


@pytest.mark.parametrize("text", ["", "nobody at all", "\x00"])
def test_what_is_no_roster_is_answered_with_what_to_do(text, cop, ada, client_of):
    assert client_of(ada).post(PAGE, {"text": text}).status_code == 422
    assert Membership.objects.filter(community=cop).count() == 1


def test_members_cannot_import(cop, ada, ben, client_of):
    assert client_of(ben).post(PAGE, {"text": ROSTER, "take": "1"}).status_code == 403
