from datetime import timedelta

import pytest
from django.utils import timezone
from tests.conftest import enroll

from junto.communities import rules
from junto.communities.models import Community, Delivery, Invitation, Membership, Policy, Readers, Role, State
from junto.communities.rules import ADMIT, REFUSE, WAIT
from junto.people.models import Level
from junto.people.queries import Judgement

FEDERAL = Judgement("a@gsa.gov", level=Level.FEDERAL_EXECUTIVE, is_government=True, reason="gsa.gov is GSA.")
MILITARY = Judgement("a@army.mil", level=Level.MILITARY, is_government=True, reason="Army.")
STATE = Judgement("a@ny.gov", level=Level.STATE, state="NY", is_government=True, reason="New York.")
CONTRACTOR = Judgement("a@contractor.example.com", is_contractor=True, reason="Works for GSA.")
UNKNOWN = Judgement("a@mail.example.com", reason="No register knows mail.example.com.")
BLOCKED = Judgement("a@spam.example.com", is_blocked=True, reason="It sells addresses.")


@pytest.mark.parametrize(
    ("policy", "federal", "state", "contractor", "unknown"),
    [
        (Policy.FEDERAL, ADMIT, WAIT, WAIT, WAIT),
        (Policy.GOVERNMENT, ADMIT, ADMIT, WAIT, WAIT),
        (Policy.CONTRACTORS, ADMIT, ADMIT, ADMIT, WAIT),
        (Policy.INVITATION, WAIT, WAIT, WAIT, WAIT),
        (Policy.OPEN, ADMIT, ADMIT, ADMIT, ADMIT),
    ],
)
def test_each_policy_admits_whom_it_names_and_lets_the_others_wait(policy, federal, state, contractor, unknown):
    community = Community(policy=policy)
    judged = {FEDERAL: federal, MILITARY: federal, STATE: state, CONTRACTOR: contractor, UNKNOWN: unknown}
    for judgement, verdict in judged.items():
        standing = rules.eligibility(judgement, community)
        assert standing.verdict is verdict, (policy, judgement)
        assert standing.reason.endswith("."), "a reason is a sentence"


@pytest.mark.parametrize("policy", Policy.values)
def test_who_is_invited_is_admitted_and_who_is_blocked_is_refused_under_every_policy(policy):
    community = Community(policy=policy)
    assert rules.eligibility(UNKNOWN, community, is_invited=True).admits
    assert rules.eligibility(BLOCKED, community, is_invited=True).refuses
    assert rules.eligibility(BLOCKED, community).verdict is REFUSE
    assert "sells addresses" in rules.eligibility(BLOCKED, community).reason


@pytest.mark.parametrize(
    "email", ["cx-cop@lists.example.gov", "CX-COP-request@LISTS.example.gov", "b+x@bounces.lists.example.gov"]
)
def test_an_address_of_a_list_is_refused_under_every_policy(email):
    judgement = Judgement(email, level=Level.FEDERAL, is_government=True)
    for policy in Policy.values:
        assert rules.eligibility(judgement, Community(policy=policy), is_invited=True).refuses


def test_who_waits_is_told_why_and_that_a_manager_decides():
    reason = rules.eligibility(UNKNOWN, Community(policy=Policy.GOVERNMENT)).reason
    assert "manager decides" in reason
    assert "No register knows mail.example.com." in reason


def test_readers_public_lets_everybody_read(cop, ada, ben, cleo, eve):
    cop.readers = Readers.PUBLIC
    assert all(rules.may_read(person, cop) for person in (None, ada, ben, cleo, eve))


def test_readers_government_lets_signed_in_government_read(cop, ada, ben, cleo, eve):
    cop.readers = Readers.GOVERNMENT
    assert rules.may_read(cleo, cop)
    assert rules.may_read(ben, cop)
    assert not rules.may_read(eve, cop)
    assert not rules.may_read(None, cop)
    assert "government address" in rules.may_read(None, cop).reason


def test_readers_members_lets_members_and_staff_read_only(cop, ada, ben, cleo, eve):
    assert rules.may_read(ben, cop)
    assert not rules.may_read(cleo, cop)
    assert "Join" in rules.may_read(cleo, cop).reason
    cleo.is_staff = True
    assert rules.may_read(cleo, cop)


def test_a_hidden_community_is_not_there_for_strangers(cop, ada, ben, cleo, eve):
    cop.is_hidden, cop.readers = True, Readers.PUBLIC
    for rule in (
        rules.may_see,
        rules.may_read,
        rules.may_join,
        rules.may_take_part,
        rules.may_moderate,
        rules.may_manage,
        rules.may_see_members,
    ):
        for stranger in (None, cleo, eve):
            ruling = rule(stranger, cop)
            assert not ruling
            assert ruling.hidden, rule
        assert rules.may_see(ben, cop)


def test_a_hidden_community_is_there_for_who_is_invited_or_waits(cop, ada, cleo, eve):
    cop.is_hidden = True
    Invitation.objects.create(community=cop, email=cleo.email, invited_by=ada)
    assert rules.may_see(cleo, cop)
    waiting = enroll(eve, cop)
    waiting.state = State.WAITING
    waiting.save()
    assert rules.may_see(eve, cop)


def test_an_invitation_helps_only_at_an_address_that_is_proved(cop, ada, cleo):
    Invitation.objects.create(community=cop, email=cleo.email, invited_by=ada)
    cleo.addresses.update(proved_at=None)
    assert not rules.is_invited(cleo, cop)


@pytest.mark.parametrize("state", [State.WAITING, State.DECLINED, State.LEFT, State.REMOVED])
def test_only_active_members_take_part(cop, ben, state):
    assert rules.may_take_part(ben, cop)
    Membership.objects.filter(person=ben).update(state=state)
    ruling = rules.may_take_part(ben, cop)
    assert not ruling
    assert ruling.reason


def test_nobody_posts_to_or_joins_a_closed_community(cop, ada, cleo):
    cop.retired_at = timezone.now() - timedelta(days=1)
    assert not rules.may_take_part(ada, cop)
    assert not rules.may_join(cleo, cop)
    assert rules.may_read(ada, cop)


def test_roles_open_what_they_say(cop, ada, ben, cleo, eve, other):
    moderator = Membership.objects.get(person=ben)
    assert not rules.may_moderate(ben, cop)
    moderator.role = Role.MODERATOR
    moderator.save()
    assert rules.may_moderate(ben, cop)
    assert not rules.may_manage(ben, cop)
    assert rules.may_manage(ada, cop)
    assert rules.may_see_addresses(ada, cop)
    assert not rules.may_see_addresses(ben, cop)
    assert rules.may_see_members(ben, cop)
    assert not rules.may_see_members(cleo, cop)
    assert not rules.may_manage(cleo, cop), "manages another community only"
    eve.is_staff = True
    assert rules.may_manage(eve, cop)
    assert rules.may_moderate(eve, cop)
    assert rules.may_see_members(eve, cop)


def test_only_staff_found_communities(ada, eve):
    assert not rules.may_create(ada)
    assert not rules.may_create(None)
    ada.is_staff = True
    assert rules.may_create(ada)


def test_a_community_always_keeps_a_manager(cop, ada, ben):
    last = Membership.objects.get(person=ada)
    assert not rules.may_leave(last)
    assert not rules.may_remove(ada, last)
    assert not rules.may_appoint(ada, last, Role.MEMBER)
    Membership.objects.filter(person=ben).update(role=Role.MANAGER)
    assert rules.may_leave(last)
    assert rules.may_remove(ben, last)
    assert rules.may_appoint(ben, last, Role.MEMBER)


def test_managers_of_elsewhere_decide_nothing_here(cop, ada, ben, cleo, other):
    membership = Membership.objects.get(person=ben)
    assert not rules.may_remove(cleo, membership)
    assert not rules.may_appoint(cleo, membership, Role.MANAGER)
    membership.state = State.WAITING
    assert not rules.may_decide(cleo, membership)
    assert rules.may_decide(ada, membership)


def test_who_has_left_changes_no_delivery(cop, ben):
    membership = Membership.objects.get(person=ben)
    assert rules.may_change_delivery(membership)
    membership.state, membership.delivery = State.LEFT, Delivery.NONE
    assert not rules.may_change_delivery(membership)
