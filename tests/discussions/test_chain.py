"""The posting chain, rule by rule: each with a letter that it stops and one that it lets pass."""

from __future__ import annotations

import re

import pytest

from junto.audit.models import Entry
from junto.communities.models import Moderation
from junto.discussions import actions, rules
from junto.discussions.models import HeldPost, Message
from junto.discussions.rules import Verdict
from junto.people.models import DomainRule
from tests.conftest import enroll

pytestmark = pytest.mark.django_db


def with_header(line: str):
    return lambda raw: line.encode() + b"\n" + raw


def test_the_chain_is_this_table():
    assert [(rule.__name__, str(verdict)) for rule, verdict in rules.POSTING_CHAIN] == [
        ("loops", "discard"),
        ("already_been_here", "discard"),
        ("is_automatic", "discard"),
        ("names_no_author", "discard"),
        ("is_a_misdirected_command", "redirect"),
        ("is_a_reply_to_a_digest", "redirect"),
        ("list_is_retired", "reject"),
        ("is_too_large", "reject"),
        ("is_encrypted", "reject"),
        ("author_is_not_proven", "confirm"),
        ("author_is_a_guest_from_government", "hold"),
        ("author_is_an_outsider", "reject"),
        ("author_is_outside_the_zone", "reject"),
        ("author_wrote_to_somebody_else", "confirm"),
        ("thread_is_closed", "reject"),
        ("author_is_under_notice", "hold"),
        ("looks_suspect", "hold"),
        ("says_little_to_many", "ask"),
        ("may_do_harm", "wait"),
        ("thread_is_braked", "wait"),
        ("author_is_in_slow_mode", "wait"),
        ("list_is_quiet", "wait"),
        ("awaits_moderation", "hold"),
    ]


def test_a_members_post_is_accepted(send, ada, ben):
    assert send("question").state == "done"
    message = Message.objects.get()
    assert (message.author, message.author_name, message.author_agency) == (ben, "Ben Brooks", "EPA")
    assert message.thread.number == 1
    assert "<script" not in message.html
    assert "onload" not in message.html
    assert Entry.objects.get(fact="discussions.message.posted").by == "Ben Brooks"


@pytest.mark.parametrize(
    "line",
    [
        "List-Id: <cx-cop.lists.example.gov>",
        "X-Loop: cx-cop@lists.example.gov",
        "\n".join(["Received: from a by b"] * 51),
    ],
)
def test_what_went_through_the_list_already_goes_no_further(send, ben, line):
    assert (
        send("answer", change=lambda raw: with_header(line)(raw).replace(b"ada@gsa.gov", b"ben@epa.gov")).state
        == "discarded"
    )
    assert not Message.objects.exists()
    assert Entry.objects.get(fact="discussions.post.discarded").details["rule"] == "loops"


@pytest.mark.parametrize("sender", ["b+cx-cop.1.2-5b0993d99f9eb47ecdb8@lists.example.gov", "cx-cop@lists.example.gov"])
def test_what_comes_from_the_list_server_goes_no_further(send, ben, sender):
    assert "loops" in send("question", sender=sender).words


def test_fifty_servers_are_no_loop(send, ben):
    assert send("no-message-id", change=with_header("\n".join(["Received: from a by b"] * 50))).state == "done"


def test_the_same_message_id_is_taken_once(send, ada, ben, carried):
    send("question")
    assert "already_been_here" in send("question").words
    assert Message.objects.count() == 1
    assert len(carried("post")) == 2


def test_the_same_letter_without_message_id_is_taken_once(send, ben):
    send("no-message-id")
    assert send("no-message-id").state == "discarded"
    assert Message.objects.count() == 1


def test_the_same_words_on_another_day_are_another_message(send, ben):
    send("no-message-id")
    send("no-message-id", change=lambda raw: raw.replace(b"3 Nov", b"2 Nov"))
    assert Message.objects.count() == 2


def test_the_same_message_id_in_another_community_is_another_message(send, ben, other):
    from junto.discussions import inbound
    from tests.discussions.conftest import LETTERS, Arrived

    send("question")
    enroll(ben, other)
    raw = (LETTERS / "question.eml").read_bytes().replace(b"To: ", b"Cc: web-managers@lists.example.gov\nTo: ", 1)
    inbound.post(Arrived(raw), name="web-managers")
    assert Message.objects.count() == 2


def test_a_held_post_is_held_once(send, ben):
    send("question", is_proven=False)
    assert send("question", is_proven=False).state == "discarded"
    assert HeldPost.objects.count() == 1


def test_out_of_office_reaches_nobody_and_is_not_answered(send, ada, ben, carried):
    assert "is_automatic" in send("out-of-office").words
    assert not Message.objects.exists()
    assert carried("rejected") == []


def test_a_bare_unsubscribe_is_answered_privately_with_the_signed_page(send, ben, carried):
    assert "is_a_misdirected_command" in send("unsubscribe").words
    assert not Message.objects.exists()
    [copy] = carried("redirected_command")
    assert copy.recipient == "ben@epa.gov"
    assert re.search(r"http://testserver/delivery/[0-9a-z-]+/", copy.words)


@pytest.mark.parametrize(
    ("words", "is_command"),
    [
        ("unsubscribe", True),
        ("UNSUBSCRIBE!", True),
        ("Please remove me from this list. Thanks", True),
        ("SIGNOFF CX-COP", True),
        ("SUBSCRIBE cx-cop Ben Brooks", True),
        ("sign off", True),
        ("", False),
        ("How do people unsubscribe from your letters?", False),
        ("Subscribe to our podcast about forms, it is worth it", False),
        ("Remove the second question and it is fine", False),
        ("I had a question about unsubscribe links.", False),
    ],
)
def test_only_a_command_that_is_the_whole_text_is_one(cop, words, is_command):
    assert rules.is_a_command(words, cop) is is_command


def test_a_quotation_below_a_command_does_not_hide_it():
    assert rules.own_words("unsubscribe\n\n> Hello everyone") == "unsubscribe"


def test_what_is_too_large_goes_back_with_the_limit(send, cop, ben, carried):
    cop.largest_post = 500
    cop.save()
    assert "is_too_large" in send("question").words
    [copy] = carried("rejected")
    assert "takes messages of up to 0.0 MB" in copy.words
    cop.largest_post = 5_000
    cop.save()
    assert send("question").state == "done"
    assert Message.objects.count() == 1


def test_encrypted_mail_goes_back_kindly(send, ben, carried):
    assert "is_encrypted" in send("encrypted").words
    assert "Send it again without encryption" in carried("rejected")[0].words


def test_a_retired_list_says_so(send, cop, ben, carried):
    from django.utils import timezone

    cop.retired_at = timezone.now()
    cop.save()
    assert "list_is_retired" in send("question").words
    assert "its community has ended" in carried("rejected")[0].words


def test_an_unproven_author_is_asked(send, ada, ben, carried):
    assert "author_is_not_proven" in send("question", is_proven=False).words
    held = HeldPost.objects.get()
    assert (held.waits_for, held.rule, held.author) == ("author", "author_is_not_proven", ben)
    [copy] = carried("please_confirm")
    assert copy.recipient == "ben@epa.gov"
    assert "http://testserver/posts/confirm/" in copy.words
    assert not Message.objects.exists()


def test_nobody_is_asked_more_than_five_times_a_day(send, ben, carried):
    for number in range(7):
        send("question", is_proven=False, change=lambda raw, n=number: raw.replace(b"question-1", f"q-{n}".encode()))
    assert HeldPost.objects.count() == 7
    assert len(carried("please_confirm")) == 5


def test_a_guest_from_government_waits_for_the_moderators(send, ada, ben, cleo, carried):
    assert "author_is_a_guest_from_government" in send("from-a-guest").words
    assert HeldPost.objects.get().waits_for == "moderator"
    assert [copy.recipient for copy in carried("held_for_moderators")] == ["ada@gsa.gov"]
    assert [copy.recipient for copy in carried("held_for_author")] == ["cleo@epa.gov"]


def test_a_blocked_guest_is_turned_away(send, ada, cleo):
    DomainRule.objects.create(pattern="cleo@epa.gov", verdict=DomainRule.Verdict.BLOCK, note="spam")
    assert "author_is_an_outsider" in send("from-a-guest").words


def test_a_removed_member_is_turned_away(send, cop, ben):
    cop.memberships.filter(person=ben).update(state="removed")
    assert "author_is_an_outsider" in send("question").words


def test_an_outsider_is_turned_away_and_told_how_to_join(send, ada, eve, carried):
    assert "author_is_an_outsider" in send("from-outside").words
    [copy] = carried("rejected")
    assert copy.recipient == "eve@mail.example.com"
    assert "/communities/customer-experience/join/" in copy.words
    assert "cx-cop-subscribe-request@lists.example.gov" in copy.words
    assert not HeldPost.objects.exists()


def test_a_reply_to_a_closed_discussion_goes_back(send, ada, ben, carried):
    from junto.discussions import actions

    send("question")
    actions.close(thread=Message.objects.get().thread, by=ada)
    assert "thread_is_closed" in send("answer").words
    assert "start a new one" in carried("rejected")[0].words
    actions.reopen(thread=Message.objects.get().thread, by=ada)
    assert send("answer").state == "done"
    assert Message.objects.count() == 2


def test_every_post_waits_where_the_community_says_so(send, cop, ada, ben):
    cop.moderation = Moderation.ALL
    cop.save()
    assert "awaits_moderation" in send("question").words
    assert send("answer").state == "done"
    assert Message.objects.get().author == ada


def test_only_the_first_post_of_a_new_member_waits(send, cop, ada, ben):
    cop.moderation = Moderation.FIRST
    cop.save()
    assert send("question").state == "held"
    Message.objects.all().delete()
    from junto.discussions import actions

    actions.accept_held(held=HeldPost.objects.get(), by=ada)
    assert send("no-message-id").state == "done"


def test_every_rule_has_a_name_of_its_own_and_every_verdict_but_accept_is_used():
    assert len({rule.__name__ for rule, _ in rules.POSTING_CHAIN}) == len(rules.POSTING_CHAIN)
    assert {verdict for _, verdict in rules.POSTING_CHAIN} == set(Verdict) - {Verdict.ACCEPT}


@pytest.mark.parametrize("is_proven", [True, False])
def test_a_letter_that_names_no_author_goes_no_further(send, ada, ben, is_proven):
    def nameless(raw: bytes) -> bytes:
        return raw.replace(b"From: Ben Brooks <ben@epa.gov>\n", b"")

    assert "names_no_author" in send("no-message-id", sender="x@epa.gov", change=nameless, is_proven=is_proven).words
    assert not Message.objects.exists()
    assert not HeldPost.objects.exists()


def test_a_forged_letter_does_not_keep_out_the_real_one_with_its_message_id(send, ben):
    send("question", change=lambda raw: raw.replace(b"Subject:", b"Subject: Forged:"), is_proven=False)
    assert HeldPost.objects.count() == 1
    assert send("question").state == "done"


def addressed(to: str):
    return lambda raw: raw.replace(b"To: CX-COP <cx-cop@lists.example.gov>", f"To: {to}".encode())


def test_a_signed_letter_to_somebody_else_does_not_reach_the_list_without_its_author(send, ada, ben, carried):
    """Whoever got it can send it on, and its signature stays good."""
    assert send("question", change=addressed("Eve <my-cx-cop@vendor.example.com>")).state == "held"
    assert HeldPost.objects.get().rule == "author_wrote_to_somebody_else"
    assert "neither in To nor in Cc" in carried("please_confirm")[0].words
    actions.confirm(held=HeldPost.objects.get(), by=ben)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "to", ["cx-cop@lists.gsa.gov", "CX-COP+x@lists.example.gov", "a@b.gov, <Cx-Cop@Lists.Example.gov>"]
)
def test_an_older_address_of_the_list_names_it_as_well(send, ada, ben, to):
    assert send("question", change=addressed(to)).state == "done"
