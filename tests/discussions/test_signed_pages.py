"""Follow and mute, the last ten deliveries, receipts: what the links in a message do for its reader."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities import actions as communities
from junto.communities import queries as community_queries
from junto.communities.models import Delivery, Membership
from junto.discussions import actions
from junto.discussions.models import Message, Thread, ThreadChoice
from junto.discussions.queries import last_deliveries
from junto.mail.models import BounceReport, Mailing, Setback, Shard
from tests.conftest import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(cop, ada, ben):
    Membership.objects.update(joined_at=timezone.now() - timedelta(days=9))
    return lambda: Membership.objects.select_related("community", "person", "address").get(person=ben)


@pytest.fixture
def link(mine):
    return f"/delivery/{community_queries.membership_token(mine())}/"


@pytest.fixture
def say(cop, ada, ben):
    """Ada starts a discussion, which is carried to whoever is to get it."""

    def start(subject="News", by=None):
        return actions.start(community=cop, subject=subject, body="Hello.", by=by or ada)

    return start


def _got(carried, subject):
    return {copy.recipient for copy in carried("post") if copy.mail["Subject"] == subject}


def test_a_muted_discussion_comes_no_more_and_all_others_do(link, say, ben, ada, carried):
    thread = say("Long one").thread
    assert _got(carried, "Long one") == {"ada@gsa.gov", "ben@epa.gov"}
    answer = Client(enforce_csrf_checks=True).post(f"{link}threads/{thread.pk}/", {"wish": "mute"})
    assert "Muted" in answer.content.decode()
    actions.reply(thread=thread, body="More.", by=ada)
    say("Another")
    assert sum(copy.recipient == "ben@epa.gov" for copy in carried("post")) == 2
    assert _got(carried, "Another") == {"ada@gsa.gov", "ben@epa.gov"}
    assert Entry.objects.filter(fact="discussions.thread.muted").exists()


def test_a_followed_discussion_comes_to_who_gets_digests(link, say, mine, ada, carried):
    Membership.objects.filter(pk=mine().pk).update(delivery=Delivery.WEEKLY)
    thread = say("Long one").thread
    Client().post(f"{link}threads/{thread.pk}/", {"wish": "follow"})
    actions.reply(thread=thread, body="More.", by=ada)
    assert [c.recipient for c in carried("post")].count("ben@epa.gov") == 1
    Client().post(f"{link}threads/{thread.pk}/", {"wish": "neither"})
    assert not ThreadChoice.objects.exists()
    actions.reply(thread=thread, body="Still more.", by=ada)
    assert [c.recipient for c in carried("post")].count("ben@epa.gov") == 1
    facts = Entry.objects.filter(fact__startswith="discussions.thread.").values_list("fact", flat=True)
    assert set(facts) >= {"discussions.thread.followed", "discussions.thread.released"}


def test_the_page_says_what_the_buttons_mean_and_looking_changes_nothing(link, say):
    path = f"{link}threads/{say().thread_id}/"
    page = Client().get(path, {"wish": "mute"}).content.decode()
    assert "To mute it means" in page
    assert "To follow it means" in page
    assert not ThreadChoice.objects.exists()
    assert Client().post(path, {"wish": "shout"}).status_code == 422


def test_a_discussion_of_another_list_or_of_a_closed_zone_is_not_there(link, say, other, cleo, mine):
    strange = actions.start(community=other, subject="Elsewhere", body="Hello.", by=cleo).thread
    federal = say("Inside").thread
    Thread.objects.filter(pk=federal.pk).update(zone="federal")
    mine().address.__class__.objects.filter(pk=mine().address_id).update(level="")
    for pk in (strange.pk, federal.pk, 999_999):
        assert Client().get(f"{link}threads/{pk}/").status_code == 404
        assert Client().post(f"{link}threads/{pk}/", {"wish": "mute"}).status_code == 404
    assert not ThreadChoice.objects.exists()
    assert "Inside" not in Client().get(f"{link}deliveries/").content.decode()


def test_the_footer_of_every_copy_carries_the_links_of_its_reader(link, send, ada, ben, carried):
    send("question")
    thread = Thread.objects.get()
    copy = next(one for one in carried("post") if one.recipient == "ben@epa.gov").mail
    for kind in ("plain", "html"):
        text = copy.get_body((kind,)).get_content()
        for path in (link, f"{link}pause/", f"{link}deliveries/", f"{link}threads/{thread.pk}/"):
            assert f"http://testserver{path}" in text
        for words in ("Mute this thread", "Pause", "How I get this list", "My last deliveries", "Leave this list"):
            assert words in text


def test_deliveries_tell_what_the_server_said(mine, say, carried, link):
    for subject in ("Fine", "Late", "No", "Back"):
        say(subject)
    carried("post")
    key = {"key": mine().pk, "address": "ben@epa.gov"}
    at = timezone.now()
    mailings = {one.subject: one.mailing_id for one in Message.objects.all()}
    Setback.objects.create(mailing_id=mailings["Late"], kind="deferred", words="451 Greylisted", next_try_at=at, **key)
    Setback.objects.create(mailing_id=mailings["No"], kind="refused", words="550 No such user", settled_at=at, **key)
    BounceReport.objects.create(
        mailing_id=mailings["Back"], address="ben@epa.gov", fault="permanent", words="5.2.2 Mailbox full"
    )
    rows = [(one.subject, one.title, one.words) for one in last_deliveries(mine())]
    assert rows == [
        ("Back", "Came back", "5.2.2 Mailbox full"),
        ("No", "Refused", "550 No such user"),
        ("Late", "Deferred", "451 Greylisted"),
        ("Fine", "Accepted", ""),
    ]
    page = Client().get(f"{link}deliveries/").content.decode()
    assert "The server said: “550 No such user”" in page


def test_deliveries_tell_why_nothing_was_sent_as_it_was_at_the_time(mine, say, carried, ben):
    """Each message leaves under another setting; the answer is asked for at the end, when all of them are gone."""

    def send(subject, by=None):
        message = say(subject, by=by)
        carried("post")
        return message

    today = community_queries.today_of(mine())
    send("As usual")
    communities.pause(membership=mine(), until=today + timedelta(days=3), by=ben)
    send("Away")
    communities.resume(membership=mine(), by=ben)
    communities.set_delivery(membership=mine(), delivery="daily", by=ben)
    send("Daily")
    communities.set_delivery(membership=mine(), delivery="none", by=ben)
    send("Nothing")
    communities.set_delivery(membership=mine(), delivery="each", wants_own_posts=False, by=ben)
    send("My own", by=ben)
    muted = send("Muted").thread
    actions.choose(thread=muted, membership=mine(), wish="mute", by=ben)
    actions.reply(thread=muted, body="And more.", by=Membership.objects.get(role="manager").person)
    carried("post")
    told = [(one.subject, one.title, one.why) for one in reversed(last_deliveries(mine()))]
    assert told == [
        ("As usual", "Accepted", "Your mail server took it."),
        ("Away", "Not sent", "Your mail was paused."),
        ("Daily", "Not sent", "It is in your daily digest."),
        ("Nothing", "Not sent", "You had chosen no mail."),
        ("My own", "Not sent", "It is your own, and your own posts are not sent back to you."),
        ("Muted", "Accepted", "Your mail server took it."),
        ("Re: Muted", "Not sent", "You muted this discussion."),
    ]


def test_what_waits_in_a_shard_is_on_its_way(mine, say):
    say("Waiting")
    assert [one.title for one in last_deliveries(mine())] == ["On its way"]
    Shard.objects.all().delete()
    assert [one.title for one in last_deliveries(mine())] == ["Not sent"]
    Mailing.objects.all().delete()
    assert [one.title for one in last_deliveries(mine())] == ["Sent"]


def test_a_stopped_address_and_a_complaint_are_told(mine, say, ben):
    ben.addresses.update(stopped_at=timezone.now() - timedelta(days=1))
    say()
    assert "had stopped, because it came back" in last_deliveries(mine())[0].why
    ben.addresses.update(stopped_at=None)
    Membership.objects.filter(person=ben).update(complained_at=timezone.now() - timedelta(days=1))
    assert "reported as spam" in last_deliveries(mine())[0].why


def test_deliveries_are_the_last_ten_since_joining_in_a_bounded_number_of_questions(
    mine, say, carried, django_assert_max_num_queries
):
    for number in range(12):
        say(f"News {number}")
    carried("post")
    with django_assert_max_num_queries(10):
        rows = last_deliveries(mine())
    assert [one.subject for one in rows] == [f"News {n}" for n in range(11, 1, -1)]
    Membership.objects.update(joined_at=timezone.now() + timedelta(hours=1))
    assert last_deliveries(mine()) == []


def test_an_author_who_wants_receipts_gets_one_with_the_count(mine, say, cop, ben, cleo, carried):
    enroll(cleo, cop)
    say("Without", by=ben)
    communities.set_delivery(membership=mine(), wants_receipt=True, by=ben)
    say("With", by=ben)
    (receipt,) = carried("receipt")
    assert receipt.recipient == "ben@epa.gov"
    assert receipt.mail["Subject"] == "Your post went to CX-COP"
    assert "went to 3 people" in receipt.mail.get_body(("plain",)).get_content()
    assert "/delivery/" in receipt.mail.get_body(("plain",)).get_content()
    assert receipt.mail["Auto-Submitted"] == "auto-replied"
    assert Message.objects.get(subject="With").message_id in receipt.mail["In-Reply-To"]
