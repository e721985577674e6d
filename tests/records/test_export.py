"""What a community hands out can be read by other programs, whole and unharmed."""

from __future__ import annotations

import csv
import json
import mailbox
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from junto.audit.actions import record
from junto.audit.models import Entry
from junto.communities import actions as communities
from junto.communities.models import Page, Picture
from junto.discussions.models import Attachment, Message, Thread
from junto.events import actions as events
from junto.kit.rulings import Refused
from junto.mail import store
from junto.records.actions import handing_out

pytestmark = pytest.mark.django_db
SENT = datetime(2024, 3, 5, 15, tzinfo=UTC)
RAW = b"From: ben@epa.gov\r\nMessage-ID: <raw@epa.gov>\r\nSubject: Raw\r\n\r\nHello\r\nFrom here on\r\n>From there\r\n"


def _picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def talk(cop, ben):
    """A thread with a letter that came by mail and one that was written on the web, with a file."""
    thread = Thread.objects.create(community=cop, number=1, subject="Raw", started_at=SENT, last_at=SENT)
    common = {"community": cop, "thread": thread, "author": ben, "author_email": ben.email, "sent_at": SENT}
    Message.objects.create(message_id="raw@epa.gov", raw=store.put(RAW), text="Hello", **common)
    web = Message.objects.create(
        message_id="web@x", in_reply_to="raw@epa.gov", references=["raw@epa.gov"], author_name="Ben\nBcc: evil@x",
        subject="Ré: Raw", text="From the web\nFrom again", html="<p>From the web</p>", **common,
    )  # fmt: skip
    Attachment.objects.create(
        message=web,
        position=1,
        file_name="../../etc/pass wd.txt",
        content_type="text/plain",
        size=4,
        key=store.put(b"file"),
    )
    return thread


def test_messages_come_back_from_the_mbox_as_they_were(talk, cop, tmp_path):
    handing_out.export(cop, tmp_path / "out")
    raw, web = list(mailbox.mbox(tmp_path / "out" / "messages.mbox"))
    assert raw["Message-ID"] == "<raw@epa.gov>"
    body = raw.get_payload(decode=True).replace(b"\n>From ", b"\nFrom ")
    assert body.splitlines()[:2] == [b"Hello", b"From here on"]
    assert web["References"] == "<raw@epa.gov>"
    assert web["Bcc"] is None
    assert web.get_payload(0).get_payload(decode=True).decode().startswith("From the web")


def test_members_are_a_table_in_which_no_cell_is_a_formula(cop, ada, ben, tmp_path):
    ben.name = '=HYPERLINK("http://evil.example","x")'
    ben.save()
    handing_out.export(cop, tmp_path / "out")
    with (tmp_path / "out" / "members.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["address"] for row in rows] == ["ada@gsa.gov", "ben@epa.gov"]
    assert rows[1]["name"].startswith("'=")


def test_settings_pages_and_book_come_along(cop, other, ada, tmp_path):
    Page.objects.create(community=cop, slug="faq", title="FAQ", body="# Markdown")
    record("communities.member.joined", about=cop, by=ada)
    record("communities.member.joined", about=other, by=ada)
    handing_out.export(cop, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "community.json").read_text())
    assert told["pages"][0]["body"] == "# Markdown"
    assert told["list_name"] == "cx-cop"
    lines = (tmp_path / "out" / "audit.jsonl").read_text().splitlines()
    assert [json.loads(line)["about"] for line in lines] == [cop.name]


def test_the_page_comes_along_with_every_version_of_it(cop, other, ada, cleo, client_of, tmp_path):
    section = communities.write_section(community=cop, title="Who we are", body="First words", by=ada)
    communities.write_section(community=cop, section=section, title="Who we are", body="**Second**", note="Why", by=ada)
    communities.write_section(community=other, title="Not ours", body="Not ours", by=cleo)
    communities.write_lead(community=cop, body="On top", by=ada)
    communities.write_page(community=cop, slug="faq", title="FAQ", body="Ask", by=ada)
    link = communities.write_resource(
        community=cop, title="Guide", url="https://example.gov/guide", note="Good", by=ada
    )
    communities.remove_part(part=link, by=ada)
    manifest = handing_out.export(cop, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "community.json").read_text())
    assert [(one["title"], one["body"]) for one in told["sections"]] == [("Who we are", "**Second**")]
    assert [(one["slug"], one["body"]) for one in told["pages"]] == [("faq", "Ask")]
    [resource] = told["resources"]
    assert (resource["url"], resource["note"], bool(resource["removed_at"])) == (
        "https://example.gov/guide",
        "Good",
        True,
    )
    lines = [json.loads(line) for line in (tmp_path / "out" / "versions.jsonl").read_text().splitlines()]
    mine = [one for one in lines if one["kind"] == "section"]
    assert [(one["part"], one["number"], one["body"], one["note"], one["by"]) for one in mine] == [
        (section.pk, 1, "First words", "", "Ada Alvarez"), (section.pk, 2, "**Second**", "Why", "Ada Alvarez"),
    ]  # fmt: skip
    assert {one["body"] for one in lines} == {"First words", "**Second**", "On top", "Ask"}
    assert manifest["counts"]["versions"] == len(lines) == 4
    entries = [json.loads(line)["fact"] for line in (tmp_path / "out" / "audit.jsonl").read_text().splitlines()]
    assert {"communities.section.written", "communities.resource.removed"} < set(entries)


def test_pictures_come_along_with_their_words_and_their_files(cop, ada, client_of, tmp_path):
    for name in ("../team.png", "team.png"):
        sent = {"file": SimpleUploadedFile(name, _picture(), "image/png"), "alt": f"The team, {name}"}
        client_of(ada).post(f"{cop.get_absolute_url()}manage/pictures/", sent)
    team, lost = Picture.objects.order_by("pk")
    communities.dress(community=cop, banner=team, logo=None, by=ada)
    Picture.objects.filter(pk=lost.pk).update(key="00/00/not-there")
    manifest = handing_out.export(cop, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "community.json").read_text())
    assert told["banner"] == team.pk
    first, second = told["pictures"]
    assert (first["alt"], first["path"]) == (team.alt, team.get_absolute_url())
    assert (tmp_path / "out" / first["file"]).read_bytes() == store.get(team.key)
    assert Image.open(tmp_path / "out" / first["file"]).size == (first["width"], first["height"])
    assert second["file"] is None
    assert manifest["counts"]["pictures"] == 1
    assert [path.name for path in (tmp_path / "out" / "pictures").iterdir()] == [
        first["file"].removeprefix("pictures/")
    ]


def test_events_come_along_with_what_the_book_says_of_them(cop, other, ada, cleo, tmp_path):
    for community, by in ((cop, ada), (other, cleo)):
        events.plan(community=community, title="Call", starts_at=SENT, ends_at=SENT + timedelta(hours=1), by=by)
    handing_out.export(cop, tmp_path / "out")
    [event] = json.loads((tmp_path / "out" / "community.json").read_text())["events"]
    assert (event["title"], event["state"], event["starts_at"]) == ("Call", "draft", "2024-03-05T15:00:00Z")
    [line] = (tmp_path / "out" / "audit.jsonl").read_text().splitlines()
    assert json.loads(line)["fact"] == "events.event.planned"


def test_files_stay_inside_the_folder(talk, cop, tmp_path):
    handing_out.export(cop, tmp_path / "out")
    [file] = (tmp_path / "out" / "attachments").iterdir()
    assert file.read_bytes() == b"file"
    assert file.name.endswith("pass wd.txt")


def test_manifest_names_each_file_with_its_digest(talk, cop, ben, tmp_path):
    manifest = handing_out.export(cop, tmp_path / "out")
    assert manifest["counts"] == {
        "messages": 2, "members": 1, "attachments": 1, "versions": 0, "pictures": 0, "audit_entries": 0,
    }  # fmt: skip
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert set(manifest["files"]) == names - {"manifest.json"}
    for name, told in manifest["files"].items():
        assert sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == told["sha256"]


def test_folder_with_something_in_it_is_refused_and_left_alone(cop, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(handing_out.NotEmpty, match="is not empty"):
        handing_out.export(cop, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_empty_folder_will_do(cop, tmp_path):
    (tmp_path / "out").mkdir()
    handing_out.export(cop, tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_manager_may_export_and_it_stands_in_the_book(cop, ada, tmp_path):
    handing_out.export(cop, tmp_path / "out", by=ada)
    assert Entry.objects.get(fact="records.community.exported").by == ada.name


def test_member_and_manager_of_another_community_may_not_export(cop, other, ben, cleo, tmp_path):
    for person in (ben, cleo):
        with pytest.raises(Refused):
            handing_out.export(cop, tmp_path / "out", by=person)
    assert not (tmp_path / "out").exists()
