"""Moderators move, merge, split, rename and pin; every old address and every reply by mail finds its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities.models import Readers, Role, Zone
from junto.discussions import actions, queries, rules, tasks
from junto.discussions.models import FormerNumber, Message, Thread, ThreadChoice
from junto.kit.rulings import Refused
from junto.search import queries as search
from tests.conftest import enroll

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"
THERE = "/communities/web-managers/discussions/"


def labels_of(thread: Thread) -> set[str]:
    from junto.search.models import IndexedDocument

    keys = [f"discussions.message:{pk}" for pk in thread.messages.values_list("pk", flat=True)]
    return set(IndexedDocument.objects.filter(key__in=keys).values_list("label", flat=True))


@pytest.fixture
def talk(send, ada, ben) -> Thread:
    """A question of Ben with an answer of Ada."""
    send("question")
    send("answer")
    return Thread.objects.get()


@pytest.fixture
def second(cop, ada, ben) -> Thread:
    return actions.start(community=cop, subject="Counting tickets", body="We count tickets too.", by=ben).thread


@pytest.fixture
def both(ada, other):
    """Ada moderates the other community as well."""
    enroll(ada, other, Role.MODERATOR)
    return other


def test_a_moved_discussion_is_read_there_and_its_old_address_leads_to_it(talk, both, ada, client_of):
    page = client_of(ada).post(f"{BASE}1/move/", {"target": both.pk}, follow=True)
    assert page.redirect_chain[0][0] == f"{THERE}1/"
    assert client_of(ada).get(f"{BASE}1/").url == f"{THERE}1/"
    assert client_of(ada).get(f"{BASE}1/?after=x").url == f"{THERE}1/?after=x"
    message = Message.objects.order_by("pk").first()
    assert message.community == both
    assert client_of(ada).get(f"{BASE}message/?id={message.message_id}").url == f"{THERE}1/#message-{message.pk}"
    assert Entry.objects.get(fact="discussions.thread.moved").details["origin"] == "customer-experience"


def test_who_may_not_read_the_other_community_does_not_learn_more(talk, both, ada, ben, client_of):
    actions.move(thread=talk, target=both, by=ada)
    assert client_of(ben).get(f"{BASE}1/").status_code == 403
    both.is_hidden = True
    both.save()
    assert client_of(ben).get(f"{BASE}1/").status_code == 404
    assert client_of(ben).get(BASE).status_code == 200


def test_search_and_zone_follow_a_move(talk, both, ada):
    Thread.objects.update(zone=Zone.FEDERAL)
    moved = actions.move(thread=Thread.objects.get(), target=both, by=ada)
    tasks.index_thread.func(moved.pk)
    assert moved.zone == Zone.FEDERAL
    assert labels_of(moved) == {f"community:{both.pk}:federal"}


def test_a_discussion_moved_back_has_its_old_number(talk, second, both, cop, ada, client_of):
    actions.move(thread=talk, target=both, by=ada)
    actions.move(thread=Thread.objects.get(pk=talk.pk), target=cop, by=ada)
    talk.refresh_from_db()
    assert (talk.community, talk.number) == (cop, 1)
    assert client_of(ada).get(f"{BASE}1/").status_code == 200
    assert client_of(ada).get(f"{THERE}1/").url == f"{BASE}1/"


def test_only_who_moderates_both_moves(talk, other, ada, cleo, ben, client_of):
    with pytest.raises(Refused):
        actions.move(thread=talk, target=other, by=ada)
    with pytest.raises(Refused):
        actions.move(thread=talk, target=other, by=cleo)
    assert "You moderate no other community" in client_of(ada).get(f"{BASE}1/move/").content.decode()
    assert client_of(ben).post(f"{BASE}1/move/", {"target": other.pk}).status_code == 403


def test_the_author_of_a_moved_discussion_is_told(talk, both, ada, ben, carried):
    carried("post")
    actions.move(thread=talk, target=both, by=ada)
    (copy,) = carried("moved")
    assert copy.recipient == "ben@epa.gov"
    assert THERE in copy.words
    assert "join" in copy.words.lower()


def test_a_reply_by_mail_to_a_moved_discussion_arrives_there(talk, both, ada, ben, send):
    enroll(ben, both)
    Message.objects.filter(message_id="answer-1@gsa.gov").delete()
    actions.move(thread=talk, target=both, by=ada)
    send("answer")
    assert Thread.objects.count() == 1
    assert Message.objects.filter(community=both).count() == 2


def test_merged_messages_stand_in_order_under_one_number(talk, second, ada, ben, client_of):
    page = client_of(ada).post(f"{BASE}2/merge/", {"into": 1}, follow=True).content.decode()
    assert page.index("We count tickets.") < page.index("We count tickets too.")
    assert client_of(ben).get(f"{BASE}2/").url == f"{BASE}1/"
    talk.refresh_from_db()
    assert talk.message_count == 3
    assert "Re: " not in talk.title
    reply = actions.reply(thread=talk, body="Thank you both.", by=ben)
    assert reply.thread == talk


def test_a_reply_to_the_old_number_of_a_merged_discussion_goes_to_the_one_that_is_left(
    talk, second, ada, ben, client_of
):
    actions.merge(thread=second, into=talk, by=ada)
    client_of(ben).post(f"{BASE}2/messages/", {"body": "A late reply that was begun before the merge took place."})
    assert talk.messages.filter(text__contains="A late reply").exists()


def test_a_merge_can_be_undone(talk, second, ada, client_of):
    keys = set(second.messages.values_list("pk", flat=True))
    client_of(ada).post(f"{BASE}2/merge/", {"number": 1})
    assert "Counting tickets" in client_of(ada).get(f"{BASE}1/merge/").content.decode()
    client_of(ada).post(f"{BASE}1/parting/", {"number": 2})
    apart = Thread.objects.get(number=2)
    assert (apart.subject, set(apart.messages.values_list("pk", flat=True))) == ("Counting tickets", keys)
    talk.refresh_from_db()
    assert (talk.message_count, apart.message_count) == (2, 1)
    assert not FormerNumber.objects.exists()
    assert client_of(ada).get(f"{BASE}2/").status_code == 200
    again = client_of(ada).post(f"{BASE}1/parting/", {"number": 2}, follow=True).content.decode()
    assert "undone already" in again


def test_a_signed_link_to_a_merged_discussion_still_mutes(talk, second, ada, ben):
    key = second.pk
    actions.merge(thread=second, into=talk, by=ada)
    membership = ben.memberships.get()
    assert queries.thread_for(membership, key) == talk


def test_follow_and_answer_come_along_with_a_merge(talk, second, ada, ben):
    membership = ben.memberships.get()
    actions.choose(thread=second, membership=membership, wish="mute", by=ben)
    actions.merge(thread=second, into=talk, by=ada)
    assert ThreadChoice.objects.get().thread == talk


def test_what_other_people_may_read_is_not_merged(talk, second, ada):
    Thread.objects.filter(pk=second.pk).update(zone=Zone.FEDERAL)
    with pytest.raises(Refused, match="not open to the same people"):
        actions.merge(thread=Thread.objects.get(pk=second.pk), into=talk, by=ada)
    with pytest.raises(Refused, match="same discussion"):
        actions.merge(thread=talk, into=talk, by=ada)


def test_a_split_begins_a_discussion_and_old_anchors_say_where_it_is(talk, ada, ben, client_of):
    answer = talk.messages.order_by("sent_at", "pk").last()
    address = f"{BASE}1/messages/{answer.pk}/split/"
    assert "begins a discussion of its own" in client_of(ada).get(address).content.decode()
    client_of(ada).post(address, {"subject": "QUESTION: What to count?"})
    apart = Thread.objects.get(number=2)
    assert (apart.title, apart.kind, apart.message_count) == ("What to count?", "question", 1)
    page = client_of(ben).get(f"{BASE}1/").content.decode()
    assert f'<span id="message-{answer.pk}">' in page
    assert f'href="{BASE}2/"' in page
    assert Entry.objects.filter(fact="discussions.thread.split").count() == 1


def test_merging_undoes_a_split(talk, ada, client_of):
    answer = talk.messages.order_by("sent_at", "pk").last()
    apart = actions.split(message=answer, subject="Apart", by=ada)
    actions.merge(thread=apart, into=Thread.objects.get(pk=talk.pk), by=ada)
    talk.refresh_from_db()
    assert (talk.message_count, talk.was_split) == (2, False)
    assert "stood here" not in client_of(ada).get(f"{BASE}1/").content.decode()


def test_a_reply_by_mail_to_a_split_message_goes_with_it(talk, ada, ben, send, letter):
    answer = talk.messages.order_by("sent_at", "pk").last()
    apart = actions.split(message=answer, subject="Apart", by=ada)
    later = (
        letter("answer")
        .replace(b"We count tickets.", b"I count as well.")
        .replace(b"answer-1@gsa.gov", b"answer-2@gsa.gov")
        .replace(b"question-1@epa.gov", answer.message_id.encode())
    )
    send("answer", change=lambda raw: later)
    apart.refresh_from_db()
    assert apart.message_count == 2


def test_the_first_message_is_not_split_off(talk, ada, client_of):
    first = talk.messages.order_by("sent_at", "pk").first()
    assert client_of(ada).get(f"{BASE}1/messages/{first.pk}/split/").status_code == 403


def test_a_renamed_discussion_keeps_replies_that_know_only_the_old_subject(talk, ada, send):
    old = talk.subject
    actions.rename(thread=talk, subject="QUESTION: Wait times at the counter", by=ada)
    talk.refresh_from_db()
    assert (talk.first_subject, talk.kind, talk.title) == (old, "question", "Wait times at the counter")
    Thread.objects.update(last_at=timezone.now())
    assert queries.parent_of(talk.community, _mail(f"Re: {old}")).thread == talk


def test_three_are_pinned_at_most_and_stand_on_top(cop, ada, ben, client_of):
    threads = [
        actions.start(community=cop, subject=f"Subject number {n}", body="Words enough to say it.", by=ada).thread
        for n in range(5)
    ]
    for n, thread in enumerate(threads):
        Thread.objects.filter(pk=thread.pk).update(last_at=timezone.now() - timedelta(days=9 - n))
    for thread in threads[:3]:
        client_of(ada).post(f"{BASE}{thread.number}/pin/")
    page = client_of(ada).post(f"{BASE}{threads[3].number}/pin/", follow=True).content.decode()
    assert "Three discussions are pinned already" in page
    page = client_of(ben).get(BASE).content.decode()
    assert page.index("Subject number 0") < page.index("Subject number 4")
    assert page.count("Subject number 0") == 1
    client_of(ada).post(f"{BASE}{threads[0].number}/pin/", {"unpin": "1"})
    page = client_of(ben).get(BASE).content.decode()
    assert page.index("Subject number 4") < page.index("Subject number 0")


@pytest.mark.parametrize("what", ["subject", "move", "merge", "pin", "parting"])
def test_members_and_strangers_put_nothing_in_order(talk, ben, cleo, what, client_of):
    assert client_of(ben).post(f"{BASE}1/{what}/", {"subject": "x", "number": 1}).status_code == 403
    assert client_of(cleo).post(f"{BASE}1/{what}/", {"subject": "x", "number": 1}).status_code == 403
    assert Client().post(f"{BASE}1/{what}/").status_code == 302
    talk.refresh_from_db()
    assert talk.first_subject == ""


def test_most_pinned_is_three():
    assert rules.MOST_PINNED == 3


def test_a_public_archive_leads_strangers_to_where_a_discussion_was_merged(talk, second, cop, ada):
    cop.readers = Readers.PUBLIC
    cop.save()
    actions.merge(thread=second, into=talk, by=ada)
    assert Client().get(f"{BASE}2/").url == f"{BASE}1/"


def test_related_discussions_share_rare_words(cop, ada, ben, client_of):
    for subject, body in (
        ("Kiosks for wheelchair users", "Our kiosks in the lobby are too high for wheelchair users."),
        ("Height of kiosks", "A kiosk that wheelchair users reach: which height did you take?"),
        ("Survey after a call", "How long is the survey that callers get?"),
        ("Holiday hours", "When do you announce the hours of the holidays?"),
    ):
        actions.start(community=cop, subject=subject, body=body, by=ada)
    tasks.reindex_community.func(cop.pk)
    tasks.relate_threads.func()
    page = client_of(ben).get(f"{BASE}1/").content.decode()
    beside = page.partition("Related discussions")[2].partition("</section>")[0]
    assert "Height of kiosks" in beside
    assert "Survey after a call" not in beside
    Thread.objects.filter(number=2).update(zone="federal")
    stranger_zone = queries.around(Thread.objects.get(number=1), None)
    assert stranger_zone.related == []
    assert search.keys_with("wheelchair", scope=cop.slug, limit=5)


def _mail(subject: str):
    from junto.mail.reading import ParsedMail

    return ParsedMail(message_id="late@epa.gov", from_address="ben@epa.gov", subject=subject, text="Yes.")
