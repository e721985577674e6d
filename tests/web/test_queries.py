"""Pages with lists ask the database as often for forty rows as for one, and leave long columns where they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junto.communities.models import Community, Invitation, Membership, State, Topic
from junto.discussions.models import HeldPost, Message, Thread
from junto.mail.models import Arrival, Mailing, OutboxCopy, Setback, Shard
from junto.people.models import Address, Person
from tests.conftest import enroll

MANY = 40


@pytest.fixture
def many(cop, ada, ben, epa):
    """A community with a lot of everything; Ben is in many others."""
    for n in range(MANY):
        person = Person.objects.create(email=f"p{n}@epa.gov", name=f"Person {n}", agency=epa)
        Address.objects.create(
            person=person, email=person.email, agency=epa, stopped_at=timezone.now() if n % 4 == 0 else None
        )
        member = enroll(person, cop)
        if n % 2:
            Membership.objects.filter(pk=member.pk).update(state=State.WAITING, joined_at=None)
        Invitation.objects.create(community=cop, email=f"invited{n}@epa.gov", invited_by=ada)
        _other_community(n, ben)
        HeldPost.objects.create(
            community=cop,
            waits_for="moderator",
            raw="x",
            author=person,
            email=person.email,
            rule="x",
            subject=f"Held {n}",
        )
    _thread(cop, ben)
    return cop


def _other_community(n: int, ben: Person) -> None:
    community = Community.objects.create(
        slug=f"c{n}", name=f"C {n}", list_name=f"c{n}", list_id=f"c{n}.lists.example.gov"
    )
    community.topics.add(Topic.objects.create(slug=f"t{n}", title=f"T {n}"))
    enroll(ben, community, role="manager" if n % 2 else "member")
    now = timezone.now()
    Thread.objects.create(community=community, number=1, subject=f"In {n}", started_at=now, last_at=now)


def _thread(cop: Community, ben: Person) -> None:
    now = timezone.now()
    thread = Thread.objects.create(community=cop, number=900, subject="Long", started_at=now, last_at=now)
    for n in range(MANY):
        mailing = Mailing.objects.create(kind="x", return_to="x", audience="x", pieces=b"x" * 100, total=5)
        Shard.objects.create(mailing=mailing, after=0, upto=5, cursor=0)
        Setback.objects.create(mailing=mailing, key=1, address="a@epa.gov", kind="deferred", next_try_at=now)
        OutboxCopy.objects.create(mailing=mailing, recipient="a@epa.gov", return_path="b@c", content=b"Subject: x\n\nx")
        Arrival.objects.create(
            raw_key="x", recipient="cx-cop@lists.example.gov", size=1, state="quarantined", handled_at=now
        )
        Message.objects.create(
            community=cop, thread=thread, author=ben, author_name="Ben", message_id=f"m{n}@x", mailing_id=mailing.pk,
            sent_at=now + timedelta(minutes=n), text="long", html="long", shown="<p>long</p>",
        )  # fmt: skip


PAGES = {
    "/communities/": 10,
    "/communities/customer-experience/": 15,
    "/communities/customer-experience/members/": 6,
    "/communities/customer-experience/manage/": 15,
    "/communities/customer-experience/manage/members/": 6,
    "/communities/customer-experience/manage/announcements/": 7,
    "/communities/customer-experience/manage/invitations/": 10,
    "/communities/customer-experience/discussions/": 7,
    "/communities/customer-experience/discussions/900/": 11,
    "/communities/customer-experience/discussions/held/": 8,
    "/search/?q=long": 9,
    "/": 11,
    "/me/": 9,
}


@pytest.mark.parametrize("page", PAGES)
def test_a_list_costs_few_queries_however_long_it_is(page, many, ada, client_of, django_assert_max_num_queries):
    client = client_of(ada)
    with django_assert_max_num_queries(PAGES[page]):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/", "/me/", "/search/?q=long", "/communities/"])
def test_somebody_in_forty_communities_costs_no_more(page, many, ben, client_of, django_assert_max_num_queries):
    client = client_of(ben)
    with django_assert_max_num_queries(12):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/outbox/", "/mail/quarantine/"])
def test_the_pages_of_the_mail_cost_few_queries(page, many, ada, client_of, settings, django_assert_max_num_queries):
    Person.objects.filter(pk=ada.pk).update(is_staff=True)
    settings.RELAY_URL = "outbox:"
    client = client_of(ada)
    with django_assert_max_num_queries(5):
        assert client.get(page).status_code == 200


def _asked(client, page: str) -> str:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return "\n".join(query["sql"] for query in asked)


def test_pages_leave_long_columns_unread(many, ada, client_of):
    thread = _asked(client_of(ada), "/communities/customer-experience/discussions/900/")
    assert '"mail_mailing"."total"' in thread
    assert '"discussions_message"."shown"' in thread
    for column in ('"pieces"', '"discussions_message"."text"', '"discussions_message"."html"', '"references"'):
        assert column not in thread
    threads = _asked(client_of(ada), "/communities/customer-experience/discussions/")
    assert '"discussions_message"' not in threads
    assert '"guidelines"' not in _asked(client_of(ada), "/") + _asked(client_of(ada), "/communities/")
