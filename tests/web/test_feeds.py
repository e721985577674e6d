"""Feeds (RFC 4287): who may read what in them, at which address, and that a reader who has it all is told so."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities import actions as communities
from junto.communities.models import Community, Membership, Readers, State, Topic, Zone
from junto.communities.queries import membership_token
from junto.discussions import actions, queries
from junto.discussions.models import Message, Thread
from junto.kit.rulings import Refused
from junto.people.models import Person
from tests.conftest import enroll

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/communities/customer-experience/discussions/feed/"


@pytest.fixture
def said(cop: Community, ada: Person, ben: Person) -> Message:
    return actions.start(
        community=cop, subject="QUESTION: Which survey?", body="We & you <ask> ben@epa.gov about it.", by=ben
    )


@pytest.fixture
def public(cop: Community, said: Message) -> Community:
    Community.objects.filter(pk=cop.pk).update(readers=Readers.PUBLIC)
    cop.refresh_from_db()
    return cop


def own_feed(person: Person, cop: Community) -> str:
    return queries.private_path(Membership.objects.get(person=person, community=cop))


def read(address: str, client: Client | None = None) -> ElementTree.Element:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(feed: ElementTree.Element) -> list[str | None]:
    return [title.text for title in feed.findall(f"{ATOM}entry/{ATOM}title")]


def in_zone(cop: Community, ben: Person, zone: str) -> None:
    message = actions.start(community=cop, subject=f"For {zone}", body="x", by=ben)
    Thread.objects.filter(pk=message.thread_id).update(zone=zone)


def test_an_entry_has_what_the_format_asks_for_and_no_address(public, said):
    feed = read(FEED)
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ben Brooks (EPA)"
    assert entry.findtext(f"{ATOM}summary") == "We & you <ask> b…@epa.gov about it."
    assert entry.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    assert entry.findtext(f"{ATOM}updated") == said.sent_at.isoformat(timespec="seconds")
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{said.get_absolute_url()}"
    assert entry.find(f"{ATOM}category").get("term") == "question"
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": f"http://testserver{FEED.removesuffix('feed/')}", "self": f"http://testserver{FEED}"}


def test_ids_stay_the_same_and_differ_from_each_other(public, ben):
    actions.start(community=public, subject="Second", body="x", by=ben)
    first, again = ([e.findtext(f"{ATOM}id") for e in read(FEED).findall(f"{ATOM}entry")] for _ in range(2))
    assert first == again
    assert len(set(first)) == 2


def test_the_newest_thirty_messages_come_newest_first(public, said, ben):
    Community.objects.update(storm_posts=0)
    thread = Thread.objects.select_related("community").get()
    for n in range(32):
        actions.reply(thread=thread, body=f"Reply {n}", by=ben)
    entries = read(FEED).findall(f"{ATOM}entry")
    moments = [entry.findtext(f"{ATOM}published", "") for entry in entries]
    assert len(entries) == 30
    assert moments == sorted(moments, reverse=True)
    assert "Reply 31" in (entries[0].findtext(f"{ATOM}summary") or "")


def test_what_others_said_is_not_repeated(public, said):
    Message.objects.filter(pk=said.pk).update(
        text="Mine.\n\n> Theirs.\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: all\nSubject: x\n\nOld."
    )
    assert read(FEED).findtext(f"{ATOM}entry/{ATOM}summary") == "Mine."


def test_characters_that_xml_cannot_hold_break_nothing(public, said):
    Message.objects.filter(pk=said.pk).update(text="Page one\x0cpage \x1b[0m two \ufffe", subject="Bell \x07")
    assert titles(read(FEED)) == ["Bell  "]


def test_a_private_archive_has_no_feed_for_strangers(said):
    assert Client().get(FEED).status_code == 403
    assert FEED not in Client().get("/communities/customer-experience/").content.decode()


def test_a_member_reads_with_their_own_address_and_without_signing_in(said, cop, ben):
    assert titles(read(own_feed(ben, cop))) == ["QUESTION: Which survey?"]


def test_a_changed_address_opens_nothing(said, cop, ben):
    address = own_feed(ben, cop)
    for wrong in (address.replace("/feeds/", "/feeds/1"), f"{address[:-2]}/", "/feeds/x/"):
        assert Client().get(wrong).status_code == 404


@pytest.mark.parametrize("change", [{"state": State.LEFT}, {"state": State.REMOVED}])
def test_a_feed_ends_with_the_membership(change, said, cop, ben):
    address = own_feed(ben, cop)
    Membership.objects.filter(person=ben).update(**change)
    assert Client().get(address).status_code == 410


def test_a_feed_ends_with_the_account(said, cop, ben):
    Person.objects.filter(pk=ben.pk).update(is_active=False)
    assert Client().get(own_feed(ben, cop)).status_code == 410


def test_zones_hold_in_feeds(public, ben, dov, cop):
    for zone in (Zone.FEDERAL, Zone.INTERGOVERNMENTAL):
        in_zone(cop, ben, zone)
    enroll(dov, cop)
    everybodys = ["QUESTION: Which survey?"]
    assert titles(read(FEED)) == everybodys
    assert titles(read(own_feed(dov, cop))) == everybodys
    assert len(titles(read(own_feed(ben, cop)))) == 3
    ben.addresses.update(proved_at=None)
    assert titles(read(own_feed(ben, cop))) == everybodys


def test_closed_jobs_are_in_no_feed(public, ben):
    message = actions.start(community=public, subject="JOB: Analyst", body="x", by=ben)
    Thread.objects.filter(pk=message.thread_id).update(kind="job", closing_date=timezone.localdate().replace(year=2020))
    assert titles(read(FEED)) == ["QUESTION: Which survey?"]


def test_whoever_has_it_already_is_told_so(public, ben):
    first = Client().get(FEED)
    assert Client().get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert Client().get(FEED, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    actions.start(community=public, subject="New", body="x", by=ben)
    assert Client().get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_no_shared_cache_keeps_what_is_private(said, cop, ben, client_of):
    assert "private" in Client().get(own_feed(ben, cop))["Cache-Control"]
    assert "private" in client_of(ben).get(FEED)["Cache-Control"]


def test_a_feed_asks_few_queries(public, ben, ada, django_assert_max_num_queries):
    for n in range(20):
        actions.start(community=public, subject=f"Number {n}", body="x", by=ben)
    own = own_feed(ben, public)
    with django_assert_max_num_queries(5):
        read(own)
    with django_assert_max_num_queries(4):
        read(FEED)


def test_a_member_finds_their_address_and_can_end_it(said, cop, ben, client_of):
    old, browser = own_feed(ben, cop), client_of(ben)
    assert old in browser.get(f"{FEED}address/").content.decode()
    browser.post(f"{FEED}address/")
    assert Client().get(old).status_code == 404
    assert titles(read(own_feed(ben, cop))) == ["QUESTION: Which survey?"]
    assert Entry.objects.filter(fact="communities.feed.renewed").count() == 1


def test_nobody_ends_the_feed_of_somebody_else(said, cop, ben, ada):
    with pytest.raises(Refused):
        communities.renew_feed(membership=Membership.objects.get(person=ben), by=ada)


def test_pages_name_the_feed_that_their_reader_may_read(public, ben, client_of):
    list_of_threads = "/communities/customer-experience/discussions/"
    stranger, member = (
        Client().get(list_of_threads).content.decode(),
        client_of(ben).get(list_of_threads).content.decode(),
    )
    assert f'type="application/atom+xml" title="Customer Experience: discussions" href="{FEED}"' in stranger
    assert own_feed(ben, public) in member
    assert f"{FEED}address/" in member


def test_the_link_in_a_letter_does_not_show_the_address_of_the_feed(said, cop, ben):
    page = Client().get(f"/delivery/{membership_token(Membership.objects.get(person=ben))}/").content.decode()
    assert f"{FEED}address/" in page
    assert "/feeds/" not in page


def test_topics_gather_public_communities_only(public, other, cleo, ben):
    topic = Topic.objects.create(slug="surveys", title="Surveys")
    topic.communities.add(public, other)
    actions.start(community=other, subject="Among members", body="x", by=cleo)
    assert titles(read("/feed/topics/surveys/")) == titles(read("/feed/")) == ["QUESTION: Which survey?"]
    assert Client().get("/feed/topics/nothing/").status_code == 404
    assert "/feed/topics/surveys/" in Client().get("/communities/?topic=surveys").content.decode()


def test_a_feed_without_entries_is_a_feed(cop):
    assert titles(read("/feed/")) == []
