"""Posts written on the web go the same way as those that come by mail."""

from __future__ import annotations

import pytest
from django.test import Client

from junto.communities.models import Moderation
from junto.discussions.models import HeldPost, Message, Thread

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"
TICKET = "0123456789abcdef01234567"
TYPED = {"subject": "Wait times", "body": "How do **you** count?\n\n<script>alert(1)</script>", "ticket": TICKET}


def test_a_member_starts_a_discussion_and_everyone_gets_it(client_of, ada, ben, carried):
    page = client_of(ben).post(f"{BASE}new/", TYPED)
    message = Message.objects.get()
    assert page.url == f"{BASE}1/#message-{message.pk}"
    assert (message.came_by, message.author, message.subject) == ("web", ben, "Wait times")
    assert message.message_id.endswith("@lists.example.gov")
    assert "<strong>you</strong>" in message.html
    assert "<script" not in message.html + message.shown
    copies = carried("post")
    assert {copy.recipient for copy in copies} == {"ada@gsa.gov", "ben@epa.gov"}
    assert copies[0].mail["Message-ID"] == f"<{message.message_id}>"
    assert "How do **you** count?" in copies[0].words


def test_pressing_twice_posts_once(client_of, ada, ben, carried):
    for _ in range(2):
        client_of(ben).post(f"{BASE}new/", TYPED)
    assert Message.objects.count() == 1
    assert len(carried("post")) == 2


def test_the_form_says_how_many_get_it(client_of, ada, ben):
    assert "This goes to 1 person in one agency by mail" in client_of(ben).get(f"{BASE}new/").content.decode()


def test_a_preview_sends_nothing(client_of, ben):
    page = client_of(ben).post(f"{BASE}new/", {**TYPED, "preview": "1"}).content.decode()
    assert "<strong>you</strong>" in page
    assert "How do **you** count?" in page
    assert not Message.objects.exists()


def test_empty_fields_are_named(client_of, ben):
    page = client_of(ben).post(f"{BASE}new/", {"subject": "", "body": ""})
    assert page.status_code == 422
    assert "Give your message a subject." in page.content.decode()


def test_a_reply_joins_the_thread_for_mail_readers_too(send, client_of, ada, ben, carried):
    send("question")
    client_of(ada).post(f"{BASE}1/messages/", {"body": "We count tickets.", "ticket": TICKET})
    reply = Message.objects.get(came_by="web")
    assert Thread.objects.count() == 1
    assert (reply.parent.message_id, reply.subject) == (
        "question-1@epa.gov",
        "Re: QUESTION: How do you measure wait times?",
    )
    copy = next(c for c in carried("post") if c.mail["Message-ID"] == f"<{reply.message_id}>")
    assert copy.mail["In-Reply-To"] == "<question-1@epa.gov>"
    assert copy.mail["References"] == "<question-1@epa.gov>"


def test_an_empty_reply_shows_the_thread_again(send, client_of, ben):
    send("question")
    page = client_of(ben).post(f"{BASE}1/messages/", {"body": " "})
    assert page.status_code == 422
    assert "Write your message before you send it." in page.content.decode()
    assert Message.objects.count() == 1


def test_a_reply_can_be_looked_at_first(send, client_of, ben):
    send("question")
    page = client_of(ben).post(f"{BASE}1/messages/", {"body": "*so*", "preview": "1"}).content.decode()
    assert "<em>so</em>" in page
    assert Message.objects.count() == 1


def test_moderation_holds_on_the_web_too(client_of, cop, ada, ben, carried):
    cop.moderation = Moderation.ALL
    cop.save()
    page = client_of(ben).post(f"{BASE}new/", TYPED, follow=True)
    assert "waits for a moderator" in page.content.decode()
    assert not Message.objects.exists()
    held = HeldPost.objects.get()
    client_of(ada).post(f"{BASE}held/{held.pk}/decision/", {"outcome": "accepted"})
    message = Message.objects.get()
    assert (message.came_by, message.author) == ("web", ben)
    assert len(carried("post")) == 2


@pytest.mark.parametrize("path", ["new/", "1/messages/"])
def test_others_cannot_post(send, client_of, ada, ben, cleo, eve, other, path):
    send("question")
    assert Client().post(BASE + path, TYPED).status_code == 302
    assert client_of(cleo).post(BASE + path, TYPED).status_code == 403
    assert client_of(eve).post(BASE + path, TYPED).status_code == 403
    assert client_of(ben).post(BASE + path, TYPED).status_code == 302
    assert Message.objects.count() == 2
