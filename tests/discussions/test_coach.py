"""The coach: each hint with a draft that earns it and drafts that do not; what comes of it by mail and on the web."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Community, Hint
from junto.discussions import tasks
from junto.discussions.models import HeldPost, HintGiven, Message
from junto.discussions.rules import COACH, Severity, advice, coach, own_words
from junto.mail import mbox, reading
from tests.discussions.test_misdirected import saying

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"
HARD = (
    "The operationalization of interdepartmental accountability methodologies necessitates comprehensive reconsideration of the "
    "organizational infrastructure that is responsible for the implementation of administrative modernization initiatives. "
) * 6
EASY = "We count the people who come to the counter. It is not hard to do, and it helps us to plan the day. " * 8
WITH_SSN = "Her number is 219-45-6789, can you look it up in your system?"


def names(subject="How do you measure it?", words="", **more):
    draft = coach.Draft(subject, words, words, **more)
    return {one.name for one in advice(draft, Community())}


def image(attributes):
    return f"<p>Look:</p><img src='x.png' {attributes}><p>Ben</p>"


@pytest.mark.parametrize(
    ("hint", "draft"),
    [
        ("ssn", {"words": WITH_SSN}),
        ("ssn", {"words": "SSN: 219456789"}),
        ("ssn", {"words": "his Social Security number 219 45 6789"}),
        ("personal", {"words": "Write to her at jane.doe@gmail.com instead."}),
        ("personal", {"words": "My home address is 12 Elm Street."}),
        ("personal", {"words": "Her cell phone number is (202) 555-0199"}),
        ("banner", {"words": "CUI//SP-PRVCY\n\nPlease see below."}),
        ("banner", {"words": "FOR OFFICIAL USE ONLY\nThe draft says..."}),
        ("banner", {"words": "Attached is the memo.\n\n** PRE-DECISIONAL // DELIBERATIVE **"}),
        ("banner", {"subject": "[FOUO] Draft plan", "words": "See it."}),
        ("banner", {"words": "(CUI) The system is at risk."}),
        ("endorsement", {"words": "I highly recommend Qualtrics. We love it."}),
        ("endorsement", {"words": "Medallia is hands down the best platform."}),
        ("endorsement", {"words": "It is the best tool on the market."}),
        ("endorsement", {"words": "Everyone should switch to Granicus."}),
        ("files", {"size": 12_000_000}),
        ("alt_text", {"html": image("")}),
        ("alt_text", {"html": image('alt=""')}),
        ("link_text", {"html": '<p>For the guide <a href="https://x.gov"><b>click here</b></a>.</p>'}),
        ("subject", {"subject": ""}),
        ("subject", {"subject": "PLEASE READ THIS NOW"}),
        ("subject", {"subject": "Question"}),
        ("reading", {"words": HARD}),
        (
            "disclaimer",
            {"words": "Hello\n\nThis e-mail and any attachments are confidential and intended solely for you."},
        ),
    ],
)
def test_the_coach_sees(hint, draft):
    assert hint in names(**draft)


@pytest.mark.parametrize(
    ("hint", "draft"),
    [
        ("ssn", {"words": "Call 202-555-0147 or 1-800-555-0199."}),
        ("ssn", {"words": "000-12-3456, 666-12-3456, 912-12-3456, 219-00-1234 and 219-45-0000 were never issued"}),
        ("ssn", {"words": "ZIP 20460-1234, grant 219456789, https://x.gov/219-45-67890"}),
        ("ssn", {"words": "1 219 45 6789 22 in a row of numbers"}),
        ("personal", {"words": "Write to jane.doe@epa.gov, or call our desk at (202) 555-0199."}),
        ("personal", {"words": "I wrote this myself, me@gmail.com", "email": "me@gmail.com"}),
        ("banner", {"words": "How do you mark CUI in a survey? We are confused by what is CONFIDENTIAL."}),
        ("banner", {"subject": "Questions about CUI training", "words": "Any tips?"}),
        ("banner", {"words": "(C) 2025 by the authors"}),
        ("endorsement", {"words": "What is the best tool for surveys?"}),
        ("endorsement", {"words": "I highly recommend reading the guide. The best way is to ask people."}),
        ("endorsement", {"words": "We use Qualtrics and Medallia; both have a FedRAMP authorization."}),
        ("files", {"size": 400_000}),
        ("alt_text", {"html": image('alt="A chart of wait times"')}),
        ("alt_text", {"html": image('width="1" height="1"')}),
        ("alt_text", {"html": f"<p>Hi</p><blockquote>{image('')}</blockquote>"}),
        ("alt_text", {"html": f'<p>Hi</p><div class="gmail_signature">{image("")}</div>'}),
        ("link_text", {"html": '<a href="https://x.gov">The guide to surveys</a>'}),
        ("subject", {"subject": "", "is_reply": True}),
        ("subject", {"subject": "FEMA NEPA"}),
        ("reading", {"words": EASY}),
        ("reading", {"words": HARD[:200]}),
        ("disclaimer", {"words": "How do you handle confidential answers?"}),
    ],
)
def test_the_coach_does_not_mind(hint, draft):
    assert hint not in names(**draft)


def test_every_hint_of_the_settings_is_in_the_table():
    assert set(COACH) == set(Hint.values)
    assert {matters for _, matters, _ in COACH.values()} == set(Severity)


@pytest.mark.parametrize("name", Hint.values)
def test_each_hint_can_be_switched_off(name):
    draft = coach.Draft("", WITH_SSN, size=12_000_000)
    assert name not in {one.name for one in advice(draft, Community(coach_skips=[name]))}
    assert advice(draft, Community(coach_is_on=False)) == []


def test_the_number_itself_is_not_repeated():
    [hint] = advice(coach.Draft("x y z", WITH_SSN), Community())
    assert "219-45" not in hint.words


def test_a_quotation_earns_no_hint():
    assert "ssn" not in names(words=own_words(f"Please do not post that.\n\nOn Monday Ben wrote:\n> {WITH_SSN}"))


def test_what_may_do_harm_goes_out_in_ten_minutes_unless_its_author_stops_it(send, ada, ben, carried):
    assert "may_do_harm" in send("question", change=saying(WITH_SSN)).words
    held = HeldPost.objects.get()
    assert (held.waits_for, held.rule) == ("clock", "may_do_harm")
    [copy] = carried("think_again")
    assert copy.recipient == "ben@epa.gov"
    assert "goes to everyone on CX-COP in 10 minutes" in copy.words
    assert "219-45" not in copy.words
    HeldPost.objects.update(release_at=timezone.now())
    assert tasks.release_due_posts.func() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("answer", "messages"), [("send", 1), ("drop", 0)])
def test_its_author_decides_at_once(send, ada, ben, carried, answer, messages):
    send("question", change=saying(WITH_SSN))
    page = re.search(r"http://testserver(/posts/send/\S+)", carried("think_again")[0].words)[1]
    assert "looks like a Social Security number" in Client().get(page).content.decode()
    assert not Message.objects.exists()
    Client().post(page, {"answer": answer})
    assert Message.objects.count() == messages
    assert HeldPost.objects.get().is_decided


def test_moderators_do_not_see_what_its_author_thinks_over(send, client_of, ada, ben):
    send("question", change=saying(WITH_SSN))
    held = HeldPost.objects.get()
    assert WITH_SSN not in client_of(ada).get(f"{BASE}held/").content.decode()
    assert client_of(ada).post(f"{BASE}held/{held.pk}/waiting/", {"outcome": "send"}).status_code == 404


def test_a_mild_hint_comes_after_the_post_and_once_a_week(send, ada, ben, carried):
    for number in range(2):
        send(
            "question",
            change=lambda raw, n=number: saying(f"{HARD} {n}")(raw).replace(b"question-1", f"q-{n}".encode()),
        )
    assert Message.objects.count() == 2
    [copy] = carried("hints")
    assert copy.recipient == "ben@epa.gov"
    assert "reads at grade" in copy.words
    HintGiven.objects.update(given_at=timezone.now() - timedelta(days=8))
    send("question", change=lambda raw: saying(f"{HARD} again")(raw).replace(b"question-1", b"q-9"))
    assert len(carried("hints")) == 2


def test_a_member_can_have_no_more_hints(send, ada, ben, carried):
    send("question", change=saying(HARD))
    page = re.search(r"http://testserver(/posts/hints/\S+)", carried("hints")[0].words)[1]
    assert "Send me no more hints" in Client().get(page).content.decode()
    assert not HintGiven.objects.filter(name="").exists()
    Client().post(page)
    HintGiven.objects.exclude(name="").delete()
    send("question", change=lambda raw: saying(f"{HARD} again")(raw).replace(b"question-1", b"q-9"))
    assert len(carried("hints")) == 1


def test_the_web_shows_hints_once_and_then_sends(client_of, ada, ben):
    typed = {"subject": "Wait times", "body": WITH_SSN, "ticket": "c" * 24}
    shown = client_of(ben).post(f"{BASE}new/", typed).content.decode()
    assert "looks like a Social Security number" in shown
    assert "Send it anyway" in shown
    assert not Message.objects.exists()
    seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
    worse = client_of(ben).post(f"{BASE}new/", {**typed, "body": f"{WITH_SSN} Ask jane@gmail.com", "seen": seen})
    assert "private address" in worse.content.decode()
    assert not Message.objects.exists()
    for _ in range(2):
        client_of(ben).post(f"{BASE}new/", {**typed, "seen": seen})
    assert Message.objects.get().came_by == "web"
    assert not HeldPost.objects.exists()


def test_the_preview_shows_hints_and_counts_as_seen(client_of, ada, ben):
    typed = {"subject": "Wait times", "body": "For the guide [click here](https://x.gov).", "ticket": "c" * 24}
    shown = client_of(ben).post(f"{BASE}new/", {**typed, "preview": "1"}).content.decode()
    assert "does not say where it leads" in shown
    seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
    client_of(ben).post(f"{BASE}new/", {**typed, "seen": seen})
    assert Message.objects.exists()


def test_real_posts_seldom_earn_a_hint_of_harm(material):
    posts, harmed = 0, 0
    for path in sorted((material / "mbox-archives" / "r-sig").glob("*.mbox")):
        for place in mbox.slices(path):
            mail = reading.read_fast(mbox.letter_at(path, place.begin, place.length))
            posts += 1
            words = own_words(mail.text)
            draft = coach.Draft(mail.subject, words, words, email=mail.from_address)
            harmed += bool(coach.ssn_like(draft) or coach.marked_banner(draft))
    assert posts > 2_000
    assert harmed <= posts / 1_000


@pytest.mark.parametrize("piece", ["a", "<a>", "<a ", "<img ", "<div "])
def test_what_never_ends_is_read_once(piece):
    """Searched from every start, such a letter costs the square of its length, within the transaction that routes it."""
    endless = (piece * 200_000)[:200_000]
    draft = coach.Draft("Budget figures", endless, endless, endless)
    assert [check(draft) for check, _, _ in coach.COACH.values()].count("") >= len(coach.COACH) - 1
