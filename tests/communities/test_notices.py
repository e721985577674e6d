"""Refusals of servers, complaints and lost members come to the managers; postmaster@ and abuse@ reach people."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from junto.communities import actions, inbound
from junto.communities.models import Membership, Notice, State
from junto.communities.tasks import end_unreachable
from junto.kit.rulings import Refused
from junto.mail import verp
from junto.people.models import Address, Person

DMARC = "550 5.7.26 Message {} from ben@epa.gov does not pass DMARC"


def _refuse(cop, words: str = "") -> None:
    words = words or DMARC.format("4f9d2c11aa77")
    actions.note_refusal(told={"community": cop.pk}, status="5.7.26", words=words, by=None)


def test_a_refusal_for_policy_is_told_once_and_counted(cop, ada, post):
    _refuse(cop)
    _refuse(cop, DMARC.format("88aa99bb77cc"))
    notice = Notice.objects.get()
    assert (notice.times, notice.kind) == (2, "refusal")
    (letter,) = post.to("ada@gsa.gov")
    assert "does not pass DMARC" in letter.text
    assert "No member is at fault" in letter.text
    assert "ben@epa.gov" not in notice.words


def test_many_different_refusals_send_few_letters(cop, ada, post):
    for word in "abcdefghijklmnop":
        _refuse(cop, f"550 5.7.1 blocked because of {word}")
    assert Notice.objects.count() == 16
    assert len(post.to("ada@gsa.gov")) <= 6


def test_a_settled_notice_opens_anew_when_it_happens_again(cop, ada, post, client_of):
    _refuse(cop)
    page = reverse("communities:settlement", args=[cop.slug, Notice.objects.get().pk])
    desk = reverse("communities:manage", args=[cop.slug])
    assert "does not pass DMARC" in client_of(ada).get(desk).content.decode()
    client_of(ada).post(page)
    assert "does not pass DMARC" not in client_of(ada).get(desk).content.decode()
    _refuse(cop)
    assert Notice.objects.filter(settled_at=None).count() == 1


def test_only_managers_settle(cop, ada, ben, post):
    _refuse(cop)
    with pytest.raises(Refused):
        actions.settle(notice=Notice.objects.get(), by=ben)


def test_a_complaint_stops_the_list_for_that_member_and_tells_the_managers(cop, ada, ben, post):
    mine = Membership.objects.get(person=ben)
    actions.note_complaint(membership=mine, words="Yahoo!-Mail-Feedback/2.0", by=None)
    actions.note_complaint(membership=mine, words="Yahoo!-Mail-Feedback/2.0", by=None)
    assert not Membership.objects.reachable().filter(pk=mine.pk).exists()
    assert Membership.objects.get(pk=mine.pk).is_active()
    assert len(post.to("ada@gsa.gov")) == 1
    assert post.to("ben@epa.gov") == []


def test_who_cannot_be_reached_is_removed_with_word_to_every_address(cop, ada, ben, post):
    Address.objects.create(person=ben, email="ben@example.org", proved_at=timezone.now())
    Address.objects.filter(email="ben@epa.gov").update(
        stopped_at=timezone.now(), probes=3, stop_reason="550 5.1.1 gone"
    )
    end_unreachable.call()
    end_unreachable.call()
    assert Membership.objects.get(person=ben).state == State.REMOVED
    assert [letter.kind for letter in post.to("ben@example.org")] == ["communities.unreachable"]
    assert [letter.kind for letter in post.to("ben@epa.gov")] == ["communities.unreachable"]
    assert "550 5.1.1 gone" in post.to("ada@gsa.gov")[0].text


def test_the_only_manager_stays(cop, ada, post):
    Address.objects.filter(email="ada@gsa.gov").update(stopped_at=timezone.now(), probes=3)
    end_unreachable.call()
    assert Membership.objects.get(person=ada).is_active()


@pytest.fixture
def hal(db):
    return Person.objects.create(email="hal@gsa.gov", name="Hal", is_staff=True)


@pytest.mark.parametrize("role", ["postmaster", "abuse"])
def test_postmaster_and_abuse_reach_whoever_runs_the_site(role, hal, incoming, post):
    letter = incoming(text="Your server sends spam.", subject="Spam", mail_from="Eve <eve@mail.example.com>")
    letter.raw = b"Subject: Spam\n\nYour server sends spam."
    inbound.role(letter, role=role)
    (told,) = post.to("hal@gsa.gov")
    assert "Your server sends spam." in told.text
    assert told.reply_to == "eve@mail.example.com"


def test_a_robot_that_writes_to_postmaster_disturbs_nobody(hal, incoming, post):
    letter = incoming(text="I am away.", headers={"Auto-Submitted": "auto-replied"})
    letter.raw = b"Auto-Submitted: auto-replied\n\nI am away."
    inbound.role(letter, role="postmaster")
    assert post.sent == []


def test_the_report_of_a_robot_names_the_member_by_our_own_return_path(cop, ada, ben, post, monkeypatch):
    mine = Membership.objects.get(person=ben)
    told = {"community": cop.pk}
    inbound.complaint(audience="discussions.post_readers", told=told, key=mine.pk, words="abuse")
    mine.refresh_from_db()
    assert mine.complained_at is not None
    inbound.complaint(audience="mail.reader", told={"address": "ada@gsa.gov"}, key=1, words="abuse")
    assert verp.short_name("CX-COP") == "cx-cop"
    assert Membership.objects.get(person=ada).complained_at is None
