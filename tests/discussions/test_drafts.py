"""What was typed is not lost: drafts, and words that come back after signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from junto.discussions import actions, queries, rules, tasks
from junto.discussions.models import Draft, DraftFile, Message, Thread

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"
NEW = f"{BASE}new/"
TICKET = "0123456789abcdef01234567"
TYPED = {"kind": "job", "subject": "Analyst", "closing_date": "soon", "body": "Come to us.", "ticket": TICKET}
HTMX = {"HTTP_HX_REQUEST": "true"}


def words(answer) -> str:
    return answer.content.decode()


def test_a_draft_is_saved_as_typed_and_found_again(client_of, ben):
    answer = client_of(ben).post(f"{NEW}draft/", TYPED, **HTMX)
    assert "Draft saved at" in words(answer)
    page = words(client_of(ben).get(NEW))
    for kept in ('value="Analyst"', "Come to us.", 'value="soon"', "have not sent it"):
        assert kept in page
    client_of(ben).post(f"{NEW}draft/", {**TYPED, "subject": "Two analysts"}, **HTMX)
    assert Draft.objects.get().subject == "Two analysts"


def test_the_button_saves_without_a_script(client_of, ben):
    page = client_of(ben).post(f"{NEW}draft/", TYPED, follow=True)
    assert page.redirect_chain == [(NEW, 302)]
    assert "Your draft is saved." in words(page)


def test_each_place_has_its_own_draft(send, client_of, ada, ben):
    send("question")
    client_of(ada).post(f"{BASE}1/draft/", {"body": "About this one"}, **HTMX)
    client_of(ada).post(f"{NEW}draft/", {"subject": "About another"}, **HTMX)
    assert Draft.objects.count() == 2
    assert "About this one" in words(client_of(ada).get(f"{BASE}1/"))
    assert "About this one" not in words(client_of(ben).get(f"{BASE}1/"))


def test_my_drafts_are_listed_and_can_be_discarded(send, client_of, ada, ben, django_assert_num_queries):
    send("question")
    client = client_of(ada)
    client.post(f"{BASE}1/draft/", {"body": "Half a reply"}, **HTMX)
    client.post(f"{NEW}draft/", {"subject": "Half a question"}, **HTMX)
    page = words(client.get("/me/"))
    assert "My drafts" in page
    assert "Half a question" in page
    assert f'href="{BASE}1/#reply"' in page
    with django_assert_num_queries(1):
        assert len(queries.drafts_of(ada)) == 2
    draft = Draft.objects.get(place="new")
    asks = client.get(f"{BASE}drafts/{draft.pk}/")
    assert "Half a question" in words(asks)
    assert Draft.objects.count() == 2
    client.post(f"{BASE}drafts/{draft.pk}/")
    assert Draft.objects.get().place != "new"


def test_a_draft_is_its_writer_s_alone(client_of, ada, ben):
    client_of(ben).post(f"{NEW}draft/", {**TYPED, "files": [SimpleUploadedFile("a.txt", b"hi")]})
    draft = Draft.objects.get()
    for path in (f"{BASE}drafts/{draft.pk}/", f"{BASE}drafts/{draft.pk}/files/1/"):
        assert client_of(ben).get(path).status_code == 200
        assert client_of(ada).get(path).status_code == 404
        assert Client().get(path).status_code == 302
    client_of(ada).post(f"{BASE}drafts/{draft.pk}/")
    assert Draft.objects.exists()


def test_what_was_sent_is_no_draft_any_more(client_of, ada, ben):
    typed = {"subject": "Wait times", "body": "How?", "ticket": TICKET}
    client_of(ben).post(f"{NEW}draft/", typed, **HTMX)
    client_of(ben).post(NEW, typed)
    assert not Draft.objects.exists()
    late = client_of(ben).post(f"{NEW}draft/", typed, **HTMX)
    assert words(late).strip() == ""
    assert not Draft.objects.exists()


def test_what_cannot_be_sent_is_kept(send, client_of, ada, ben):
    send("question")
    Thread.objects.update(closed_at=timezone.now())
    answer = client_of(ada).post(f"{BASE}1/messages/", {"body": "Too late, but long.", "ticket": TICKET})
    assert answer.status_code == 403
    assert "closed" in words(answer)
    assert Draft.objects.get().body == "Too late, but long."


def test_a_draft_outlives_its_discussion(send, client_of, ada, ben):
    send("question")
    client_of(ada).post(f"{BASE}1/draft/", {"body": "Still worth saying"}, **HTMX)
    Thread.objects.all().delete()
    page = words(client_of(ada).get("/me/"))
    assert "no longer there" in page
    assert "Still worth saying" in page


def test_nothing_written_is_no_draft(client_of, ben):
    client_of(ben).post(f"{NEW}draft/", TYPED, **HTMX)
    client_of(ben).post(f"{NEW}draft/", {"subject": " ", "body": ""}, **HTMX)
    assert not Draft.objects.exists()
    assert "nothing to save yet" in words(client_of(ben).post(f"{NEW}draft/", {}, follow=True))


def test_files_come_by_script_one_after_the_other(client_of, ben):
    client = client_of(ben)
    sent = {"subject": "", "body": "", "files": [SimpleUploadedFile("a.txt", b"hi", content_type="text/plain")]}
    page = words(client.post(f"{NEW}files/", sent, **HTMX))
    assert "a.txt" in page
    assert "<html" not in page
    page = words(client.post(f"{NEW}files/", {"remove": "1"}, **HTMX))
    assert "a.txt" not in page
    assert not DraftFile.objects.exists()
    assert "it is empty" in words(client.post(f"{NEW}files/", {"files": [SimpleUploadedFile("b.txt", b"")]}, **HTMX))
    assert client.post(f"{NEW}files/", sent).url == NEW


@pytest.mark.parametrize("path", ["new/", "new/draft/"])
def test_whoever_was_signed_out_finds_their_words_again(path, client_of, ben):
    client = Client()
    answer = client.post(BASE + path, {**TYPED, "closing_date": ""})
    assert answer.url == f"/sign-in/?next={NEW}"
    assert not Message.objects.exists()
    client.force_login(ben)
    page = words(client.get(NEW))
    assert "Come to us." in page
    assert not Draft.objects.exists()
    client.post(f"{NEW}draft/", {"subject": "Now it is a draft", "body": ""}, **HTMX)
    assert "Come to us." not in words(client.get(NEW))


def test_saving_by_script_says_that_one_was_signed_out(cop):
    answer = words(Client().post(f"{NEW}draft/", TYPED, **HTMX))
    assert "You have been signed out" in answer
    assert f"/sign-in/?next={NEW}" in answer


def test_words_of_another_place_or_of_long_ago_do_not_come_back(send, client_of, ada, ben, settings):
    send("question")
    client = Client()
    client.post(f"{BASE}1/messages/", {"body": "For the reply"})
    client.force_login(ada)
    assert "For the reply" not in words(client.get(NEW))
    assert "For the reply" in words(client.get(f"{BASE}1/"))
    session = client.session
    session["typed"] = {**session["typed"], "at": session["typed"]["at"] - 3 * 60 * 60}
    session.save()
    assert "For the reply" not in words(client.get(f"{BASE}1/"))


def test_drafts_are_gone_after_ninety_days(client_of, ben):
    client_of(ben).post(f"{NEW}draft/", {**TYPED, "files": [SimpleUploadedFile("a.txt", b"hi")]})
    assert tasks.sweep_drafts.func() == 0
    Draft.objects.update(saved_at=timezone.now() - rules.DRAFTS_LAST - timedelta(hours=1))
    assert tasks.sweep_drafts.func() == 1
    assert not DraftFile.objects.exists()


def test_who_leaves_the_site_takes_their_drafts_along(client_of, ben):
    client_of(ben).post(f"{NEW}draft/", TYPED)
    actions.sign_over(person=ben, keeps_name=True, by=ben)
    assert not Draft.objects.exists()


def test_others_keep_no_drafts_here(client_of, cleo, eve, cop):
    for person in (cleo, eve):
        assert client_of(person).post(f"{NEW}draft/", TYPED).status_code == 403
    assert not Draft.objects.exists()
