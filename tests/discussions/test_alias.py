"""Private replies through the alias of a poster."""

from __future__ import annotations

from itertools import pairwise

import pytest

from junto.discussions import inbound
from junto.discussions.models import Alias, HeldPost, Message
from junto.discussions.queries import alias_address
from junto.mail.router import NeverWorks
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db


@pytest.fixture
def write_to_ben(send, ada, ben, letter):
    """Answer Ben's post to his alias, as Ada unless told otherwise."""
    send("question")
    alias = Alias.objects.get(person=ben)

    def write(change=lambda raw: raw, **how):
        raw = change(letter("private", ALIAS=alias_address(alias)))
        token = alias_address(alias).partition("@")[0].partition(".reply.")[2]
        how.setdefault("sender", "ada@gsa.gov")
        return inbound.reply_to_alias(Arrived(raw, recipient=alias_address(alias), **how), token=token)

    return write


def test_a_private_reply_reaches_the_poster_alone(write_to_ben, carried):
    assert write_to_ben().state == "done"
    [copy] = carried("private_reply")
    assert copy.recipient == "ben@epa.gov"
    assert "Between us: call me." in copy.words
    assert Message.objects.count() == 1


def test_it_shows_nobodys_address(write_to_ben, carried):
    write_to_ben()
    [copy] = carried("private_reply")
    for address in (b"ada@gsa.gov", b"ben@epa.gov", b"cleo@epa.gov"):
        assert address not in copy.raw
    sender = copy.mail["From"].addresses[0]
    assert sender.display_name == "Ada Alvarez (GSA) via CX-COP"
    assert sender.addr_spec == alias_address(Alias.objects.get(person__name="Ada Alvarez"))


def test_the_answer_to_it_goes_back_the_same_way(write_to_ben, carried, letter):
    write_to_ben()
    [first] = carried("private_reply")
    ada_alias = first.mail["From"].addresses[0].addr_spec
    answer = (
        f"From: Ben Brooks <ben@epa.gov>\nTo: {ada_alias}\nSubject: Re: that\nMessage-ID: <back@epa.gov>\n"
        "Date: Tue, 3 Nov 2026 15:00:00 -0500\n\nI will.\n"
    )
    token = ada_alias.partition("@")[0].partition(".reply.")[2]
    inbound.reply_to_alias(Arrived(answer.encode(), sender="ben@epa.gov", recipient=ada_alias), token=token)
    back = carried("private_reply")[-1]
    assert back.recipient == "ada@gsa.gov"
    assert b"ben@epa.gov" not in back.raw
    assert b"ada@gsa.gov" not in back.raw


def test_an_outsider_is_turned_away_kindly(write_to_ben, eve, carried):
    write_to_ben(lambda raw: raw.replace(b"ada@gsa.gov", b"eve@mail.example.com"), sender="eve@mail.example.com")
    assert carried("private_reply") == []
    [copy] = carried("rejected")
    assert copy.recipient == "eve@mail.example.com"
    assert "Only members can write to each other" in copy.words


def test_who_left_is_not_reached(write_to_ben, cop, ben, carried):
    cop.memberships.filter(person=ben).update(state="left")
    write_to_ben()
    assert carried("private_reply") == []
    assert "has left this community" in carried("rejected")[0].words


def test_automatic_mail_is_dropped(write_to_ben, carried):
    assert write_to_ben(lambda raw: b"Auto-Submitted: auto-replied\n" + raw).state == "discarded"
    assert carried("private_reply") == []


def test_an_unproven_private_reply_is_confirmed_first_and_no_moderator_sees_it(
    write_to_ben, cop, ada, carried, client_of
):
    assert write_to_ben(is_proven=False).state == "held"
    held = HeldPost.objects.get()
    assert carried("private_reply") == []
    assert "measure" not in client_of(ada).get("/communities/customer-experience/discussions/held/").content.decode()
    link = next(line for line in carried("please_confirm")[0].words.splitlines() if "/posts/confirm/" in line)
    client_of(ada).post(link.strip().removeprefix("http://testserver"), {"answer": "mine"})
    held.refresh_from_db()
    assert held.outcome == "accepted"
    assert [copy.recipient for copy in carried("private_reply")] == ["ben@epa.gov"]


def test_a_mangled_alias_is_quarantined(write_to_ben, letter):
    with pytest.raises(NeverWorks):
        inbound.reply_to_alias(Arrived(letter("private", ALIAS="x@y.gov")), token="1-0000")


def test_an_outsider_who_confirms_is_told_why_not(write_to_ben, eve, carried):
    from django.test import Client

    write_to_ben(
        lambda raw: raw.replace(b"ada@gsa.gov", b"eve@mail.example.com"),
        sender="eve@mail.example.com",
        is_proven=False,
    )
    link = next(line for line in carried("please_confirm")[0].words.splitlines() if "/posts/confirm/" in line)
    page = Client().post(link.strip().removeprefix("http://testserver"), {"answer": "mine"})
    assert "Only members can write to each other" in page.content.decode()
    assert HeldPost.objects.get().outcome == "rejected"
    assert carried("private_reply") == []


def test_a_letter_that_comes_twice_is_passed_on_once(write_to_ben, carried):
    assert write_to_ben().state == "done"
    assert write_to_ben().words == "This letter was passed on already."
    assert len(carried("private_reply")) == 1
    assert write_to_ben(lambda raw: raw.replace(b"private-1", b"private-2")).state == "done"
    assert len(carried("private_reply")) == 2


def test_an_unproven_letter_that_comes_twice_is_asked_about_once(write_to_ben, carried):
    write_to_ben(is_proven=False)
    assert write_to_ben(is_proven=False).state == "discarded"
    assert len(carried("please_confirm")) == 1


def test_a_conversation_of_three_letters_shows_nobodys_address(write_to_ben, carried):
    write_to_ben(lambda raw: raw.replace(b"<private-1@gsa.gov>", b"<1.ada@gsa.gov>"))
    seen = [carried("private_reply")[-1]]
    for author, words in ((b"ben@epa.gov", b"I will."), (b"ada@gsa.gov", b"Thanks.")):
        last = seen[-1].mail
        alias = last["From"].addresses[0].addr_spec
        raw = b"From: %b\nTo: %b\nSubject: Re: that\nMessage-ID: <2.%b>\nIn-Reply-To: %b\nReferences: %b %b\n\n%b\n" % (
            author,
            alias.encode(),
            author,
            last["Message-ID"].encode(),
            (last["References"] or "").encode(),
            last["Message-ID"].encode(),
            words,
        )
        token = alias.partition("@")[0].partition(".reply.")[2]
        assert (
            inbound.reply_to_alias(Arrived(raw, sender=author.decode(), recipient=alias), token=token).state == "done"
        )
        seen.append(carried("private_reply")[-1])
    assert [copy.recipient for copy in seen] == ["ben@epa.gov", "ada@gsa.gov", "ben@epa.gov"]
    assert not any(b"ada@gsa.gov" in copy.raw or b"ben@epa.gov" in copy.raw for copy in seen)
    for before, after in pairwise(seen):
        assert after.mail["In-Reply-To"] == before.mail["Message-ID"]
    assert seen[0].return_path.endswith("@lists.example.gov")


def test_a_signature_file_does_not_go_along(write_to_ben, carried):
    head = b"\nContent-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHi.\n--b\n"
    sign = b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nada@gsa.gov\n--b--\n"
    write_to_ben(lambda raw: raw.replace(b"\nContent-Type: text/plain\n\nBetween us: call me.\n", head + sign))
    [copy] = carried("private_reply")
    assert "Hi." in copy.words
    assert b"smime.p7s" not in copy.raw
    assert b"ada@gsa.gov" not in copy.raw


def test_a_member_writes_to_an_author_from_the_archive(write_to_ben, client_of, ada, ben, cop):
    thread = "/communities/customer-experience/discussions/1/"
    alias = alias_address(Alias.objects.get(person=ben))
    page = client_of(ada).get(thread).content.decode()
    assert f'href="mailto:{alias}?subject=Re%3A%20QUESTION' in page
    assert "Reply to the author privately" not in client_of(ben).get(thread).content.decode()


def test_who_is_no_member_sees_no_alias(write_to_ben, client_of, eve, cop):
    cop.readers = "public"
    cop.save()
    page = client_of(eve).get("/communities/customer-experience/discussions/1/")
    assert page.status_code == 200
    assert ".reply." not in page.content.decode()
