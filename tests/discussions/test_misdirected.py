"""What somebody sent to everyone by mistake: a wish to leave is answered in private, a short reply is asked about first."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from junto.discussions import inbound, rules
from junto.discussions.models import HeldPost, Message
from junto.discussions.rules import is_a_wish
from junto.discussions.rules.short import is_little
from junto.mail import mbox, reading
from junto.people.models import Address, Person
from tests.conftest import enroll
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db


def saying(words, subject=None, kind=None):
    """Put other words into a sample letter."""

    def change(raw: bytes) -> bytes:
        head, _, _ = raw.partition(b"\n\n")
        if subject is not None:
            head = re.sub(rb"Subject: .*", b"Subject: " + subject.encode(), head)
        if kind is not None:
            head = re.sub(rb"Content-Type: .*", b"Content-Type: " + kind.encode(), head)
        return head + b"\n\n" + words.encode() + b"\n"

    return change


@pytest.fixture
def many(cop):
    """Twenty-five more members, so that a post reaches many."""
    for number in range(25):
        person = Person.objects.create(email=f"m{number}@epa.gov", name=f"Member {number}")
        Address.objects.create(person=person, email=person.email, proved_at=timezone.now())
        enroll(person, cop)


@pytest.fixture
def short(send, ada, ben, many):
    """Ben asked; Ada thanks everyone, and is asked."""
    send("question")
    outcome = send("answer", change=saying("Thanks, Ben!\n\n> how do you measure"))
    return outcome, HeldPost.objects.get()


@pytest.mark.parametrize(
    "words",
    [
        "Please remove me from this list. I have changed jobs.\n\nBen Brooks\nAnalyst, EPA",
        "Hello all, could you please take me off this mailing list? Thank you so much!",
        "I would like to unsubscribe from this list.",
        "How do I unsubscribe?",
        "How do I get off this email chain??",
        "Kindly unsubscribe me",
        "Please delete my email address from your distribution list, thanks.",
        "STOP SENDING ME EMAILS",
        "I no longer wish to receive these emails.",
        "I do not want to be on this list. Please remove me.",
        "remove me from this thread please",
        "Por favor, eliminarme no: bórrenme de esta lista. Gracias.",
        "Quiero darme de baja de la lista, por favor.",
        "Bonjour, merci de me désinscrire de cette liste.",
        "Veuillez me désabonner.",
        "Je ne souhaite plus recevoir ces messages.",
    ],
)
def test_a_wish_to_leave_is_told_in_many_words(words):
    assert is_a_wish(words)


@pytest.mark.parametrize(
    "words",
    [
        "How do I let users unsubscribe from our newsletter?",
        "Please remove me from the schedule for Tuesday.",
        "We want people to unsubscribe easily from this list of theirs.",
        "Can you remove the second question from the list?",
        "Our unsubscribe rate doubled. Has anybody seen this?",
        "I would like to leave the office at five.",
        "Subscribers want to be removed from this list within ten days, says CAN-SPAM.",
        "Take me through this list again?",
        "Please unsubscribe inactive users after a year.",
    ],
)
def test_talk_about_leaving_is_no_wish_to_leave(words):
    assert not is_a_wish(words)


def test_a_long_letter_that_mentions_it_is_a_post():
    assert not is_a_wish("Please remove me from this list. " + "But first a word about our survey of wait times. " * 6)


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("Please take me off this list, thank you.\n\nOn Tue, Nov 3, 2026 Ben wrote:\n> how do you measure", None),
        (
            "Please remove me from this list\n\nFrom: CX-COP\nSent: Tuesday\nTo: list\nSubject: x\n\nHello everyone",
            None,
        ),
        ("\n\n> how do you measure it?", "Re: unsubscribe"),
        ("Thanks, Ada", "Unsubscribe"),
        ("Sent from my iPhone", "remove me"),
    ],
)
def test_whoever_asks_to_leave_gets_the_button_and_nobody_else_sees_it(send, ada, ben, carried, words, subject):
    assert "is_a_misdirected_command" in send("answer", change=saying(words, subject)).words
    assert not Message.objects.exists()
    [copy] = carried("redirected_command")
    assert copy.recipient == "ada@gsa.gov"
    assert "/delivery/" in copy.words


def test_a_wish_in_html_only_is_told(send, ada, ben, carried):
    page = "<html><body><p>Please <b>remove me</b> from this list.</p><blockquote>Hello everyone</blockquote></body></html>"
    send("answer", change=saying(page, kind="text/html; charset=utf-8"))
    assert [copy.recipient for copy in carried("redirected_command")] == ["ada@gsa.gov"]


def test_a_stranger_hears_the_same_answer_once_a_day(send, ada, ben, carried):
    for number in range(3):
        send("from-outside", change=lambda raw, n=number: raw.replace(b"Message-ID: <", f"Message-ID: <{n}".encode()))
    assert len(carried("rejected")) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Thanks!",
        "+1",
        "me too",
        "Same here.",
        "great, thank you Ben",
        "Congratulations, Maria!",
        "👍",
        "🎉🎉",
        "",
        "Thank you so much for sharing this!",
        "Yes please, add me too.",
        "Agreed.\n\nAda Alvarez\nGSA, Office of Customer Experience\n(202) 555-0100",
        "Muchas gracias",
        "Merci beaucoup !",
    ],
)
def test_an_acknowledgement_says_little(words):
    assert is_little(words, names=["Ada Alvarez", "Ben Brooks"], is_reply=True)


@pytest.mark.parametrize(
    "words",
    [
        "Thanks. We use tickets.",
        "Me too: 14 minutes on average.",
        "Yes, call 311.",
        "Same here?",
        "No.",
        "Thanks, see https://digital.gov/guides",
        "Qualtrics",
        "We count tickets. Here is how.",
    ],
)
def test_a_word_of_substance_makes_it_a_post(words):
    assert not is_little(words, names=["Ada Alvarez", "Ben Brooks"], is_reply=True)


def test_the_author_of_a_short_reply_is_asked_first(short, carried):
    outcome, held = short
    assert "says_little_to_many" in outcome.words
    assert (held.waits_for, held.rule) == ("author", "says_little_to_many")
    assert Message.objects.count() == 1
    [copy] = carried("goes_to_many")
    assert (copy.recipient, copy.mail["Subject"]) == ("ada@gsa.gov", "This goes to 27 people. Send it?")
    assert "/posts/send/" in copy.words
    assert "Ben Brooks alone" in copy.words


def page_of(carried):
    return re.search(r"http://testserver(/posts/send/\S+)", carried("goes_to_many")[0].words)[1]


def test_opening_the_question_changes_nothing_and_send_sends_it(short, carried):
    page = page_of(carried)
    shown = Client().get(page).content.decode()
    assert "This goes to 27 people. Send it?" in shown
    assert "Send it to Ben Brooks only" in shown
    assert Message.objects.count() == 1
    assert "on its way to everyone" in Client().post(page, {"answer": "send"}).content.decode()
    assert Message.objects.count() == 2
    assert "accepted already" in Client().post(page, {"answer": "send"}).content.decode()
    assert Message.objects.count() == 2


def test_it_can_go_to_the_one_whom_it_answers(short, carried):
    Client().post(page_of(carried), {"answer": "private"})
    assert [copy.recipient for copy in carried("private_reply")] == ["ben@epa.gov"]
    assert Message.objects.count() == 1
    assert HeldPost.objects.get().is_decided


def test_it_can_be_dropped(short, carried):
    Client().post(page_of(carried), {"answer": "drop"})
    assert HeldPost.objects.get().outcome == "discarded"
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "outcome", "messages"),
    [
        ("SEND", "accepted", 2),
        ("ok\n\n> This goes to", "accepted", 2),
        ("Drop", "discarded", 1),
        ("private", "discarded", 1),
    ],
)
def test_one_word_by_mail_decides_too(short, carried, words, outcome, messages):
    answer_by_mail(carried, words)
    assert HeldPost.objects.get().outcome == outcome
    assert Message.objects.count() == messages


def test_other_words_by_mail_are_asked_again(short, carried):
    assert "asked again" in answer_by_mail(carried, "What is this?").words
    assert HeldPost.objects.get().outcome == ""
    assert len(carried("goes_to_many")) == 2


def test_an_automatic_answer_to_the_question_decides_nothing(short, carried):
    assert answer_by_mail(carried, "Send it to my deputy", "Automatic reply: This goes to").state == "discarded"
    assert HeldPost.objects.get().outcome == ""


def answer_by_mail(carried, words, subject="Re: This goes to 27 people. Send it?"):
    to = carried("goes_to_many")[0].mail["Reply-To"]
    token = re.search(r"-send\+([0-9a-z-]+)@", to)[1]
    raw = f"From: Ada <ada@gsa.gov>\nTo: {to}\nSubject: {subject}\nMessage-ID: <a@gsa.gov>\n\n{words}\n".encode()
    return inbound.answer_about_post(Arrived(raw, sender="ada@gsa.gov"), name="cx-cop", token=token)


def test_a_short_reply_that_nothing_proves_is_confirmed_first_and_then_asked_about(send, ada, ben, many, carried):
    send("question")
    send("answer", change=saying("+1"), is_proven=False)
    page = re.search(r"http://testserver(/posts/confirm/\S+)", carried("please_confirm")[0].words)[1]
    Client().post(page, {"answer": "mine"})
    held = HeldPost.objects.get()
    assert (held.rule, held.outcome) == ("says_little_to_many", "")
    assert len(carried("goes_to_many")) == 1
    Client().post(page, {"answer": "mine"})
    assert Message.objects.count() == 1


def test_a_small_list_asks_nobody(send, ada, ben):
    send("question")
    assert send("answer", change=saying("Thanks!")).state == "done"


def test_a_list_that_does_not_want_it_asks_nobody(send, cop, ada, ben, many):
    cop.asks_before_short_posts = False
    cop.save()
    send("question")
    assert send("answer", change=saying("Thanks!")).state == "done"


def test_the_form_on_the_web_warns_once_and_sends_it_anyway(send, client_of, ada, ben, many):
    send("question")
    page, typed = "/communities/customer-experience/discussions/1/messages/", {"body": "Thanks!", "ticket": "a" * 24}
    shown = client_of(ada).post(page, typed).content.decode()
    assert "goes to 27 people" in shown
    assert "Send it anyway" in shown
    assert Message.objects.count() == 1
    seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
    ticket = re.search(r'name="ticket" value="([^"]*)"', shown)[1]
    assert ticket == "a" * 24
    for _ in range(2):
        client_of(ada).post(page, {**typed, "seen": seen})
    assert Message.objects.count() == 2


def test_no_more_than_a_few_real_posts_are_taken_for_a_wish_to_leave(material, cop):
    """Among six thousand posts of real lists those that are caught are wishes, or nearly: all were looked at."""
    posts, wishes, longest = 0, [], 0
    for path in sorted((material / "mbox-archives" / "r-sig").glob("*.mbox")):
        for place in mbox.slices(path):
            post = reading.read_fast(mbox.letter_at(path, place.begin, place.length))
            posts += 1
            if words := rules.asks_to_leave(post.subject, post.text, cop):
                wishes.append(words)
                longest = max(longest, len(words.split()))
    assert posts > 2_000
    assert len(wishes) <= posts / 200
    assert longest <= 40
