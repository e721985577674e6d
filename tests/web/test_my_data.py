"""What is kept about me: seen, taken along, and left behind."""

from __future__ import annotations

import json
import mailbox
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from junto.audit.models import Entry
from junto.communities import actions as communities
from junto.communities.models import ConductCase, Role, State
from junto.discussions import actions as discussions
from junto.discussions.models import HeldPost, Message, Thread
from junto.kit.rulings import Refused
from junto.mail.models import Mailing
from junto.people import actions as people
from junto.people.models import Address, Person, Profile
from junto.records.actions.leaving import leave_site
from junto.search.models import IndexedDocument
from tests.conftest import enroll


@pytest.fixture
def message(ben: Person, ada: Person, cop) -> Message:
    return discussions.start(community=cop, subject="How do you measure it?", body="Please tell.", by=ben)


def _leave(client, keeps_name: str = "yes", **more: str):
    return client.post("/me/data/leaving/", {"keeps_name": keeps_name, "is_sure": "on", **more})


def test_the_page_counts_what_is_kept(client_of, ben, message, django_assert_max_num_queries):
    client = client_of(ben)
    with django_assert_max_num_queries(13):
        page = client.get("/me/data/")
    assert "Posts in discussions</th><td>1</td>" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_everything_comes_as_one_file(client_of, ben, message, tmp_path):
    answer = client_of(ben).post("/me/data/download/", {"form": "zip"})
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as whole:
        facts = json.loads(whole.read("data.json"))
        (tmp_path / "posts.mbox").write_bytes(whole.read("posts.mbox"))
    assert facts["addresses"][0]["email"] == "ben@epa.gov"
    assert facts["memberships"][0]["community__name"] == "Customer Experience"
    assert [one["subject"] for one in facts["posts"]] == ["How do you measure it?"]
    letters = list(mailbox.mbox(tmp_path / "posts.mbox"))
    assert [letter["Subject"] for letter in letters] == ["How do you measure it?"]
    assert Entry.objects.filter(fact="records.data.handed_back", by_id=str(ben.pk)).exists()


def test_photo_and_drafts_come_with_their_files_and_the_facts_name_each(client_of, ada, ben, cop, message):
    client, place = client_of(ben), "/communities/customer-experience/discussions"
    drawn = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(drawn, "JPEG")
    photo = SimpleUploadedFile("me.jpg", drawn.getvalue(), "image/jpeg")
    client.post("/me/profile/", {"name": "Ben Brooks", "photo": photo})
    for name in ("../../plan.txt", "plan.txt"):
        client.post(f"{place}/new/files/", {"files": [SimpleUploadedFile(name, name.encode())]})
    client.post(f"{place}/new/draft/", {"subject": "Half a question", "body": "Who has"})
    client.post(f"{place}/{message.thread.number}/draft/", {"body": "Half a reply"})
    client_of(ada).post(f"{place}/new/draft/", {"subject": "Nobody’s business", "body": "but mine"})
    answer = client.post("/me/data/download/", {"form": "zip"})
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as whole:
        facts = json.loads(whole.read("data.json"))
        named = [file["file"] for draft in facts["drafts"] for file in draft["files"]]
        assert set(whole.namelist()) == {"README.txt", "data.json", "posts.mbox", "photo.jpg", *named}
        assert Image.open(BytesIO(whole.read(facts["profile"]["photo"]["file"]))).size == (256, 256)
        assert len({whole.read(name) for name in named}) == len(named) == 2
    assert all(name.startswith("drafts/") and name.count("/") == 1 and ".." not in name for name in named)
    kept = {draft["body"]: (draft["subject"], draft["replies_to"]) for draft in facts["drafts"]}
    assert kept == {"Who has": ("Half a question", None), "Half a reply": ("", "How do you measure it?")}
    page = client.get("/me/data/").content.decode()
    assert "Drafts that you have not sent, with their files</th><td>2</td>" in page
    assert "Your photo</th><td>1</td>" in page


def test_the_facts_come_as_json_and_tell_of_nobody_else(client_of, ada, ben, message):
    answer = client_of(ada).post("/me/data/download/", {"form": "json"})
    assert json.loads(answer.content)["person"]["name"] == "Ada Alvarez"
    assert b"ben@epa.gov" not in answer.content
    assert b"How do you measure" not in answer.content


def test_leaving_ends_everything_and_leaves_the_posts_under_the_name(client_of, ben, cop, message):
    people.set_profile(person=ben, told={"helps_with": "Maps"}, by=ben)
    client = client_of(ben)
    assert "Customer Experience" in client.get("/me/data/leaving/").content.decode()
    assert "You have left" in _leave(client).content.decode()
    ben.refresh_from_db()
    message.refresh_from_db()
    assert not ben.is_active
    assert ben.memberships.get(community=cop).state == State.LEFT
    assert (message.author, message.author_name) == (None, "Ben Brooks")
    assert not Profile.objects.exists()
    assert client.get("/me/").status_code == 302
    assert client_of(ben).get("/me/").status_code == 302
    last = Mailing.objects.get(kind="people.account_closed")
    assert b"Your account is closed" in bytes(last.pieces)


def test_without_the_name_it_goes_from_pages_and_search(client_of, ada, ben, cop, message):
    discussions.reply(thread=message.thread, body="An answer.", by=ada)
    _leave(client_of(ben), "no")
    page = client_of(ada).get(message.thread.get_absolute_url()).content.decode()
    assert "Please tell." in page
    assert "Somebody who left" in page
    assert "Ben Brooks" not in page
    assert "Ada Alvarez" in page
    assert Thread.objects.get().author_name == "Somebody who left"
    assert not IndexedDocument.objects.filter(author="Ben Brooks").exists()
    assert not Message.objects.filter(author_email="ben@epa.gov").exists()


def test_addresses_are_free_for_a_new_beginning(client_of, ben, cop, message):
    _leave(client_of(ben))
    assert not Address.objects.filter(email="ben@epa.gov").exists()
    assert not Person.objects.filter(email="ben@epa.gov").exists()
    again = people.welcome(email="ben@epa.gov", name="Ben Brooks")
    assert again.pk != ben.pk
    assert not again.memberships.exists()


@pytest.mark.parametrize("how", ["removed", "warned"])
def test_nobody_sheds_a_removal_by_leaving(how, client_of, ada, ben, cop):
    membership = ben.memberships.get(community=cop)
    if how == "removed":
        communities.remove(membership=membership, reason="Sold things.", by=ada)
    else:
        communities.take_step(membership=membership, step="second", words="Stop.", note="x", by=ada)
        assert ConductCase.objects.filter(person=ben).exists()
    _leave(client_of(ben))
    assert Address.objects.get(email="ben@epa.gov").person_id == ben.pk
    assert people.welcome(email="ben@epa.gov").pk == ben.pk
    ben.refresh_from_db()
    assert not ben.is_active


def test_the_only_manager_appoints_another_first(client_of, ada, ben, cop):
    client = client_of(ada)
    assert "You are the only manager of Customer Experience" in client.get("/me/data/leaving/").content.decode()
    _leave(client)
    ada.refresh_from_db()
    assert ada.is_active
    with pytest.raises(Refused):
        leave_site(person=ada, keeps_name=True, by=ada)
    communities.appoint(membership=ben.memberships.get(community=cop), role=Role.MANAGER, by=ada)
    assert "You have left" in _leave(client).content.decode()


def test_leaving_needs_a_check_mark_and_a_choice(client_of, ben, message):
    answer = client_of(ben).post("/me/data/leaving/", {"keeps_name": "yes"})
    assert "Check this box" in answer.content.decode()
    ben.refresh_from_db()
    assert ben.is_active


def test_what_waits_is_not_sent_any_more(client_of, ada, ben, cop, message):
    HeldPost.objects.create(community=cop, waits_for="clock", raw=message.raw, email=ben.email, rule="x", author=ben)
    _leave(client_of(ben))
    assert not HeldPost.objects.waiting().exists()


def test_nobody_closes_the_account_of_another(ada, ben, cop):
    with pytest.raises(Refused):
        leave_site(person=ben, keeps_name=True, by=ada)
    assert ben.memberships.get(community=cop).is_active()


def test_who_left_two_communities_has_left_both(client_of, ben, cop, other):
    enroll(ben, other)
    _leave(client_of(ben))
    assert set(ben.memberships.values_list("state", flat=True)) == {State.LEFT}
