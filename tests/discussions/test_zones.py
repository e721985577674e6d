"""A zone holds wherever a post is shown; a cross-post comes once; what feeds another list keeps its zone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from junto.communities import actions as communities
from junto.communities.models import Role, Zone
from junto.discussions import inbound
from junto.discussions.actions import accept_held, reply, start
from junto.discussions.indexing import document_of
from junto.discussions.models import HeldPost, Message, Thread
from junto.discussions.rules import with_tag, zone_named_in
from junto.kit.rulings import Refused
from junto.people.models import Agency, Domain, Level
from junto.web.queries.search import searchable_by
from tests.conftest import _person, enroll
from tests.discussions.conftest import Arrived


def _letter(sender: str = "ben@epa.gov", subject: str = "Budget") -> bytes:
    return f"""From: Somebody <{sender}>
To: cx-cop@lists.example.gov, web-managers@lists.example.gov
Subject: {subject}
Date: Tue, 3 Nov 2026 12:00:00 -0500
Message-ID: <{subject.encode().hex()}@example.gov>

What do you think of these numbers for the coming year?
""".encode()


def _arrive(raw: bytes, *, sender: str = "ben@epa.gov", name: str = "cx-cop") -> None:
    inbound.post(Arrived(raw, sender=sender, recipient=f"{name}@lists.example.gov"), name=name)


@pytest.fixture
def told(carried):
    """Whom copies of posts went to, in order of the alphabet."""
    return lambda: sorted(copy.recipient for copy in carried("post"))


@pytest.fixture
def boston(db):
    Domain.objects.get_or_create(
        name="boston.gov",
        agency=Agency.objects.create(name="City of Boston", key="city of boston", level=Level.CITY, state="MA"),
        level=Level.CITY,
    )
    return Agency.objects.get(key="city of boston")


@pytest.fixture
def wes(cop, boston):
    """A member from a city."""
    wes = _person("wes@boston.gov", "Wes Walsh", boston)
    enroll(wes, cop)
    return wes


@pytest.fixture
def zoned(cop):
    cop.has_zones = True
    cop.save()
    return cop


@pytest.mark.parametrize(
    ("subject", "zone"),
    [
        ("[FEDERAL] Budget", Zone.FEDERAL),
        ("Re: [fed only] Budget", Zone.FEDERAL),
        ("[GOV] Budget", Zone.INTERGOVERNMENTAL),
        ("[PUBLIC] [Federal only] Budget", Zone.FEDERAL),
        ("[PUBLIC] Budget", Zone.PUBLIC),
        ("Federal budget", ""),
    ],
)
def test_the_subject_names_the_zone_and_the_narrowest_counts(subject, zone):
    assert zone_named_in(subject) == zone


def test_a_subject_names_its_zone_once():
    assert with_tag("Budget", Zone.FEDERAL) == "[Federal only] Budget"
    assert with_tag("Re: [Federal only] Budget", Zone.FEDERAL) == "Re: [Federal only] Budget"
    assert with_tag("Budget", Zone.PUBLIC) == "Budget"


def test_a_federal_post_reaches_federal_addresses_only(zoned, ada, ben, wes, dov, told):
    enroll(dov, zoned)
    _arrive(_letter(subject="[FEDERAL] Budget"))
    assert set(told()) == {"ada@gsa.gov", "ben@epa.gov"}


def test_an_intergovernmental_post_reaches_every_government_and_no_contractor(zoned, ada, ben, wes, dov, told):
    enroll(dov, zoned)
    _arrive(_letter(subject="[GOV] Budget"))
    assert set(told()) == {"ada@gsa.gov", "ben@epa.gov", "wes@boston.gov"}


def test_where_zones_are_off_the_words_mean_nothing(cop, ada, ben, wes, told):
    _arrive(_letter(subject="[FEDERAL] Budget"))
    assert "wes@boston.gov" in set(told())


def test_the_archive_keeps_the_zone(zoned, ada, ben, wes, client_of):
    _arrive(_letter(subject="[FEDERAL] Budget"))
    thread = Thread.objects.get()
    threads = reverse("discussions:threads", args=[zoned.slug])
    by_id = f"{reverse('discussions:message-by-id', args=[zoned.slug])}?id={thread.messages.get().message_id}"
    for page in (thread.get_absolute_url(), by_id):
        assert client_of(ben).get(page).status_code in {200, 302}
        assert client_of(wes).get(page).status_code == 404
    for page in (threads, zoned.get_absolute_url(), "/"):
        assert "Budget" in client_of(ben).get(page).content.decode()
        assert "Budget" not in client_of(wes).get(page).content.decode()


def test_search_keeps_the_zone(zoned, ada, ben, wes):
    federal = f"community:{zoned.pk}:federal"
    assert federal in searchable_by(ben).labels
    assert federal not in searchable_by(wes).labels
    assert federal not in searchable_by(None).labels


def test_the_index_keeps_the_zone(zoned, ada, ben, wes):
    _arrive(_letter(subject="[FEDERAL] Budget"))
    message = Message.objects.select_related("thread", "community").get()
    assert document_of(message).label == f"community:{zoned.pk}:federal"


def test_a_reply_stays_in_the_zone_of_its_thread(zoned, ada, ben, wes, told):
    _arrive(_letter(subject="[FEDERAL] Budget"))
    reply(thread=Thread.objects.get(), body="Here it is.", by=ada)
    assert "wes@boston.gov" not in set(told())
    assert Message.objects.count() == 2


def test_who_is_outside_a_zone_cannot_post_into_it(zoned, ada, ben, wes, carried):
    _arrive(_letter(sender="wes@boston.gov", subject="[FEDERAL] Budget"), sender="wes@boston.gov")
    assert not Message.objects.exists()
    assert "federal employees only" in carried("rejected")[0].words


def test_the_default_zone_holds_for_posts_that_name_none(cop, ada, ben, wes, carried):
    communities.set_zones(community=cop, has_zones=False, default_zone=Zone.FEDERAL, by=ada)
    cop.refresh_from_db()
    start(community=cop, subject="Budget", body="Numbers.", by=ben)
    found = carried("post")
    assert {copy.recipient for copy in found} == {"ada@gsa.gov", "ben@epa.gov"}
    assert all(copy.mail["Subject"] == "[Federal only] Budget" for copy in found)


def test_a_member_of_two_lists_gets_a_cross_post_once(cop, other, ada, ben, cleo, told):
    enroll(ben, other)
    raw = _letter(subject="Both")
    _arrive(raw)
    _arrive(raw, name="web-managers")
    assert told() == ["ada@gsa.gov", "ben@epa.gov", "cleo@epa.gov"]
    assert Message.objects.count() == 2


def test_who_reads_the_first_list_on_the_web_only_gets_the_cross_post_from_the_second(cop, other, ada, ben, told):
    enroll(ben, other)
    cop.memberships.filter(person=ben).update(delivery="none")
    raw = _letter(subject="Both")
    _arrive(raw)
    _arrive(raw, name="web-managers")
    assert told().count("ben@epa.gov") == 1


def _feed(cop, other, ada, **more):
    enroll(ada, other, Role.MANAGER)
    communities.set_feeds(source=cop, targets=[other], by=ada)


def test_what_feeds_an_umbrella_reaches_its_members_and_its_archive_once(cop, other, ada, ben, cleo, told, carried):
    _feed(cop, other, ada)
    _arrive(_letter(subject="For all"))
    assert told() == ["ada@gsa.gov", "ben@epa.gov", "cleo@epa.gov"]
    assert {one.community for one in Message.objects.all()} == {cop, other}
    for_cleo = next(copy for copy in carried("post") if copy.recipient == "cleo@epa.gov")
    assert other.list_id in for_cleo.mail["List-Id"]


def test_the_zone_goes_with_what_feeds_an_umbrella(zoned, other, ada, ben, cleo, boston, told):
    _feed(zoned, other, ada)
    enroll(_person("wes@boston.gov", "Wes Walsh", boston), other)
    _arrive(_letter(subject="[FEDERAL] Budget"))
    assert "wes@boston.gov" not in set(told())
    assert set(Thread.objects.values_list("zone", flat=True)) == {Zone.FEDERAL}


def test_lists_that_feed_each_other_do_not_go_round_in_circles(cop, other, ada, ben):
    _feed(cop, other, ada)
    communities.set_feeds(source=other, targets=[cop], by=ada)
    _arrive(_letter(subject="Round"))
    assert Message.objects.count() == 2


def test_only_who_manages_both_lists_may_lead_one_into_the_other(cop, other, ada, ben):
    with pytest.raises(Refused):
        communities.set_feeds(source=cop, targets=[other], by=ada)
    assert not cop.feeds.exists()


def test_a_manager_sets_zones_and_feeds_on_a_page(cop, other, ada, client_of):
    enroll(ada, other, Role.MANAGER)
    page = reverse("communities:reach", args=[cop.slug])
    assert "Web Managers" in client_of(ada).get(page).content.decode()
    client_of(ada).post(page, {"default_zone": "intergov", "has_zones": "on", "feeds": [str(other.pk)]})
    cop.refresh_from_db()
    assert (cop.default_zone, cop.has_zones, list(cop.feeds.all())) == ("intergov", True, [other])


def test_a_reply_that_names_a_narrower_zone_begins_a_thread_of_its_own(zoned, ada, ben, wes, told, client_of):
    _arrive(_letter(sender="wes@boston.gov", subject="Budget"), sender="wes@boston.gov")
    first = Message.objects.get()
    _arrive(_answer_to(first, "[FEDERAL] Re: Budget"))
    assert told().count("wes@boston.gov") == 1  # his own
    assert set(Thread.objects.values_list("zone", "message_count")) == {(Zone.PUBLIC, 1), (Zone.FEDERAL, 1)}
    assert "these numbers" in client_of(wes).get(first.get_absolute_url()).content.decode()
    assert "[FEDERAL] Re: Budget" not in client_of(wes).get(first.get_absolute_url()).content.decode()


def test_what_feeds_an_umbrella_never_lands_in_a_thread_of_a_wider_zone(zoned, other, ada, ben, cleo, boston, told):
    _feed(zoned, other, ada)
    enroll(_person("wes@boston.gov", "Wes Walsh", boston), other)
    _arrive(_letter(sender="cleo@epa.gov", subject="Hello"), sender="cleo@epa.gov", name="web-managers")
    _arrive(_answer_to(Message.objects.get(community=other), "[FEDERAL] Budget"))
    assert told().count("wes@boston.gov") == 1
    assert Message.objects.get(community=other, thread__zone=Zone.FEDERAL).subject == "[FEDERAL] Budget"


def test_a_cross_post_reaches_those_whom_the_zone_of_the_other_list_left_out(cop, other, ada, ben, wes, told):
    enroll(ben, other)
    enroll(wes, other)
    communities.set_zones(community=cop, has_zones=False, default_zone=Zone.FEDERAL, by=ada)
    raw = _letter(subject="Both")
    _arrive(raw)
    _arrive(raw, name="web-managers")
    assert told().count("wes@boston.gov") == 1


@pytest.fixture
def moderated(zoned, wes):
    """Every post waits; one of the moderators is from a city."""
    zoned.moderation = "all"
    zoned.save()
    zoned.memberships.filter(person=wes).update(role=Role.MODERATOR)
    return zoned


def test_a_moderator_outside_a_zone_sees_nothing_of_what_waits(moderated, ada, ben, wes, carried, client_of):
    _arrive(_letter(subject="[FEDERAL] Budget"))
    held = HeldPost.objects.get()
    assert [copy.recipient for copy in carried("held_for_moderators")] == ["ada@gsa.gov"]
    page = reverse("discussions:held", args=[moderated.slug])
    assert "Budget" in client_of(ada).get(page).content.decode()
    assert "Budget" not in client_of(wes).get(page).content.decode()
    decision = reverse("discussions:decision", args=[moderated.slug, held.pk])
    assert client_of(wes).post(decision, {"outcome": "accepted"}).status_code == 404
    with pytest.raises(Refused):
        accept_held(held=held, by=wes)


def test_a_moderator_who_changes_a_subject_does_not_widen_the_zone(moderated, ada, ben, wes, told):
    _arrive(_letter(subject="[FEDERAL] Budget"))
    accept_held(held=HeldPost.objects.get(), subject="Numbers", by=ada)
    assert Thread.objects.get().zone == Zone.FEDERAL
    assert "wes@boston.gov" not in told()


def test_a_summary_for_everyone_does_not_name_the_question_of_a_zone(zoned, ada, ben, wes, client_of):
    _arrive(_letter(subject="QUESTION: [FEDERAL] Which budget?"))
    start(community=zoned, subject="SUMMARY: [PUBLIC] Which budget?", body="None.", by=ben)
    question, summary = Thread.objects.order_by("number")
    Thread.objects.filter(pk=question.pk).update(answer=summary.messages.get(), answered_at=summary.started_at)
    assert "[FEDERAL] Which budget?" in client_of(ben).get(question.get_absolute_url()).content.decode()
    assert "[FEDERAL]" not in client_of(wes).get(summary.get_absolute_url()).content.decode()


def _answer_to(message: Message, subject: str) -> bytes:
    raw = _letter(subject=subject)
    return raw.replace(b"Date:", f"In-Reply-To: <{message.message_id}>\nDate:".encode())
