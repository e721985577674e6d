"""One page that says what needs a manager today, each thing with its one button."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.conftest import enroll

from junto.communities import actions as communities
from junto.communities.models import Invitation, Membership, Notice
from junto.discussions import actions as discussions
from junto.discussions.models import HeldPost, Thread
from junto.people.models import PROOF_LASTS, Address, Profile

DESK = "/communities/customer-experience/manage/"


@pytest.fixture
def everything(cop, ada, ben, cleo, dov, eve):
    """Something in every part of the desk."""
    now = timezone.now()
    communities.join(
        community=cop, person=dov, address=dov.addresses.get(), accepts_guidelines=True, came_by="web", by=dov
    )
    HeldPost.objects.create(
        community=cop, waits_for="moderator", raw="x", email=ben.email, rule="x", subject="Is this held?", name="Ben"
    )
    communities.notice(community=cop, kind=Notice.About.REFUSAL, words="550 5.7.26 No")
    question = discussions.start(community=cop, subject="QUESTION: Who has maps?", body="Please tell.", by=ada)
    job = discussions.start(community=cop, subject="JOB: Designer", body="Write to us.", by=ada)
    Thread.objects.filter(pk=question.thread_id).update(started_at=now - timedelta(days=5))
    Thread.objects.filter(pk=job.thread_id).update(closing_date=timezone.localdate() + timedelta(days=1))
    enroll(eve, cop)
    Address.objects.filter(person=eve).update(stopped_at=now, stop_reason="550 5.1.1 no such user")
    Address.objects.filter(person=ben).update(proved_at=now - PROOF_LASTS + timedelta(days=3))
    Invitation.objects.create(community=cop, email="late@noaa.gov", invited_by=ada, invited_at=now - timedelta(days=9))
    return cop


def test_the_desk_shows_everything_that_waits_in_sixteen_queries(
    everything, ada, client_of, django_assert_max_num_queries
):
    client = client_of(ada)
    with django_assert_max_num_queries(16):
        page = client.get(DESK).content.decode()
    for words in (
        "8 things need you",
        "dov@contractor.example.com",
        "Is this held?",
        "550 5.7.26 No",
        "Who has maps?",
        "550 5.1.1 no such user",
        "Designer",
        "late@noaa.gov",
        "the proof of this address ends",
    ):
        assert words in page, words


def test_an_empty_desk_says_what_can_be_done_next(cop, ada, client_of):
    page = client_of(ada).get(DESK).content.decode()
    assert "Nothing needs you today" in page
    assert "Invite a colleague" in page


def test_a_held_post_is_rejected_from_the_desk_with_one_button_and_no_reason(everything, ada, client_of, post):
    held = HeldPost.objects.get()
    path = f"/communities/customer-experience/discussions/held/{held.pk}/decision/"
    answer = client_of(ada).post(path, {"outcome": "rejected", "desk": "1", "note": "", "subject": held.subject})
    held.refresh_from_db()
    assert (answer["Location"], held.outcome) == (DESK, "rejected")


def test_a_reminder_goes_out_once(everything, ada, client_of, post):
    invitation = Invitation.objects.get(email="late@noaa.gov")
    for _ in range(2):
        client_of(ada).post(f"{DESK}invitations/{invitation.pk}/reminder/", {"desk": "1"})
    assert [one.kind for one in post.to("late@noaa.gov")] == ["communities.invitation_again"]
    assert "late@noaa.gov" not in client_of(ada).get(DESK).content.decode()


def test_a_member_is_asked_for_a_fresh_proof_once_in_two_weeks(everything, ada, ben, client_of, post):
    number = Membership.objects.get(person=ben, community=everything).pk
    answers = [client_of(ada).post(f"{DESK}members/{number}/proof/").status_code for _ in range(2)]
    assert answers == [302, 403]
    assert [one.kind for one in post.to(ben.email)] == ["people.fresh_proof"]


def test_a_question_is_put_before_a_member_who_says_that_they_can_help(everything, ada, ben, client_of, post):
    Profile.objects.create(person=ben, helps_with="maps and open data")
    thread = Thread.objects.get(subject__contains="maps")
    path = f"{DESK}questions/{thread.number}/expert/"
    number = str(Membership.objects.get(person=ben, community=everything).pk)
    assert "maps and open data" in client_of(ada).get(path).content.decode()
    assert client_of(ada).post(path, {"expert": number, "note": "You did this."}).status_code == 302
    (letter,) = post.to(ben.email)
    assert (letter.kind, letter.reply_to) == ("discussions.question_for_you", ada.email)
    assert "You did this." in letter.text
    again = client_of(ada).post(path, {"expert": number})
    assert "was asked about this already" in again.content.decode()


def test_nobody_is_asked_who_takes_no_questions_and_nobody_by_an_unknown_address(everything, ada, ben, client_of):
    Profile.objects.create(person=ben, helps_with="maps", takes_questions=False)
    path = f"{DESK}questions/{Thread.objects.get(subject__contains='maps').number}/expert/"
    assert "Ben Brooks" not in client_of(ada).get(path).content.decode()
    assert client_of(ada).post(path, {"email": "nobody@epa.gov"}).status_code == 422
