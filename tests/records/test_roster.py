import json

import pytest

from junto.communities.models import Delivery, State
from junto.people.models import DomainRule, Level
from junto.records.actions import roster
from junto.records.queries import rosters


@pytest.fixture
def epa_counts(epa):
    DomainRule.objects.create(
        pattern="epa.gov", verdict="government", agency=epa, level=Level.FEDERAL_EXECUTIVE, note="for the test"
    )


def test_roster_takes_the_eligible_keeps_the_unknown_waiting_and_skips_what_is_no_address(cop, epa_counts, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("address,name,delivery\njo@epa.gov,Jo Roe,daily\nx@nowhere.example,X,\nnonsense,N,\n")
    report = roster.take(path, community=cop)
    assert (report.read, report.taken, report.skipped) == (3, 2, 1)
    states = dict(cop.memberships.values_list("address__email", "state"))
    assert states == {"jo@epa.gov": State.ACTIVE, "x@nowhere.example": State.WAITING}
    assert cop.memberships.get(state=State.ACTIVE).delivery == Delivery.DAILY
    assert roster.take(path, community=cop).already_there == 2


def test_who_left_is_not_brought_back(cop, ben, tmp_path):
    cop.memberships.filter(person=ben).update(state=State.LEFT)
    path = tmp_path / "review.txt"
    path.write_text("* header\nben@epa.gov Ben Brooks\n*\n* Total number of users: 1\n")
    report = roster.take(path, community=cop)
    assert report.taken == 0
    assert "not brought back" in report.problems[0].what


def test_agency_of_the_file_is_a_hint_only_where_no_register_knows(cop, epa_counts, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("address,name,agency\njo@epa.gov,Jo,NASA\nx@nowhere.example,X,Town of Nowhere\n")
    report = roster.take(path, community=cop)
    assert cop.memberships.get(address__email="jo@epa.gov").person.agency.short_name == "EPA"
    assert cop.memberships.get(state=State.WAITING).reason.endswith("The roster says: Town of Nowhere.")
    assert len(report.problems) == 1


def test_one_person_with_two_addresses_and_one_address_twice_is_one_member(cop, ben, epa_counts, tmp_path):
    ben.addresses.create(email="benjamin@epa.gov")
    path = tmp_path / "roster.txt"
    path.write_text("benjamin@epa.gov Ben\njo@epa.gov Jo\nJo@EPA.gov Jo\n")
    report = roster.take(path, community=cop)
    assert (report.read, report.taken, report.already_there) == (3, 1, 2)
    assert cop.memberships.count() == 2


def test_many_lines_cost_few_queries_each(cop, epa_counts, tmp_path, django_assert_max_num_queries):
    path = tmp_path / "roster.csv"
    path.write_text("address,name\n" + "".join(f"jo{n}@epa.gov,Jo {n}\n" for n in range(400)))
    with django_assert_max_num_queries(400 + 120):
        assert roster.take(path, community=cop).taken == 400


@pytest.mark.parametrize(
    "content", [b"", b"name,thing\nAda,7\n", b"\x00\x01@\xff\x7f", b"* Total number of users: 0\n"]
)
def test_a_file_that_holds_no_address_is_refused_with_what_is_expected(cop, tmp_path, content):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    with pytest.raises(roster.NotARoster, match=r"wrong\.csv holds no e-mail address.*columns address and name"):
        roster.take(path, community=cop)


def test_a_roster_that_a_spreadsheet_saved_as_unicode_text_is_read(cop, epa_counts, tmp_path):
    path = tmp_path / "roster.txt"
    path.write_text("address\tname\njo@epa.gov\tJö Roe\n", encoding="utf-16")
    assert roster.take(path, community=cop).taken == 1
    assert cop.memberships.get().person.name == "Jö Roe"


def test_preview_on_the_shell_prints_and_reports_and_changes_nothing(cop, epa_counts, tmp_path):
    path, report = tmp_path / "roster.csv", tmp_path / "report.json"
    path.write_text("address,name\njo@epa.gov,Jo Roe\nx@nowhere.example,X\nnonsense,N\n")
    foreseen = rosters.preview(path, community=cop)
    told = "\n".join(rosters.in_words(foreseen))
    assert "line 3: x@nowhere.example: Waits for a manager." in told
    assert told.endswith(
        "CSV with 3 lines: new member 1, already here 0, waits for a manager 1, not taken 0, no address 1; "
        "to be repaired 0. Nothing was changed."
    )
    rosters.save_preview(foreseen, path.name, report)
    saved = json.loads(report.read_text())
    assert (saved["preview"], saved["read"], saved["taken"], saved["skipped"]) == (True, 3, 2, 1)
    assert [row["outcome"] for row in saved["rows"]] == ["new", "waits", "unreadable"]
    assert not cop.memberships.exists()
