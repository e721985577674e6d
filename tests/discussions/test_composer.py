"""Writing on the web: what is looked at before it goes out, files, and pictures with words."""

from __future__ import annotations

from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from junto.communities.models import Delivery, Moderation, Readers
from junto.discussions import tasks
from junto.discussions.models import Attachment, Draft, HeldPost, Message, Thread
from tests.conftest import enroll

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"
NEW = f"{BASE}new/"
TICKET = "0123456789abcdef01234567"
TYPED = {"subject": "Wait times", "body": "How do **you** count?", "ticket": TICKET}
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
HTMX = {"HTTP_HX_REQUEST": "true"}


def picture(name="chart.png", content=PNG, kind="image/png"):
    return SimpleUploadedFile(name, content, content_type=kind)


def words(answer) -> str:
    return answer.content.decode()


def sent_with(client, *files, **more):
    return client.post(NEW, {**TYPED, "files": list(files), **more})


def test_a_picture_is_asked_for_its_words_before_it_goes_out(client_of, ada, ben):
    page = sent_with(client_of(ben), picture())
    assert "Say what the picture shows, or that it is decoration." in words(page)
    assert 'name="alt-1"' in words(page)
    assert not Message.objects.exists()
    page = client_of(ben).post(NEW, {**TYPED, "alt-1": "Calls wait four minutes in March."})
    file = Attachment.objects.get()
    assert (file.alt, file.is_shown, file.content_type) == ("Calls wait four minutes in March.", True, "image/png")
    shown = words(client_of(ben).get(f"{BASE}1/"))
    assert 'alt="Calls wait four minutes in March."' in shown
    assert f'src="{BASE}1/messages/{file.message_id}/files/1/"' in shown
    assert not Draft.objects.exists()


def test_mail_copies_carry_the_files_with_what_they_show(client_of, ada, ben, carried):
    report = SimpleUploadedFile("Größe.csv", b"a,b\n", content_type="text/csv")
    sent_with(client_of(ben), picture(), report, **{"alt-1": "ignored, it was not there yet"})
    client_of(ben).post(NEW, {**TYPED, "alt-1": "Wartezeit in März"})
    copy = carried("post")[0].mail
    enclosed = [(part.get_filename(), part.get_content_type()) for part in copy.iter_attachments()]
    assert enclosed == [("chart.png", "image/png"), ("Größe.csv", "text/csv")]
    assert [str(part["Content-Description"] or "") for part in copy.iter_attachments()] == ["Wartezeit in März", ""]
    assert next(copy.iter_attachments()).get_content() == PNG


def test_decoration_needs_no_words(client_of, ada, ben):
    sent_with(client_of(ben), picture())
    client_of(ben).post(NEW, {**TYPED, "alt-1": "", "decoration-1": "on"})
    assert Attachment.objects.get().alt == ""
    assert 'alt=""' in words(client_of(ben).get(f"{BASE}1/"))


def test_an_action_lets_no_picture_without_words_pass(client_of, ada, ben):
    from junto.discussions import actions
    from junto.kit.rulings import Refused

    sent_with(client_of(ben), picture())
    draft = Draft.objects.get()
    with pytest.raises(Refused, match="Say what each picture shows"):
        actions.start(community=draft.community, subject="s", body="b", draft=draft, by=ben)
    with pytest.raises(Refused, match="no such draft"):
        actions.start(community=draft.community, subject="s", body="b", draft=draft, by=ada)


def test_pictures_of_letters_stay_files(send, ada, ben):
    send("files")
    assert not Attachment.objects.filter(is_shown=True).exists()


def test_what_says_that_it_is_a_picture_and_is_none_is_only_saved(client_of, ada, ben):
    sent_with(client_of(ben), picture("x.png", b"<script>alert(1)</script>"))
    file = Attachment.objects.get()
    assert (file.content_type, file.is_shown) == ("application/octet-stream", False)


def test_a_page_as_attachment_is_only_ever_saved(client_of, ada, ben):
    sent_with(client_of(ben), SimpleUploadedFile("x.html", b"<script>", content_type="text/html"))
    answer = client_of(ben).get(f"{BASE}1/messages/{Message.objects.get().pk}/files/1/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_too_much_is_not_taken_and_nothing_is_sent(client_of, cop, ada, ben):
    cop.largest_post = 1_000
    cop.save()
    page = sent_with(client_of(ben), SimpleUploadedFile("big.pdf", b"x" * 800, content_type="application/pdf"))
    assert "“big.pdf” is not attached" in words(page)
    assert not Message.objects.exists()
    assert Draft.objects.get().files.count() == 0


def test_ten_files_are_enough(client_of, ada, ben):
    files = [SimpleUploadedFile(f"{n}.txt", b"x", content_type="text/plain") for n in range(12)]
    page = words(sent_with(client_of(ben), *files))
    assert "10 files at most" in page
    assert Draft.objects.get().files.count() == 10


def test_files_can_be_attached_and_removed_without_a_script(client_of, ada, ben):
    client = client_of(ben)
    page = client.post(NEW, {"subject": "", "body": "", "files": [picture(), picture("b.png")], "attach": "1"})
    assert page.status_code == 200
    assert "chart.png" in words(page)
    assert "Please check" not in words(page)
    page = client.post(NEW, {"subject": "Half", "body": "", "remove": "1"})
    assert "chart.png" not in words(page)
    assert 'value="Half"' in words(page)
    assert [file.file_name for file in Draft.objects.get().files.all()] == ["b.png"]


def test_the_preview_shows_the_message_with_its_picture(client_of, ada, ben):
    page = words(sent_with(client_of(ben), picture(), preview="1", **{"alt-1": "A chart"}))
    draft = Draft.objects.get()
    assert "<strong>you</strong>" in page
    assert f'src="{BASE}drafts/{draft.pk}/files/1/"' in page
    assert client_of(ben).get(f"{BASE}drafts/{draft.pk}/files/1/").content == PNG


def test_a_preview_in_place_is_a_part_of_the_page(client_of, ada, ben):
    page = words(client_of(ben).post(NEW, {**TYPED, "preview": "1"}, **HTMX))
    assert "<strong>you</strong>" in page
    assert "Send to 1 person" in page
    assert "<html" not in page
    faulty = client_of(ben).post(NEW, {**TYPED, "body": "", "preview": "1"}, **HTMX)
    assert faulty.status_code == 200, "htmx puts no refused part in its place"
    assert "Write your message before you send it." in words(faulty)


def test_it_counts_people_agencies_and_digests_without_the_author(client_of, cop, ada, ben, cleo, dov, eve):
    enroll(cleo, cop)
    enroll(dov, cop, delivery=Delivery.DAILY)
    enroll(eve, cop, delivery=Delivery.NONE)
    page = words(client_of(ben).get(NEW))
    assert "This goes to 2 people in 2 agencies by mail" in page
    assert "1 person more reads it in their next digest." in page
    assert "Send to 2 people" in page


def test_a_reply_says_to_whom_it_goes_when_one_begins_to_write(
    send, client_of, ada, ben, django_assert_max_num_queries
):
    send("question")
    client = client_of(ada)
    page = words(client.get(f"{BASE}1/"))
    assert f'hx-get="{BASE}1/reach/"' in page
    assert "This goes to" not in page
    with django_assert_max_num_queries(10):
        assert "This goes to 1 person in one agency" in words(client.get(f"{BASE}1/reach/"))


@pytest.fixture
def archive(send, client_of, ada, ben):
    """Ben asked how to measure wait times, and it is in the index."""
    send("question")
    tasks.index_messages.func(list(Message.objects.values_list("pk", flat=True)))
    return Thread.objects.get()


def test_an_earlier_discussion_is_shown_once_before_a_new_one_goes_out(archive, client_of, ada):
    typed = {**TYPED, "subject": "Measuring wait times of callers"}
    page = words(client_of(ada).post(NEW, typed))
    assert "Was this asked before?" in page
    assert archive.get_absolute_url() in page
    assert Thread.objects.count() == 1
    client_of(ada).post(NEW, {**typed, "seen_earlier": "1"})
    assert Thread.objects.count() == 2


def test_earlier_discussions_say_whether_they_were_answered(archive, client_of, ada, django_assert_max_num_queries):
    client = client_of(ada)
    with django_assert_max_num_queries(12):
        page = words(client.get(f"{NEW}earlier/", {"subject": "How do others measure wait times?"}))
    assert "j-state--open" in page
    Thread.objects.update(answered_at=archive.started_at)
    assert "j-state--answered" in words(client.get(f"{NEW}earlier/", {"subject": "measure wait times"}))
    assert words(client.get(f"{NEW}earlier/", {"subject": "Parking"})).strip() == ""
    assert words(client.get(f"{NEW}earlier/")).strip() == ""


def test_earlier_discussions_are_only_those_that_one_may_read(archive, cop, client_of, cleo, other):
    address = "/communities/web-managers/discussions/new/earlier/"
    asked = {"subject": "How do you measure wait times?"}
    assert words(client_of(cleo).get(address, asked)).strip() == ""
    cop.readers = Readers.PUBLIC
    cop.save()
    page = words(client_of(cleo).get(address, asked))
    assert archive.get_absolute_url() in page
    assert "Customer Experience" in page


def test_other_words_under_the_same_ticket_are_another_message(client_of, ada, ben):
    client_of(ben).post(NEW, TYPED)
    client_of(ben).post(NEW, {**TYPED, "body": "Something else."})
    assert Message.objects.count() == 2


def test_a_press_repeated_with_files_posts_once(client_of, ada, ben):
    report = {"files": [SimpleUploadedFile("r.txt", b"x", content_type="text/plain")]}
    client_of(ben).post(NEW, {**TYPED, **report})
    again = client_of(ben).post(NEW, {**TYPED, "files": [SimpleUploadedFile("r.txt", b"x", content_type="text/plain")]})
    assert again.url == f"{BASE}1/#message-{Message.objects.get().pk}"
    assert Attachment.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_held_post_keeps_its_files_and_their_words(client_of, cop, ada, ben):
    cop.moderation = Moderation.ALL
    cop.save()
    sent_with(client_of(ben), picture())
    client_of(ben).post(NEW, {**TYPED, "alt-1": "A chart"})
    client_of(ada).post(f"{BASE}held/{HeldPost.objects.get().pk}/decision/", {"outcome": "accepted"})
    file = Attachment.objects.get()
    assert (file.alt, file.is_shown) == ("A chart", True)


def test_types_are_chosen_and_not_typed(client_of, ada, ben):
    page = words(client_of(ben).get(NEW))
    for kind in ("question", "discuss", "article", "job", "event"):
        assert f'type="radio" name="kind" value="{kind}"' in page
    client_of(ben).post(NEW, {**TYPED, "kind": "question"})
    assert Thread.objects.get().kind == "question"


def test_a_reply_with_a_file(send, client_of, ada, ben):
    send("question")
    report = SimpleUploadedFile("r.txt", b"x", content_type="text/plain")
    client_of(ada).post(f"{BASE}1/messages/", {"body": "See there.", "ticket": TICKET, "files": [report]})
    assert Attachment.objects.get().message.thread.number == 1


def test_strangers_see_no_composer(send, client_of, cop, ada, ben):
    cop.readers = Readers.PUBLIC
    cop.save()
    send("question")
    assert "j-composer" not in words(Client().get(f"{BASE}1/"))
