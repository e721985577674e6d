"""Taking the register of .gov domains, and what it refuses."""

from __future__ import annotations

import csv
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from junto.audit.models import Entry
from junto.people import actions, queries
from junto.people.models import Address, Agency, Domain, Level, Person, RegisterCopy

from .conftest import HEADER, ROWS

pytestmark = pytest.mark.django_db


def test_first_copy_is_taken_whole(register):
    report = actions.take_register(register())
    assert (report.read, report.taken, report.already_there, report.skipped) == (len(ROWS), len(ROWS), 0, 0)
    assert Domain.objects.count() == len(ROWS)
    assert [(one.where, one.done) for one in report.problems] == [("andoverma-votes.gov", "taken without them")]
    assert report.repaired == 1, "each repair is told"


def test_second_time_changes_nothing(register):
    actions.take_register(register())
    before = (Agency.objects.count(), Domain.objects.count(), RegisterCopy.objects.count(), Entry.objects.count())
    report = actions.take_register(register())
    assert (report.taken, report.already_there, report.repaired) == (0, len(ROWS), 0)
    assert before == (
        Agency.objects.count(),
        Domain.objects.count(),
        RegisterCopy.objects.count(),
        Entry.objects.count(),
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Domain Name,Domain Type,Agency,Organization,City,State,Security Contact Email",
            "IRS.GOV,Federal Agency - Executive,Department of the Treasury,Internal Revenue Service,Washington,DC,",
        ),
        (
            "Domain name,Domain type,Agency,Organization name,City,State,Security contact email",
            "irs.gov,Federal - Executive,Department of the Treasury,Internal Revenue Service,Washington,DC,(blank)",
        ),
        (
            "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email",
            "irs.gov,Federal - Executive,Department of the Treasury,Internal Revenue Service,Washington,DC,(blank)",
        ),
        (
            "STATE,security contact email,DOMAIN NAME,Suborganization Name,domain type,Organization NAME",
            "DC,(blank),irs.gov,Internal Revenue Service,Federal - Executive,Department of the Treasury",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_every_generation_of_the_header_is_read(register, header, row, encoding):
    actions.take_register(register(row, header=header, encoding=encoding))
    agency = Domain.objects.get(name="irs.gov").agency
    assert (agency.name, agency.short_name, agency.level) == ("Internal Revenue Service", "IRS", "federal_executive")
    assert agency.parent.name == "Department of the Treasury"


def test_organization_of_old_non_federal_rows_is_the_agency(register):
    header = "Domain Name,Domain Type,Agency,Organization,City,State,Security Contact Email"
    actions.take_register(register("ANDOVERMA.GOV,City,Non-Federal Agency,Town of Andover,Andover,MA,", header=header))
    agency = Domain.objects.get(name="andoverma.gov").agency
    assert (agency.name, agency.parent, agency.level, agency.state) == ("Town of Andover", None, "city", "MA")


@pytest.mark.parametrize("header", ["", "name,type", "Domain,Branch,Organization,State", "<html><head>"])
def test_unknown_header_changes_nothing_and_says_what_was_expected(register, header):
    actions.take_register(register())
    with pytest.raises(actions.UnknownRegister, match="Expected the columns Domain name, Domain type") as refusal:
        actions.take_register(register("x.gov,City,Town,MA", header=header))
    assert header[:20] in str(refusal.value)
    assert RegisterCopy.objects.count() == 1
    assert Domain.objects.filter(retired_at=None).count() == len(ROWS)


def test_what_is_no_text_or_not_there_is_refused(register, tmp_path):
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(actions.UnknownRegister, match="not UTF-8"):
        actions.take_register(picture)
    with pytest.raises(actions.UnknownRegister, match="cannot be read"):
        actions.take_register(tmp_path / "nowhere.csv")


def test_shrunken_file_is_refused_unless_forced(register):
    actions.take_register(register())
    with pytest.raises(actions.ShrunkenRegister, match="5 % fewer"):
        actions.take_register(register(*ROWS[:-1]))
    assert Domain.objects.filter(retired_at=None).count() == len(ROWS)
    assert RegisterCopy.objects.count() == 1
    actions.take_register(register(*ROWS[:-1]), force=True)
    assert Domain.objects.filter(retired_at=None).count() == len(ROWS) - 1


def test_federal_subset_after_the_full_register_is_refused_with_a_hint(register):
    actions.take_register(register())
    federal = [row for row in ROWS if "Federal" in row]
    with pytest.raises(actions.ShrunkenRegister, match=r"import current-full\.csv"):
        actions.take_register(register(*federal, name="current-federal.csv"))


def test_four_percent_fewer_rows_is_no_reason_to_refuse(register):
    rows = [f"town{n}.gov,City,Town {n},,Town,MA,(blank)" for n in range(100)]
    actions.take_register(register(*rows))
    assert actions.take_register(register(*rows[:95])).already_there == 95


def test_bad_rows_are_skipped_with_their_place(register):
    bad = (
        ",City,Town of Nowhere,,Nowhere,MA,(blank)",
        "typo.gov,Village,Village of Typo,,Typo,MA,(blank)",
        "no domain.gov,City,Town,,Town,MA,(blank)",
        "noone.gov,City,(blank),,Town,MA,(blank)",
        ROWS[0],
        "short.gov,City",
    )
    report = actions.take_register(register(*ROWS, *bad))
    assert (report.read, report.taken, report.skipped) == (len(ROWS) + 6, len(ROWS), 6)
    assert report.problems[0].where == f"current-full.csv, line {len(ROWS) + 2}"
    assert [problem.what for problem in report.problems if problem.done != "taken without them"] == [
        "no domain name",
        "typo.gov has the unknown type “Village”",
        "“no domain.gov” is no domain name",
        "noone.gov has no organization",
        "epa.gov stands in the file twice",
        "short.gov has no organization",
    ]


def test_changes_are_told(register):
    actions.take_register(register())
    moved = ROWS[0].replace("Environmental Protection Agency", "Department of the Interior")
    report = actions.take_register(
        register(moved, *ROWS[1:-1], "new.gov,City,City of New,,New,NY,", "newer.gov,City,City of New,,New,NY,")
    )
    assert (report.taken, report.already_there) == (3, len(ROWS) - 2)
    changes = RegisterCopy.objects.latest("pk").changes
    assert changes["added"] == ["new.gov", "newer.gov"]
    assert changes["retired"] == ["mrcog-nm.gov"]
    assert changes["moved"] == [["epa.gov", "Environmental Protection Agency", "Department of the Interior"]]
    told = {(problem.where, problem.what) for problem in report.problems}
    assert ("mrcog-nm.gov", "no longer in the register") in told
    assert ("epa.gov", "moved from Environmental Protection Agency to Department of the Interior") in told
    assert any("new.gov, newer.gov" in what for _, what in told)


def test_domain_that_comes_back_is_in_force_again(register):
    actions.take_register(register())
    actions.take_register(register(*ROWS[:-1]), force=True)
    assert not queries.judge("x@mrcog-nm.gov").is_government
    actions.take_register(register())
    assert queries.judge("x@mrcog-nm.gov").is_government
    assert RegisterCopy.objects.latest("pk").changes["returned"] == ["mrcog-nm.gov"]


def test_spellings_meet_in_one_agency_with_the_nicest_name(register):
    actions.take_register(register())
    town = Agency.objects.get(key="town of andover", state="MA")
    assert town.name == "Town of Andover"
    assert set(town.domains.values_list("name", flat=True)) == {"andoverma.gov", "andoverma-votes.gov"}
    assert Agency.objects.filter(key="town of andover", state="CT").count() == 1


def test_capitals_give_way_when_a_nicer_spelling_comes(register):
    actions.take_register(register(ROWS[9]))
    assert Agency.objects.get().name == "TOWN OF ANDOVER"
    actions.take_register(register(ROWS[9], ROWS[10]))
    assert Agency.objects.get().name == "Town of Andover"


def test_election_domains_are_of_their_level(register):
    actions.take_register(register())
    domain = Domain.objects.get(name="andoverma-votes.gov")
    assert (domain.level, domain.is_election, domain.city) == (Level.CITY, True, "Andover")


def test_department_owns_its_own_domain_whichever_office_runs_it(register):
    actions.take_register(register())
    assert Domain.objects.get(name="gsa.gov").agency.name == "General Services Administration"
    assert Domain.objects.get(name="treasury.gov").agency.short_name == "Treasury"


def test_agency_that_is_known_already_is_used(register, epa):
    actions.take_register(register())
    assert Domain.objects.get(name="epa.gov").agency == epa


def test_accepted_file_is_kept_and_the_book_knows(register, ada):
    path = register()
    actions.take_register(path, by=ada)
    copy = RegisterCopy.objects.get()
    assert (settings.HOME / "register" / copy.file_name).read_bytes() == path.read_bytes()
    entry = Entry.objects.get(fact="people.register.taken")
    assert (entry.by, entry.details["added"]) == ("Ada Alvarez", len(ROWS))


def test_known_addresses_are_judged_anew(register):
    person = actions.welcome(email="ann@epa.gov")
    assert person.agency is None
    actions.take_register(register())
    assert Address.objects.get(email="ann@epa.gov").level == "federal_executive"
    assert Person.objects.get(pk=person.pk).agency_label == "EPA"


def test_number_of_queries_does_not_grow_with_the_file(register):
    rows = [f"town{n}.gov,City,Town {n},,Town,MA,(blank)" for n in range(300)]
    with CaptureQueriesContext(connection) as few:
        actions.take_register(register(*rows[:10]))
    with CaptureQueriesContext(connection) as many:
        actions.take_register(register(*rows))
    assert len(many) <= len(few) + 3


@pytest.mark.material
def test_real_register_is_taken_in_seconds(material):
    full = material / "dotgov" / "current-full.csv"
    began = time.process_time()
    report = actions.take_register(full)
    assert time.process_time() - began < 20
    assert (report.read, report.taken, report.skipped) == (16_539, 16_539, 0)
    levels = Counter(Domain.objects.values_list("level", flat=True))
    assert levels == {
        "city": 8_978 + 333,
        "county": 2_639 + 291,
        "state": 1_409 + 36,
        "federal_executive": 1_174,
        "special_district": 1_103 + 33,
        "tribal": 286 + 4,
        "federal_legislative": 121,
        "school": 65,
        "interstate": 41,
        "federal_judicial": 24,
        "federal": 2,
    }
    assert Domain.objects.filter(is_election=True).count() == 697
    again = actions.take_register(full)
    assert (again.taken, again.already_there) == (0, 16_539)
    with pytest.raises(actions.ShrunkenRegister):
        actions.take_register(material / "dotgov" / "current-federal.csv")


@pytest.mark.material
def test_real_federal_register_has_names_that_read_well(material):
    report = actions.take_register(material / "dotgov" / "current-federal.csv")
    assert report.taken == 1_321
    with (material / "dotgov" / "current-full.csv").open(encoding="utf-8") as file:
        kinds = [row["Domain type"] for row in csv.DictReader(file)]
    assert sum(kind.startswith("Federal") for kind in kinds) == 1_321
    labels = {name: queries.judge(f"x@{name}").agency.label for name in ("gsa.gov", "va.gov", "dhs.gov", "nih.gov")}
    assert labels == {"gsa.gov": "GSA", "va.gov": "VA", "dhs.gov": "DHS", "nih.gov": "NIH"}


def test_header_of_the_samples_is_the_present_one():
    assert HEADER.startswith("Domain name,Domain type,Organization name")
