"""Posts that wait: the author's button, the moderators' queue."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from junto.communities.models import Moderation, Role
from junto.discussions import actions, tasks
from junto.discussions.models import HeldPost, Message
from junto.kit import tokens
from junto.kit.rulings import Refused
from junto.people.models import Person
from tests.conftest import enroll

pytestmark = pytest.mark.django_db
HELD = "/communities/customer-experience/discussions/held/"


def confirm_link(held: HeldPost) -> str:
    return f"/posts/confirm/{tokens.sign('discussions.confirm', held.pk)}/"


@pytest.fixture
def unproven(send, ada, ben):
    send("question", is_proven=False)
    return HeldPost.objects.get()


@pytest.fixture
def waiting(send, cop, ada, ben):
    cop.moderation = Moderation.ALL
    cop.save()
    send("question")
    return HeldPost.objects.get()


def decide(client: Client, held: HeldPost, outcome: str, note: str = ""):
    return client.post(f"{HELD}{held.pk}/decision/", {"outcome": outcome, "note": note}, follow=True)


def test_opening_the_link_sends_nothing(unproven):
    for _ in range(3):
        page = Client().get(confirm_link(unproven))
    assert Client().head(confirm_link(unproven)).status_code == 200
    assert b"Was this you?" in page.content
    assert b"how do you measure wait times" in page.content
    assert not Message.objects.exists()


def test_the_button_sends_the_post_once(unproven, carried):
    page = Client().post(confirm_link(unproven), {"answer": "mine"})
    assert b"on its way" in page.content
    again = Client().post(confirm_link(unproven), {"answer": "mine"})
    assert b"already" in again.content
    assert Message.objects.get().author.email == "ben@epa.gov"
    assert len(carried("post")) == 2


def test_the_other_button_drops_it(unproven):
    Client().post(confirm_link(unproven), {"answer": "not-mine"})
    unproven.refresh_from_db()
    assert unproven.outcome == "discarded"
    Client().post(confirm_link(unproven), {"answer": "mine"})
    assert not Message.objects.exists()


def test_a_forged_link_opens_nothing(unproven):
    link = confirm_link(unproven)
    assert Client().get(link[:-3] + "zz/").status_code == 404
    assert Client().post(f"/posts/confirm/{tokens.sign('discussions.alias', unproven.pk)}/").status_code == 404


def test_a_button_without_an_answer_changes_nothing(unproven):
    assert Client().post(confirm_link(unproven)).status_code == 422
    assert not Message.objects.exists()


def test_an_old_link_has_expired_and_the_clock_closes_the_post(unproven):
    HeldPost.objects.update(held_at=timezone.now() - timezone.timedelta(days=8))
    assert b"expired" in Client().post(confirm_link(unproven), {"answer": "mine"}).content
    assert tasks.expire_unconfirmed_posts.func() == 1
    unproven.refresh_from_db()
    assert unproven.outcome == "expired"
    assert not Message.objects.exists()


def test_a_confirmed_post_may_still_wait_for_a_moderator(unproven, cop, carried):
    cop.moderation = Moderation.ALL
    cop.save()
    page = Client().post(confirm_link(unproven), {"answer": "mine"})
    assert b"A moderator reads" in page.content
    unproven.refresh_from_db()
    assert (unproven.waits_for, unproven.rule, unproven.outcome) == ("moderator", "awaits_moderation", "")
    assert [copy.recipient for copy in carried("held_for_moderators")] == ["ada@gsa.gov"]


def test_a_confirmed_outsider_is_told_why_not(send, ada, eve):
    send("from-outside", is_proven=False)
    page = Client().post(confirm_link(HeldPost.objects.get()), {"answer": "mine"})
    assert b"Only members can post" in page.content
    assert HeldPost.objects.get().outcome == "rejected"


def test_a_moderator_accepts_and_everyone_gets_it(waiting, client_of, ada, carried):
    page = decide(client_of(ada), waiting, "accepted")
    assert "is accepted" in page.content.decode()
    message = Message.objects.get()
    assert (message.author.email, message.message_id) == ("ben@epa.gov", "question-1@epa.gov")
    assert len(carried("post")) == 2
    assert [copy.recipient for copy in carried("accepted")] == ["ben@epa.gov"]


def test_a_rejection_needs_a_reason_and_sends_it(waiting, client_of, ada, carried):
    page = decide(client_of(ada), waiting, "rejected")
    assert "Say why you reject the post" in page.content.decode()
    decide(client_of(ada), waiting, "rejected", "Please post jobs on the jobs list.")
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.decided_by) == ("rejected", ada)
    assert "Please post jobs on the jobs list." in carried("rejected")[0].words
    assert not Message.objects.exists()


def test_a_discarded_post_is_dropped_without_a_word(waiting, client_of, ada, carried):
    decide(client_of(ada), waiting, "discarded")
    assert HeldPost.objects.get().outcome == "discarded"
    assert carried("rejected") == carried("accepted") == []


def test_the_first_decision_wins(waiting, client_of, cop, ada, gsa):
    second = Person.objects.create(email="mo@gsa.gov", name="Mo Meyer", agency=gsa)
    second.addresses.create(email="mo@gsa.gov", proved_at=timezone.now())
    enroll(second, cop, Role.MODERATOR)
    decide(client_of(ada), waiting, "discarded")
    page = decide(client_of(second), waiting, "accepted")
    assert "was discarded already by Ada Alvarez" in page.content.decode()
    assert not Message.objects.exists()


def test_a_member_cannot_decide(waiting, client_of, ben):
    assert decide(client_of(ben), waiting, "accepted").status_code == 403
    with pytest.raises(Refused):
        actions.accept_held(held=waiting, by=ben)


def test_a_manager_of_another_community_cannot_decide(waiting, client_of, cleo, other):
    assert decide(client_of(cleo), waiting, "accepted").status_code == 403
    assert (
        client_of(cleo)
        .post(f"/communities/web-managers/discussions/held/{waiting.pk}/decision/", {"outcome": "accepted"})
        .status_code
        == 404
    )
    assert not Message.objects.exists()


def test_an_accepted_guest_gets_a_name_and_an_alias(send, ada, gsa, epa, client_of, carried):
    send("from-a-guest")
    decide(client_of(ada), HeldPost.objects.get(), "accepted")
    message = Message.objects.get()
    assert (message.author.email, message.author_name) == ("cleo@epa.gov", "Cleo Chen")
    assert carried("post")[0].mail["From"].addresses[0].display_name.startswith("Cleo Chen")


def test_the_queue_shows_the_post_and_why_it_waits(waiting, client_of, ada):
    page = client_of(ada).get(HELD).content.decode()
    assert "how do you measure wait times" in page
    assert "Moderators read every post" in page


def test_an_empty_queue_says_so(ada, client_of):
    assert "Nothing waits" in client_of(ada).get(HELD).content.decode()
