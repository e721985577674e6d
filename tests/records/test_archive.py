"""An archive comes in whole, once, and says what had to be mended."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from junto.discussions.models import Attachment, Message, Thread
from junto.kit.rulings import Refused
from junto.mail import store
from junto.people.models import DomainRule, Level, Person
from junto.records.actions import archive
from junto.search import queries as search
from tests.records.archives import DIRTY, dirty, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def epa_counts(epa):
    DomainRule.objects.create(
        pattern="epa.gov", verdict="government", agency=epa, level=Level.FEDERAL_EXECUTIVE, note="for the test"
    )


@pytest.fixture
def taken(cop, ben, epa_counts, tmp_path):
    return archive.take(dirty(tmp_path), community=cop)


def of(message_id: str, number: int = 0) -> Message:
    return Message.objects.filter(message_id=message_id).order_by("pk")[number]


def rows(community):
    """Everything that two runs must agree on, without keys."""
    messages = Message.objects.filter(community=community).order_by("sent_at", "message_id", "fingerprint")
    return list(
        messages.values_list(
            "message_id", "fingerprint", "thread__number", "parent__message_id", "depth", "sent_at", "shown", "raw"
        )
    ), list(
        Thread.objects.filter(community=community)
        .order_by("number")
        .values_list("number", "subject", "message_count", "started_at", "last_at", "author_name")
    )


def found(words, community):
    return search.find(words, labels=[f"community:{community.pk}"]).total


def test_every_letter_is_counted_and_a_second_copy_is_no_second_message(taken):
    assert (taken.read, taken.taken, taken.already_there, taken.skipped) == (7, 6, 1, 0)
    assert Message.objects.filter(came_by="import").count() == 6


def test_replies_stand_in_the_thread_of_what_they_answer(taken, cop):
    assert of("three@gsa.gov").parent == of("two@epa.gov")
    assert of("two@epa.gov").parent == of("one@gsa.gov")
    thread = of("one@gsa.gov").thread
    assert (thread.subject, thread.message_count, thread.author_name) == ("Forms", 4, "Ada Alvarez")
    cop.refresh_from_db()
    assert cop.next_number == Thread.objects.count() + 1
    assert thread.started_at == datetime(2024, 3, 4, 10, tzinfo=UTC)


def test_a_repeated_message_id_with_other_words_is_kept(taken):
    assert [m.text.strip() for m in Message.objects.filter(message_id="one@gsa.gov").order_by("sent_at")][1] == (
        "The same id, other words."
    )


def test_dates_are_mended_from_what_stands_around_them(taken):
    assert Message.objects.get(subject="No id, no date").sent_at == datetime(2024, 3, 4, 12, tzinfo=UTC)
    assert of("three@gsa.gov").sent_at == datetime(2024, 3, 4, 13, 0, 30, tzinfo=UTC)


def test_each_repair_names_its_place(taken):
    told = {(p.where, p.what, p.done) for p in taken.problems}
    place = f"cx-cop.mbox, message 3 at byte {DIRTY.index(b'From: stranger'):,}"
    assert (place, "Message-ID is missing", "one was made from its bytes") in told
    assert any(where == place and "yesterday" in what for where, what, _ in told)
    assert taken.repaired == len(taken.problems)


def test_who_is_known_is_linked_nobody_is_made_and_the_agency_is_judged(taken, ben):
    two = of("two@epa.gov")
    assert (two.author, two.author_name, two.author_email, two.author_agency) == (ben, "Ben Brooks", ben.email, "EPA")
    assert of("late@epa.gov").author is None
    assert of("late@epa.gov").author_agency == "EPA"
    assert not Person.objects.filter(email__in=["cleo@epa.gov", "stranger@example.com"]).exists()


def test_the_letter_that_was_read_can_be_had_again(taken):
    assert b"\nFrom here on it is quoted.\nFrom what" in store.get(of("one@gsa.gov").raw)
    assert "script" not in of("two@epa.gov").shown


def test_files_stay_in_the_letter_and_come_out_on_the_web(taken, cop, ben, client_of):
    two = of("two@epa.gov")
    files = list(
        Attachment.objects.filter(message=two).order_by("position").values_list("position", "file_name", "key")
    )
    assert files == [(1, "forms.csv", ""), (2, "two.bin", "")]
    page = reverse("discussions:attachment", args=[cop.slug, two.thread.number, two.pk, 1])
    answer = client_of(ben).get(page)
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert body == b"a,b\n1,2\n"


def test_thread_page_search_and_old_message_id_lead_to_it(taken, cop, ben, client_of):
    client, two = client_of(ben), of("two@epa.gov")
    assert "Short ones." in client.get(two.thread.get_absolute_url()).content.decode()
    answer = client.get(reverse("discussions:message-by-id", args=[cop.slug]), {"id": "<two@epa.gov>"})
    assert answer.status_code in (301, 302)
    assert f"#message-{two.pk}" in answer["Location"]
    assert found("neither", cop) == 1


def test_second_run_changes_nothing_and_loses_nothing(taken, cop, tmp_path):
    before = rows(cop)
    again = archive.take(tmp_path / "cx-cop.mbox", community=cop)
    assert (again.read, again.taken, again.already_there, again.skipped) == (7, 0, 7, 0)
    assert again.problems == []
    assert rows(cop) == before


def test_a_letter_that_came_alive_is_known_again_under_its_archived_footer(cop, ben, tmp_path):
    thread = Thread.objects.create(
        community=cop, number=1, subject="Topic 0", started_at=datetime(2024, 3, 4, tzinfo=UTC),
        last_at=datetime(2024, 3, 4, tzinfo=UTC), message_count=1,
    )  # fmt: skip
    cop.next_number = 2
    cop.save()
    live = Message.objects.create(
        community=cop, thread=thread, message_id="m2@epa.gov", in_reply_to="m0@epa.gov", references=["m0@epa.gov"],
        sent_at=datetime(2024, 3, 4, 0, 2, tzinfo=UTC), text="Words of", subject="Topic 0",
    )  # fmt: skip
    path = tmp_path / "a.mbox"
    path.write_bytes(plain(4))
    report = archive.take(path, community=cop)
    assert (report.taken, report.already_there) == (3, 1)
    live.refresh_from_db()
    assert live.parent == of("m0@epa.gov")
    assert of("m0@epa.gov").thread == thread
    thread.refresh_from_db()
    assert thread.message_count == 2


def test_late_parents_are_joined_to_the_replies_that_were_there(cop, tmp_path):
    newer, older, whole = tmp_path / "newer", tmp_path / "older", tmp_path / "whole"
    newer.write_bytes(plain(10, start=10))
    older.write_bytes(plain(10))
    archive.take(newer, community=cop)
    archive.take(older, community=cop)
    whole.write_bytes(plain(20))
    assert archive.take(whole, community=cop).already_there == 20
    assert of("m10@epa.gov").parent == of("m8@epa.gov")
    assert of("m10@epa.gov").depth == 5
    assert sorted(Thread.objects.values_list("message_count", flat=True)) == [10, 10]


def test_a_folder_with_packed_and_broken_files_is_read_on(cop, tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "2024.mbox.gz").write_bytes(gzip.compress(plain(3)))
    (folder / "broken.mbox.gz").write_bytes(b"no gzip at all")
    (folder / "empty.mbox").write_bytes(b"")
    (folder / "notes.json").write_bytes(b'{"not": "a letter"}\n')
    (folder / "LIST.LOG2401A").write_bytes(b"=" * 73 + b"\n" + plain(1, start=9).partition(b"\n")[2])
    report = archive.take(folder, community=cop)
    assert (report.read, report.taken, report.skipped) == (5, 4, 2)
    assert {p.where.partition(",")[0] for p in report.problems if p.done == "skipped"} == {
        "broken.mbox.gz",
        "notes.json",
    }


def test_who_does_not_run_the_site_may_not(cop, ben, tmp_path):
    with pytest.raises(Refused):
        archive.take(dirty(tmp_path), community=cop, by=ben)


def test_progress_is_told(cop, tmp_path, monkeypatch):
    path, heard = tmp_path / "a.mbox", []
    path.write_bytes(plain(250))
    monkeypatch.setattr(archive, "BATCH", 100)
    archive.take(path, community=cop, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(100, 250), (200, 250), (250, 250)]


def test_types_are_read_from_the_subjects_of_an_archive(cop, tmp_path):
    box = tmp_path / "typed"
    box.write_text(
        "From a@epa.gov Mon Mar  2 10:00:00 2015\n"
        "From: A <a@epa.gov>\nMessage-ID: <t1@epa.gov>\nDate: Mon, 2 Mar 2015 10:00:00 -0500\n"
        "Subject: [CX-COP] JOB: analyst, closes 3/20\n\nApply.\n\n"
        "From a@epa.gov Mon Mar  2 11:00:00 2015\n"
        "From: A <a@epa.gov>\nMessage-ID: <t2@epa.gov>\nDate: Mon, 2 Mar 2015 11:00:00 -0500\n"
        "Subject: Q: Who has a script?\n\nPlease tell.\n"
    )
    archive.take(box, community=cop)
    told = Thread.objects.order_by("number").values_list("kind", "closing_date")
    assert list(told) == [("job", date(2015, 3, 20)), ("question", None)]
