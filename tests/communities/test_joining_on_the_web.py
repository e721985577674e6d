import threading

import pytest
from django.db import connection

from junto.audit.models import Entry
from junto.communities import actions
from junto.communities.models import Community, Delivery, Invitation, Membership, State
from junto.kit.rulings import Refused
from junto.people.models import Address, DomainRule

JOIN = "/communities/customer-experience/join/"
LEAVE = "/communities/customer-experience/leave/"


def _join(person, community, **more):
    more = {"accepts_guidelines": True, "came_by": "web", "by": person} | more
    return actions.join(community=community, person=person, address=person.addresses.get(), **more)


def test_a_stranger_is_led_through_sign_in_and_back(client, cop):
    page = client.get(JOIN).content.decode()
    assert "next=%2Fcommunities%2Fcustomer-experience%2Fjoin%2F" in page
    assert "cx-cop-subscribe-request@lists.example.gov" in page
    client.post(JOIN, {"delivery": "each", "accepts_guidelines": "on"})
    assert not Membership.objects.exists()


def test_who_is_eligible_joins_with_one_button_and_is_welcomed(client_of, cop, ada, cleo, post):
    client = client_of(cleo)
    assert "federal record" in client.get(JOIN).content.decode()
    answer = client.post(JOIN, {"delivery": "daily", "accepts_guidelines": "on"})
    assert answer.status_code == 302
    membership = Membership.objects.get(person=cleo)
    assert (membership.state, membership.delivery, membership.came_by) == (State.ACTIVE, Delivery.DAILY, "web")
    assert membership.guidelines_accepted_at is not None
    (letter,) = post.to("cleo@epa.gov")
    assert letter.kind == "communities.welcome"
    for words in ("cx-cop@lists.example.gov", "a digest every day", "/delivery/", "federal record", "signoff-request@"):
        assert words in letter.text, words
    assert Entry.objects.get(fact="communities.member.joined").by == "Cleo Chen"


def test_guidelines_must_be_accepted_where_there_are_any(client_of, cop, ada, cleo):
    answer = client_of(cleo).post(JOIN, {"delivery": "each"})
    assert answer.status_code == 422
    assert "tick the box" in answer.content.decode()
    assert not Membership.objects.filter(person=cleo).exists()
    with pytest.raises(Refused, match="accept its guidelines"):
        _join(cleo, cop, accepts_guidelines=False)
    Community.objects.update(guidelines="")
    assert client_of(cleo).post(JOIN, {"delivery": "each"}).status_code == 302


def test_who_is_unknown_waits_and_both_sides_are_told(client_of, cop, ada, eve, post):
    assert "Ask to join" in client_of(eve).get(JOIN).content.decode()
    client_of(eve).post(JOIN, {"delivery": "each", "accepts_guidelines": "on"})
    membership = Membership.objects.get(person=eve)
    assert membership.state == State.WAITING
    assert membership.reason
    assert [one.kind for one in post.to("eve@mail.example.com")] == ["communities.waiting"]
    assert [one.kind for one in post.to("ada@gsa.gov")] == ["communities.somebody_waits"]
    assert "waits for a manager" in client_of(eve).get("/communities/customer-experience/").content.decode()


def test_who_is_blocked_is_refused_with_the_reason(client_of, cop, ada, eve):
    DomainRule.objects.create(pattern="mail.example.com", verdict="block", note="Spam")
    answer = client_of(eve).post(JOIN, {"delivery": "each", "accepts_guidelines": "on"})
    assert answer.status_code == 403
    assert not Membership.objects.filter(person=eve).exists()


def test_a_list_cannot_be_a_member_whichever_door(cop, other, eve):
    address = Address.objects.create(person=eve, email="web-managers@lists.example.gov")
    for came_by in ("web", "mail", "roster", "invitation"):
        with pytest.raises(Refused, match="mailing list"):
            actions.join(community=cop, person=eve, address=address, accepts_guidelines=True, came_by=came_by, by=None)
    assert not Membership.objects.filter(person=eve).exists()


def test_nobody_joins_with_the_address_of_another(cop, ada, cleo, eve):
    with pytest.raises(Refused, match="somebody else"):
        actions.join(
            community=cop,
            person=eve,
            address=cleo.addresses.get(),
            accepts_guidelines=True,
            came_by="web",
            by=eve,
        )


def test_an_invitation_opens_any_policy_and_is_used_up(client_of, cop, ada, eve):
    Community.objects.update(policy="invitation")
    Invitation.objects.create(community=cop, email=eve.email, invited_by=ada)
    client_of(eve).post(JOIN, {"delivery": "each", "accepts_guidelines": "on"})
    assert Membership.objects.get(person=eve).is_active()
    assert Invitation.objects.get().used_at is not None


def test_joining_twice_changes_nothing(cop, ada, cleo, post):
    first = _join(cleo, cop)
    post.clear()
    again = _join(cleo, cop, delivery=Delivery.NONE)
    assert again.pk == first.pk
    assert again.delivery == Delivery.EACH
    assert not post.sent


def test_who_left_can_come_back_and_who_was_removed_waits(cop, ada, ben, cleo):
    left = _join(cleo, cop)
    actions.leave(membership=left, by=cleo)
    assert _join(cleo, cop).is_active()
    actions.remove(membership=Membership.objects.get(person=ben), reason="Sold things.", by=ada)
    assert _join(ben, cop).state == State.WAITING


def test_a_roster_tells_nobody_and_accepts_no_guidelines_for_others(cop, ada, cleo, post):
    membership = _join(cleo, cop, accepts_guidelines=False, came_by="roster", tells=False, by=ada)
    assert membership.is_active()
    assert membership.guidelines_accepted_at is None
    assert not post.sent


def test_a_roster_fills_a_hidden_community(hidden, ada, cleo):
    assert _join(cleo, hidden, accepts_guidelines=False, came_by="roster", tells=False, by=ada).is_active()


def test_leaving_takes_one_button(client_of, cop, ada, ben, post):
    client = client_of(ben)
    assert client.get(LEAVE).status_code == 200
    assert Membership.objects.get(person=ben).is_active()
    client.post(LEAVE)
    assert Membership.objects.get(person=ben).state == State.LEFT
    assert [one.kind for one in post.to("ben@epa.gov")] == ["communities.left"]


def test_the_only_manager_cannot_leave_and_is_told_why(client_of, cop, ada):
    assert "only manager" in client_of(ada).get(LEAVE).content.decode()
    assert client_of(ada).post(LEAVE).status_code == 403
    assert Membership.objects.get(person=ada).is_active()


def test_who_is_no_member_has_nothing_to_leave(client, client_of, cop, cleo):
    assert client.get(LEAVE).status_code == 302
    assert client_of(cleo).post(LEAVE).status_code == 302
    assert not Membership.objects.filter(person=cleo).exists()


@pytest.mark.django_db(transaction=True)
def test_joining_at_the_same_moment_gives_one_membership(cop, cleo):
    problems, gate = [], threading.Barrier(4)

    def join():
        try:
            gate.wait()
            _join(cleo, cop)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert Membership.objects.filter(person=cleo).count() == 1
    assert Entry.objects.filter(fact="communities.member.joined").count() == 1
