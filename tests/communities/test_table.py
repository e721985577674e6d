"""The table of members: find, choose, change many at once, take it out as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities import actions, tasks
from junto.communities.models import Deed, Delivery, Membership, Role, State
from junto.people.models import Address, Agency, Person

TABLE = "/communities/customer-experience/manage/members/"


@pytest.fixture
def crowd(cop, ada, ben, epa):
    """Sixty more members, by name."""
    for n in range(60):
        person = Person.objects.create(email=f"p{n:02}@epa.gov", name=f"Person {n:02}", agency=epa)
        Address.objects.create(person=person, email=person.email, agency=epa, level=epa.level)
        enroll(person, cop)
    return cop


def _number(person, community):
    return Membership.objects.get(person=person, community=community).pk


def test_fifty_are_on_a_page_however_many_there_are(crowd, ada, client_of, django_assert_max_num_queries):
    client = client_of(ada)
    with django_assert_max_num_queries(7):
        page = client.get(TABLE).content.decode()
    assert "1 to 50 of 62" in page
    assert "51 to 62 of 62" in client.get(f"{TABLE}?page=2").content.decode()
    assert "51 to 62 of 62" in client.get(f"{TABLE}?page=999").content.decode()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=ben@epa", {"ben@epa.gov"}),
        ("q=GSA", {"ada@gsa.gov"}),
        ("role=manager", {"ada@gsa.gov"}),
        ("mail=bouncing", {"ben@epa.gov"}),
        ("delivery=daily", {"ben@epa.gov"}),
        ("state=waiting", {"eve@mail.example.com"}),
        ("level=city", set()),
        ("since=2999-01-01", set()),
        ("since=nonsense&page=x&role=king", {"ada@gsa.gov", "ben@epa.gov"}),
    ],
)
def test_members_are_found_by(question, found, cop, ada, ben, eve, client_of):
    Membership.objects.filter(person=ben).update(delivery=Delivery.DAILY)
    Address.objects.filter(person=ben).update(stopped_at=timezone.now())
    enroll(eve, cop)
    Membership.objects.filter(person=eve).update(state=State.WAITING)
    page = client_of(ada).get(f"{TABLE}?{question}").content.decode()
    emails = {"ada@gsa.gov", "ben@epa.gov", "eve@mail.example.com"}
    assert {email for email in emails if f">{email}<" in page} == found


def test_what_is_done_with_many_asks_first_with_counts_and_names(crowd, ada, client_of):
    before = list(Membership.objects.order_by("pk").values())
    page = client_of(ada).get(f"{TABLE}deed/?deed=remove&all=on").content.decode()
    assert "It is about 61 members" in page, "Ada manages, and is left out"
    assert "Person 00" in page
    assert list(Membership.objects.order_by("pk").values()) == before


def test_all_who_match_are_removed_told_and_brought_back_within_a_day(crowd, ada, ben, client_of, post):
    client = client_of(ada)
    asked = {"deed": "remove", "all": "on", "q": "Person", "sure": "1", "count": "60", "reason": "They left in May."}
    answer = client.post(f"{TABLE}deed/", asked)
    assert Membership.objects.filter(community=crowd).active().count() == 2
    assert Entry.objects.filter(fact="communities.member.removed", reason="They left in May.").count() == 60
    notice = client.get(answer["Location"]).content.decode()
    assert "60 members were removed" in notice
    deed = Deed.objects.get()
    client.post(f"/communities/customer-experience/manage/deeds/{deed.pk}/undoing/")
    assert Membership.objects.filter(community=crowd).active().count() == 62


def test_a_removal_of_many_leaves_managers_alone(cop, ada, ben):
    keys = [_number(ada, cop), _number(ben, cop)]
    actions.remove_many(community=cop, keys=keys, reason="x", by=ada)
    assert {one.person for one in Membership.objects.filter(community=cop).active()} == {ada}


def test_who_changed_meanwhile_is_asked_about_once_more(crowd, ada, client_of):
    asked = {"deed": "remove", "all": "on", "sure": "1", "count": "3", "reason": "x"}
    page = client_of(ada).post(f"{TABLE}deed/", asked)
    assert "Look at it once more" in page.content.decode()
    assert not Deed.objects.exists()


def test_those_ticked_get_a_digest_and_it_can_be_undone(cop, ada, ben, client_of):
    asked = {"deed": "delivery", "member": [_number(ben, cop)], "sure": "1", "count": "1", "delivery": "weekly"}
    client_of(ada).post(f"{TABLE}deed/", asked)
    assert Membership.objects.get(person=ben).delivery == Delivery.WEEKLY
    actions.undo(deed=Deed.objects.get(), by=ada)
    assert Membership.objects.get(person=ben).delivery == Delivery.EACH


def test_moderators_are_made_from_the_table_and_told(cop, ada, ben, client_of, post):
    asked = {"deed": "moderator", "member": [_number(ben, cop)], "sure": "1", "count": "1"}
    client_of(ada).post(f"{TABLE}deed/", asked)
    assert Membership.objects.get(person=ben).role == Role.MODERATOR
    assert [one.kind for one in post.to(ben.email)] == ["communities.appointed"]


def test_the_number_of_a_member_of_another_community_chooses_nobody(cop, ada, cleo, other, client_of):
    page = client_of(ada).get(f"{TABLE}deed/?deed=welcome&member={_number(cleo, other)}")
    assert "There is nobody to do this with" in page.content.decode()


def test_a_deed_can_be_undone_for_a_day_only(cop, ada, ben, client_of):
    deed = actions.set_delivery_of_many(community=cop, keys=[_number(ben, cop)], delivery="none", by=ada)
    Deed.objects.update(at=timezone.now() - timedelta(days=2))
    answer = client_of(ada).post(f"/communities/customer-experience/manage/deeds/{deed.pk}/undoing/")
    assert answer.status_code == 403
    assert Membership.objects.get(person=ben).delivery == Delivery.NONE


def test_the_file_of_members_cannot_run_formulas_and_is_in_the_book(cop, ada, ben, client_of):
    Person.objects.filter(pk=ben.pk).update(name='=HYPERLINK("http://evil")')
    Agency.objects.filter(short_name="EPA").update(name='Protection, "Environmental"')
    answer = client_of(ada).post(f"{TABLE}export/", {"q": "ben@epa"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, row = list(csv.reader(io.StringIO(text, newline="")))
    assert row[:3] == ['\'=HYPERLINK("http://evil")', "ben@epa.gov", 'Protection, "Environmental"']
    assert len(heading) == len(row)
    assert "\r\n" in text
    assert Entry.objects.get(fact="communities.members.exported").details["count"] == 1


def test_one_member_is_removed_with_a_reason_and_brought_back(cop, ada, ben, client_of, post):
    answer = client_of(ada).post(f"{TABLE}{_number(ben, cop)}/removal/", {"reason": "Moved away."})
    assert "Undo" in client_of(ada).get(answer["Location"]).content.decode()
    actions.undo(deed=Deed.objects.get(), by=ada)
    assert Membership.objects.get(person=ben).is_active()


def test_what_was_before_a_deed_is_forgotten_after_a_month(cop, ada, ben):
    actions.set_delivery_of_many(community=cop, keys=[_number(ben, cop)], delivery="none", by=ada)
    Deed.objects.update(at=timezone.now() - timedelta(days=31))
    tasks.sweep.func()
    assert not Deed.objects.exists()
