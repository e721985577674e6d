"""The register of exceptions: who edits it, and what follows from it."""

from __future__ import annotations

import pytest

from junto.audit.models import Entry
from junto.kit.addresses import BadAddress
from junto.kit.rulings import Refused
from junto.people import actions, rules
from junto.people.models import Address, DomainRule, Person
from junto.people.rules import access

pytestmark = pytest.mark.django_db


@pytest.fixture
def managers_are_trusted(monkeypatch):
    monkeypatch.setattr(access, "_also_trusted", [])
    rules.trust_with_exceptions(lambda person: person.memberships.filter(role="manager").exists())


@pytest.fixture
def staff(cleo):
    cleo.is_staff = True
    cleo.save()
    return cleo


def typed(**fields):
    return {
        "pattern": "lab.example.org",
        "verdict": "government",
        "level": "federal",
        "note": "A federal lab.",
    } | fields


def test_staff_adds_changes_and_removes_a_rule(client_of, staff):
    client = client_of(staff)
    assert client.post("/exceptions/new/", typed(pattern="@Lab.Example.org")).url == "/exceptions/"
    rule = DomainRule.objects.get()
    assert (rule.pattern, rule.verdict, rule.decided_by) == ("lab.example.org", "government", "Cleo Chen")
    page = client.get("/exceptions/").content.decode()
    assert "lab.example.org" in page
    assert "A federal lab." in page
    assert "lab.example.org" in client.get(f"/exceptions/{rule.pk}/").content.decode()
    client.post(f"/exceptions/{rule.pk}/", typed(verdict="block", level="", note="Sold."))
    assert DomainRule.objects.get().verdict == "block"
    assert client.get(f"/exceptions/{rule.pk}/removal/").status_code == 405
    client.post(f"/exceptions/{rule.pk}/removal/")
    assert not DomainRule.objects.exists()
    facts = list(Entry.objects.order_by("pk").values_list("fact", "by", "reason"))
    assert facts == [
        ("people.exception.set", "Cleo Chen", "A federal lab."),
        ("people.exception.set", "Cleo Chen", "Sold."),
        ("people.exception.removed", "Cleo Chen", "Sold."),
    ]


def test_member_may_not_open_the_register(client_of, ben, staff):
    rule = actions.set_rule(**typed(), by=staff)
    client = client_of(ben)
    for path in ("/exceptions/", "/exceptions/new/", f"/exceptions/{rule.pk}/"):
        assert client.get(path).status_code == 403
        assert client.post(path, typed(note="mine")).status_code == 403
    assert client.post(f"/exceptions/{rule.pk}/removal/").status_code == 403
    assert client.get(f"/exceptions/{rule.pk}/removal/").status_code == 403
    assert DomainRule.objects.get().note == "A federal lab."


def test_manager_of_a_community_may_when_the_room_above_says_so(client_of, ada, ben, managers_are_trusted):
    assert client_of(ada).post("/exceptions/new/", typed()).status_code == 302
    assert client_of(ben).get("/exceptions/").status_code == 403
    assert rules.may_edit_exceptions(ada)
    assert "community managers" in rules.may_edit_exceptions(ben).reason


def test_action_asks_the_rule(ben, staff):
    with pytest.raises(Refused):
        actions.set_rule(**typed(), by=ben)
    rule = actions.set_rule(**typed(), by=staff)
    with pytest.raises(Refused):
        actions.remove_rule(rule=rule, by=ben)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pattern": "not a domain"}, "neither a domain"),
        ({"pattern": "org"}, "neither a domain"),
        ({"pattern": "a b@example.org"}, "is not an e-mail address"),
        ({"level": ""}, "Choose the level of government"),
        ({"note": ""}, "Say why"),
        ({"agency": "Ministry of Silly Walks"}, "No agency is called"),
        ({"verdict": "maybe"}, "Select a valid choice"),
    ],
)
def test_bad_rule_is_refused_with_words(client_of, staff, fields, words):
    page = client_of(staff).post("/exceptions/new/", typed(**fields))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not DomainRule.objects.exists()


def test_agency_gives_the_level(client_of, staff, gsa):
    client_of(staff).post("/exceptions/new/", typed(agency="general services  administration", level=""))
    rule = DomainRule.objects.get()
    assert (rule.agency, rule.level) == (gsa, "federal_executive")


def test_same_pattern_again_changes_the_rule(staff):
    actions.set_rule(**typed(), by=staff)
    actions.set_rule(**typed(pattern="LAB.example.org", verdict="contractor"), by=staff)
    assert DomainRule.objects.get().verdict == "contractor"


def test_rule_cannot_be_renamed_onto_another(client_of, staff):
    actions.set_rule(**typed(), by=staff)
    second = actions.set_rule(**typed(pattern="other.example.org"), by=staff)
    page = client_of(staff).post(f"/exceptions/{second.pk}/", typed())
    assert "There is a rule for lab.example.org already" in page.content.decode()
    assert DomainRule.objects.count() == 2


def test_known_addresses_follow_the_rules(staff, dov):
    rule = actions.set_rule(**typed(pattern="contractor.example.com", level="state"), by=staff)
    address = Address.objects.get(email=dov.email)
    assert address.level == "state"
    assert rules.is_government(Person.objects.get(pk=dov.pk))
    actions.set_rule(**typed(pattern=dov.email, verdict="block"), by=staff)
    address.refresh_from_db()
    assert address.level == ""
    actions.remove_rule(rule=DomainRule.objects.get(pattern=dov.email), by=staff)
    actions.set_rule(**typed(pattern="elsewhere.example.com"), rule=rule, by=staff)
    address.refresh_from_db()
    assert address.level == ""


def test_pattern_must_be_a_domain_or_an_address(staff):
    with pytest.raises(BadAddress):
        actions.set_rule(**typed(pattern="*"), by=staff)


def test_list_costs_few_queries(client_of, staff, gsa, django_assert_max_num_queries):
    for n in range(30):
        DomainRule.objects.create(pattern=f"x{n}.example.org", verdict="government", agency=gsa, note="x")
    client = client_of(staff)
    with django_assert_max_num_queries(4):
        client.get("/exceptions/")


def test_empty_register_says_what_decides_then(client_of, staff):
    assert b"No exceptions yet" in client_of(staff).get("/exceptions/").content
