"""The conduct ladder: reminder, notices, removal; its log is for managers and moderators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities import actions, queries, rules
from junto.communities.models import ConductCase, Role, State
from junto.discussions import actions as discussions
from junto.discussions.models import HeldPost
from junto.kit.rulings import Refused

pytestmark = pytest.mark.django_db
CONDUCT = "/communities/customer-experience/manage/conduct/"


@pytest.fixture
def member(cop, ada, ben):
    return ben.memberships.get(community=cop)


@pytest.fixture
def mo(cop, cleo):
    """Cleo moderates."""
    enroll(cleo, cop, Role.MODERATOR)
    return cleo


def step(member, kind: str, by, **more):
    return actions.take_step(membership=member, step=kind, words="You sold a product.", by=by, **more)


def rejoin(cop, person):
    return actions.join(
        community=cop,
        person=person,
        address=person.addresses.get(),
        accepts_guidelines=True,
        came_by="web",
        by=person,
    )


def test_the_form_proposes_the_next_step_with_its_letter(member, ada, client_of):
    page = client_of(ada).get(f"{CONDUCT}{member.pk}/new/").content.decode()
    assert "This is a reminder" in page
    for kind, following in (("reminder", "first"), ("first", "second"), ("second", "removal")):
        step(member, kind, ada)
        assert rules.next_step(queries.cases_of(member)) == following
    assert (
        "you are removed from Customer Experience" in client_of(ada).get(f"{CONDUCT}{member.pk}/new/").content.decode()
    )


def test_a_step_is_on_the_log_in_the_book_and_in_the_mail(member, ada, ben, client_of, post):
    form = {
        "step": "first",
        "words": "You sold a product. Please stop.",
        "note": "Second complaint by phone.",
        "about": "https://lists.example.gov/communities/customer-experience/discussions/1/",
    }
    client_of(ada).post(f"{CONDUCT}{member.pk}/new/", form)
    case = ConductCase.objects.get()
    assert (case.person, case.by, case.step) == (ben, ada, "first")
    entry = Entry.objects.get(fact="communities.conduct.step_taken")
    assert (entry.by, entry.details["step"]) == ("Ada Alvarez", "first")
    assert [letter.kind for letter in post.to(ben.email)] == ["communities.conduct"]
    page = client_of(ada).get(CONDUCT).content.decode()
    assert "You sold a product. Please stop." in page
    assert "Second complaint by phone." in page


def test_the_letter_says_what_happened_and_how_to_appeal_and_keeps_the_note(member, ada):
    from junto.communities.letters import conduct

    case = step(member, "first", ada, note="Second complaint by phone.")
    letter = conduct(case, member)
    assert "You sold a product." in letter.text
    assert "cx-cop-request@lists.example.gov" in letter.text
    assert letter.reply_to == "cx-cop-request@lists.example.gov"
    assert "by phone" not in letter.text + letter.html


@pytest.mark.parametrize(
    "form",
    [
        {"step": "first", "words": ""},
        {"step": "banish", "words": "Out."},
        {"step": "first", "words": "x [Say what happened.] y"},
        {"step": "first", "words": "x", "until": "2999-01-01"},
        {"step": "removal", "words": "x", "until": "2001-01-01"},
        {"step": "first", "words": "x", "about": "javascript:alert(1)"},
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing(member, ada, client_of, post, form):
    assert client_of(ada).post(f"{CONDUCT}{member.pk}/new/", form).status_code == 422
    assert not ConductCase.objects.exists()
    assert post.kinds() == []


@pytest.mark.parametrize("path", ["", "{}/", "{}/new/"])
@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("eve", 403), ("dov", 403), ("ada", 200)])
def test_only_managers_and_moderators_see_it(member, request, client_of, eve, dov, path, who, status):
    person = request.getfixturevalue(who)
    assert client_of(person).get(CONDUCT + path.format(member.pk)).status_code == status
    assert Client().get(CONDUCT + path.format(member.pk)).status_code == 302


def test_a_manager_of_another_community_neither_sees_nor_does_anything(member, other, cleo, ada, client_of):
    case = step(member, "reminder", ada)
    elsewhere = "/communities/web-managers/manage/conduct/"
    client = client_of(cleo)
    assert client.get(CONDUCT).status_code == 403
    assert client.get(f"{elsewhere}{member.pk}/").status_code == 404
    assert client.post(f"{elsewhere}{member.pk}/new/", {"step": "first", "words": "x"}).status_code == 404
    assert client.post(f"{elsewhere}cases/{case.pk}/lifting/").status_code == 404
    assert client.post(f"{CONDUCT}{member.pk}/new/", {"step": "first", "words": "x"}).status_code == 403
    assert ConductCase.objects.count() == 1


def test_a_member_cannot_lift_their_own_case(member, ada, ben, client_of):
    case = step(member, "first", ada)
    assert client_of(ben).post(f"{CONDUCT}cases/{case.pk}/lifting/").status_code == 403
    case.refresh_from_db()
    assert case.is_counting()


def test_a_moderator_gives_notice_but_removes_nobody_and_judges_no_manager(member, mo, cop, ada):
    step(member, "first", mo)
    with pytest.raises(Refused, match="managers"):
        step(member, "removal", mo)
    with pytest.raises(Refused, match="about a manager"):
        step(ada.memberships.get(community=cop), "first", mo)
    with pytest.raises(Refused, match="their own conduct"):
        step(mo.memberships.get(community=cop), "first", mo)
    with pytest.raises(Refused):
        actions.lift_case(case=ConductCase.objects.get(), by=mo)


def test_the_only_manager_cannot_be_removed(member, cop, ada, ben):
    member.role = Role.MANAGER
    member.save()
    step(ada.memberships.get(community=cop), "removal", ben)
    member.refresh_from_db()
    with pytest.raises(Refused):
        step(member, "removal", ben)


def test_notices_age_out_after_a_year(member, ada):
    case = step(member, "second", ada)
    assert rules.next_step([case]) == "removal"
    assert timedelta(days=364) < case.expires_at - timezone.now() <= timedelta(days=365)
    ConductCase.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert rules.next_step(queries.cases_of(member)) == "reminder"
    assert not rules.is_under_second_notice(member)


def test_who_is_under_a_second_notice_is_read_by_moderators_first(member, cop, ada, ben):
    step(member, "first", ada)
    discussions.start(community=cop, subject="One", body="x", by=ben)
    assert not HeldPost.objects.exists()
    case = step(member, "second", ada)
    discussions.start(community=cop, subject="Two", body="x", by=ben)
    assert HeldPost.objects.get().rule == "author_is_under_notice"
    actions.lift_case(case=case, by=ada)
    discussions.start(community=cop, subject="Three", body="x", by=ben)
    assert HeldPost.objects.count() == 1


def test_a_permanent_removal_ends_the_membership_and_keeps_it_ended(member, cop, ada, ben, client_of, post):
    step(member, "removal", ada)
    member.refresh_from_db()
    assert member.state == State.REMOVED
    assert post.kinds() == ["communities.conduct"]
    with pytest.raises(Refused, match="cannot join again"):
        rejoin(cop, ben)
    page = client_of(ben).post(
        "/communities/customer-experience/join/", {"delivery": "each", "accepts_guidelines": "on"}
    )
    assert page.status_code == 403
    member.refresh_from_db()
    assert member.state == State.REMOVED


def test_an_old_invitation_does_not_open_the_door_again(member, cop, ada, ben):
    step(member, "removal", ada)
    cop.invitations.create(email=ben.email, invited_by=ada)
    with pytest.raises(Refused, match="cannot join again"):
        rejoin(cop, ben)


def test_a_temporary_removal_lets_them_wait_and_managers_see_why(member, cop, ada, ben):
    step(member, "removal", ada, until=timezone.now() + timedelta(days=30))
    back = rejoin(cop, ben)
    assert back.state == State.WAITING
    assert "rules of conduct until" in back.reason


def test_after_its_end_they_join_like_anybody(member, cop, ada, ben):
    step(member, "removal", ada, until=timezone.now() + timedelta(days=30))
    ConductCase.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert rejoin(cop, ben).state == State.ACTIVE


def test_a_lifted_removal_lets_them_wait_for_a_manager(member, cop, ada, ben):
    case = step(member, "removal", ada)
    actions.lift_case(case=case, by=ada)
    assert rejoin(cop, ben).state == State.WAITING


def test_a_removal_in_one_community_bars_nobody_from_another(member, other, ada, ben):
    step(member, "removal", ada)
    assert rejoin(other, ben).state == State.ACTIVE


def test_a_removal_cannot_end_in_the_past(member, ada):
    with pytest.raises(Refused, match="in the future"):
        step(member, "removal", ada, until=timezone.now() - timedelta(days=1))


def test_looking_at_a_step_takes_none(member, ada, client_of):
    client_of(ada).get(f"{CONDUCT}{member.pk}/new/?step=removal")
    assert not ConductCase.objects.exists()


def test_the_log_costs_as_many_queries_for_thirty_cases_as_for_three(
    member, ada, client_of, django_assert_max_num_queries
):
    for _ in range(30):
        step(member, "reminder", ada)
    client = client_of(ada)
    with django_assert_max_num_queries(8):
        client.get(CONDUCT)


def test_the_desk_counts_held_posts(member, cop, ada, ben, client_of):
    step(member, "second", ada)
    discussions.start(community=cop, subject="Held", body="x", by=ben)
    page = client_of(ada).get("/communities/customer-experience/manage/").content.decode()
    assert "Held posts (1)" in page
