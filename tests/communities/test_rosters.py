"""Import with preview: the preview foresees exactly what the import does, and changes nothing."""

import pytest

from junto.audit.models import Entry
from junto.communities import actions, queries
from junto.communities.models import Delivery, Invitation, Membership, Role, State
from junto.communities.queries import RosterOutcome
from junto.kit.rulings import Refused
from junto.mail.models import Mailing
from junto.people.models import DomainRule, Level, Person

ROSTER = """\
address,name,agency,role,delivery
jo@epa.gov,Jo Roe,NASA,moderator,daily
ben@epa.gov,Ben,,,
x@nowhere.example,X,Town of Nowhere,manager,
bad@blocked.example,B,,,
jo@EPA.gov,Jo again,,,
mo at epa.gov,Mo,,boss,sometimes
nonsense,N,,,
cx-cop@lists.example.gov,The list,,,
"""
FORESEEN = ["new", "there", "waits", "refused", "there", "new", "unreadable", "refused"]


@pytest.fixture(autouse=True)
def verdicts(epa, settings):
    settings.LIST_DOMAIN = "lists.example.gov"
    rules = {"epa.gov": "government", "blocked.example": "block"}
    for pattern, verdict in rules.items():
        DomainRule.objects.create(
            pattern=pattern, verdict=verdict, agency=epa, level=Level.FEDERAL_EXECUTIVE, note="for the test"
        )


def test_preview_says_of_each_line_what_would_happen_and_why(cop, ada, ben):
    preview = queries.preview_roster(community=cop, text=ROSTER, by=ada)
    assert [row.outcome.value for row in preview.rows] == FORESEEN
    assert [row.line for row in preview.rows] == list(range(2, 10))
    jo, _, x, *_, mo, nonsense, _ = preview.rows
    assert (jo.agency, jo.role, jo.delivery) == ("Environmental Protection Agency", Role.MODERATOR, Delivery.DAILY)
    assert (x.agency, x.role) == ("Town of Nowhere", Role.MEMBER)
    assert x.reason.endswith("The roster says: Town of Nowhere.")
    assert mo.address == "mo@epa.gov"
    assert len(mo.repairs) == 3
    assert "not an e-mail address" in nonsense.reason
    assert preview.rows[4].reason == "Line 2 names the same person."
    assert preview.counts == {
        RosterOutcome.NEW: 2,
        RosterOutcome.THERE: 2,
        RosterOutcome.WAITS: 1,
        RosterOutcome.REFUSED: 2,
        RosterOutcome.UNREADABLE: 1,
    }
    assert preview.repaired == 1


def test_preview_changes_nothing(cop, ada, ben):
    before = (Person.objects.count(), Membership.objects.count(), Entry.objects.count())
    queries.preview_roster(community=cop, text=ROSTER, by=ada)
    assert (Person.objects.count(), Membership.objects.count(), Entry.objects.count()) == before


def test_what_was_foreseen_is_what_is_done_and_nobody_gets_a_letter(cop, ada, ben):
    foreseen = queries.preview_roster(community=cop, text=ROSTER, by=ada)
    assert actions.take_roster(community=cop, text=ROSTER, by=ada) == foreseen
    states = dict(cop.memberships.values_list("address__email", "state"))
    assert states["jo@epa.gov"] == states["mo@epa.gov"] == State.ACTIVE
    assert states["x@nowhere.example"] == State.WAITING
    assert len(states) == 5
    assert not Mailing.objects.exists()
    entry = Entry.objects.get(fact="communities.roster.taken")
    assert (entry.by, entry.details["new"], entry.details["waits"]) == ("Ada Alvarez", 2, 1)
    again = actions.take_roster(community=cop, text=ROSTER, by=ada)
    assert again.counts[RosterOutcome.NEW] == 0
    assert cop.memberships.count() == 5


def test_only_managers_and_the_operator_take_rosters(cop, ben, cleo):
    for person in (ben, cleo):
        with pytest.raises(Refused):
            queries.preview_roster(community=cop, text=ROSTER, by=person)
        with pytest.raises(Refused):
            actions.take_roster(community=cop, text=ROSTER, by=person)
    assert not cop.memberships.filter(state=State.WAITING).exists()
    assert queries.preview_roster(community=cop, text=ROSTER, by=None).rows


def test_whom_a_manager_invited_is_admitted_and_the_invitation_is_used(cop, ada):
    Invitation.objects.create(community=cop, email="x@nowhere.example", invited_by=ada)
    actions.take_roster(community=cop, text=ROSTER, by=ada)
    assert cop.memberships.get(address__email="x@nowhere.example").state == State.ACTIVE
    assert Invitation.objects.get().used_at


def test_an_account_that_is_switched_off_is_not_taken(cop, ada, cleo):
    cleo.is_active = False
    cleo.save()
    [row] = actions.take_roster(community=cop, text="cleo@epa.gov", by=ada).rows
    assert (row.outcome, row.reason) == (RosterOutcome.REFUSED, "This account is switched off.")


def test_a_preview_of_many_costs_few_queries(cop, ada, django_assert_max_num_queries):
    text = "address\n" + "".join(f"jo{n}@epa.gov\n" for n in range(900))
    with django_assert_max_num_queries(9):
        assert queries.preview_roster(community=cop, text=text, by=ada).counts[RosterOutcome.NEW] == 900


def test_an_upload_is_read_in_the_charset_of_a_spreadsheet():
    assert queries.roster_text("address\nJö".encode("utf-16")) == "address\nJö"
    assert queries.roster_text("Jö, ö".encode("cp1252")) == "Jö, ö"
    assert queries.roster_text(b"PK\x00\x01@") == ""
