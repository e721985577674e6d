"""Whom a digest reaches, what each may see, and that a thousand readers cost no more than ten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junto.communities.models import Community, Delivery, DigestForm, Membership, Zone
from junto.discussions import actions
from junto.discussions.models import DigestIssue, Thread, ThreadChoice
from junto.mail.models import Mailing, Shard
from junto.people.models import Address, Person
from tests.conftest import enroll
from tests.discussions.digests import Desk, reads

pytestmark = pytest.mark.django_db

SEVEN = datetime(2026, 11, 4, 12, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEVELS = {"fred@epa.gov": "federal_executive", "stan@state.oh.us": "state", "olga@example.com": ""}


@pytest.fixture
def desk(cop, ada, ben, carried):
    return Desk(cop, carried)


@pytest.fixture
def levels(cop):
    """A reader from each level of government, and one from none."""
    for email, level in LEVELS.items():
        person = Person.objects.create(email=email, name=email.partition("@")[0])
        Address.objects.create(person=person, email=email, level=level, proved_at=timezone.now())
        enroll(person, cop, delivery=Delivery.DAILY)


def say_in(desk, zone, subject):
    message = desk.say(SEVEN - 2 * HOUR, subject=subject)
    Thread.objects.filter(pk=message.thread_id).update(zone=zone)


def mute(member: Membership, thread: Thread) -> None:
    ThreadChoice.objects.create(thread=thread, membership=member, wish=ThreadChoice.Wish.MUTE)


def many(count: int, community: Community, **choices: object) -> None:
    """So many more readers by digest."""
    start = Person.objects.count()
    people = Person.objects.bulk_create(Person(email=f"reader{start + n}@epa.gov") for n in range(count))
    addresses = Address.objects.bulk_create(Address(person=p, email=p.email, level="federal_executive") for p in people)
    Membership.objects.bulk_create(
        Membership(
            community=community,
            person=a.person,
            address=a,
            joined_at=timezone.now(),
            **{"delivery": Delivery.DAILY, **choices},
        )
        for a in addresses
    )


def test_only_those_who_chose_a_digest_get_one(desk, cop, ada, ben):
    reads(ada, cop)
    desk.say(SEVEN - HOUR)
    assert [copy.recipient for copy in desk.strike(SEVEN)] == ["ada@gsa.gov"]


@pytest.mark.parametrize(
    "away",
    [
        {"paused_until": SEVEN + timedelta(days=4000)},
        {"complained_at": SEVEN},
        {"state": "left"},
    ],
)
def test_who_is_away_gets_none_and_finds_no_heap_on_return(desk, cop, ada, ben, away):
    before = {name: getattr(Membership.objects.get(person=ada, community=cop), name) for name in away}
    reads(ada, cop)
    reads(ben, cop)
    desk.say(SEVEN - HOUR, subject="One")
    assert len(desk.strike(SEVEN)) == 2
    desk.say(SEVEN + HOUR, subject="Two")
    Membership.objects.filter(person=ada).update(**away)
    assert [copy.recipient for copy in desk.strike(SEVEN + 24 * HOUR)] == ["ben@epa.gov"]
    Membership.objects.filter(person=ada).update(**before)
    desk.say(SEVEN + 25 * HOUR, subject="Three")
    (copy,) = [copy for copy in desk.strike(SEVEN + 48 * HOUR) if copy.recipient == "ada@gsa.gov"]
    assert "Three" in copy.words and "Two" not in copy.words


def test_an_address_that_is_stopped_gets_none(desk, cop, ada):
    reads(ada, cop)
    Address.objects.filter(person=ada).update(stopped_at=SEVEN)
    desk.say(SEVEN - HOUR)
    assert desk.strike(SEVEN) == []


def test_what_is_said_in_a_zone_stays_in_it(desk, cop, levels):
    say_in(desk, Zone.FEDERAL, "Secret of the federals")
    say_in(desk, Zone.INTERGOVERNMENTAL, "Among governments")
    say_in(desk, Zone.PUBLIC, "For everyone")
    copies = {copy.recipient: copy.words + copy.mail["Subject"] for copy in desk.strike(SEVEN)}
    seen = {email: [w for w in ("Secret", "Among", "everyone") if w in said] for email, said in copies.items()}
    assert seen == {
        "fred@epa.gov": ["Secret", "Among", "everyone"],
        "stan@state.oh.us": ["Among", "everyone"],
        "olga@example.com": ["everyone"],
    }
    assert "Federal only" in copies["fred@epa.gov"]


def test_who_may_see_nothing_of_what_was_said_gets_nothing(desk, cop, levels):
    say_in(desk, Zone.FEDERAL, "Secret of the federals")
    assert [copy.recipient for copy in desk.strike(SEVEN)] == ["fred@epa.gov"]


def test_a_muted_discussion_is_left_out_for_who_muted_it_alone(desk, cop, ada, ben):
    member = reads(ada, cop)
    reads(ben, cop)
    loud = desk.say(SEVEN - 3 * HOUR, subject="Loud")
    desk.say(SEVEN - 2 * HOUR, subject="Calm")
    mute(member, loud.thread)
    copies = {copy.recipient: copy.words for copy in desk.strike(SEVEN)}
    assert "Calm" in copies["ada@gsa.gov"] and "Loud" not in copies["ada@gsa.gov"]
    assert "Calm" in copies["ben@epa.gov"] and "Loud" in copies["ben@epa.gov"]


def test_who_muted_all_that_was_said_gets_nothing(desk, cop, ada):
    member = reads(ada, cop)
    mute(member, desk.say(SEVEN - HOUR).thread)
    assert desk.strike(SEVEN) == []


def test_readers_of_one_form_share_one_mailing_whatever_their_hours_and_time_zones(desk, cop, ada, ben):
    many(20, cop)
    many(5, cop, digest_hour=6)
    Person.objects.filter(pk__in=Membership.objects.filter(digest_hour=6).values("person")).update(
        time_zone="America/Chicago"
    )
    many(3, cop, digest_form=DigestForm.INDEX)
    desk.say(SEVEN - HOUR)
    assert len(desk.strike(SEVEN)) == 28
    digests = Mailing.objects.filter(kind__startswith="discussions.digest")
    assert sorted(digests.values_list("kind", "total")) == [
        ("discussions.digest", 25),
        ("discussions.digest_index", 3),
    ]
    assert DigestIssue.objects.count() == 1


def test_making_an_issue_costs_the_same_for_ten_readers_and_for_five_hundred(desk, cop, ada):
    counts = []
    for day, count in enumerate((10, 0, 490, 0)):
        many(count, cop)
        desk.say(SEVEN + timedelta(days=day) - HOUR, subject=f"Day {day}")
        with CaptureQueriesContext(connection) as queries:
            actions.issue_digests(now=SEVEN + timedelta(days=day), by=None)
        counts.append(len(queries))
    assert counts[3] == counts[1]
    assert counts[2] <= counts[1] + 1  # to seat 490 readers takes one statement
    totals = Mailing.objects.filter(kind="discussions.digest").order_by("pk").values_list("total", flat=True)
    assert list(totals) == [10, 10, 500, 500]


def test_a_digest_takes_as_many_shards_as_a_post(desk, cop, ada, monkeypatch):
    monkeypatch.setattr("junto.mail.actions.SHARD_SIZE", 10)
    many(50, cop)
    desk.say(SEVEN - HOUR)
    actions.issue_digests(now=SEVEN, by=None)
    digest = Mailing.objects.get(kind="discussions.digest")
    assert Shard.objects.filter(mailing=digest).count() == 5


def test_no_row_of_a_member_changes_from_day_to_day(desk, cop, ada):
    many(10, cop)
    after = []
    for day in range(3):
        desk.say(SEVEN + timedelta(days=day) - HOUR)
        assert actions.issue_digests(now=SEVEN + timedelta(days=day), by=None) == 1
        after.append(list(Membership.objects.order_by("pk").values()))
    assert after[0] == after[1] == after[2]
