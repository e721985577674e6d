"""What an address tells of its owner."""

from __future__ import annotations

import pytest

from junto.people import actions, queries
from junto.people.models import Agency, DomainRule

pytestmark = pytest.mark.django_db
GOVERNMENT, CONTRACTOR, BLOCK = "government", "contractor", "block"


@pytest.fixture
def registered(register):
    actions.take_register(register())


@pytest.fixture
def rule(db):
    def write(pattern, verdict, **fields):
        return DomainRule.objects.create(pattern=pattern, verdict=verdict, note="because", **fields)

    return write


@pytest.mark.parametrize(
    ("address", "agency", "parent", "level", "state"),
    [
        ("jo@epa.gov", "Environmental Protection Agency", "", "federal_executive", ""),
        ("Jo@Mail.EPA.gov", "Environmental Protection Agency", "", "federal_executive", ""),
        ("jo@irs.gov", "Internal Revenue Service", "Department of the Treasury", "federal_executive", ""),
        ("jo@senate.gov", "United States Senate", "", "federal_legislative", ""),
        ("jo@ca9.uscourts.gov", "Administrative Office of the United States Courts", "", "federal_judicial", ""),
        ("jo@smithsonian.gov", "Smithsonian Institution", "", "federal", ""),
        ("user@mail.dept.ny.gov", "State of New York", "", "state", "NY"),
        ("user@mail.dmv.ny.gov", "Department of Motor Vehicles", "State of New York", "state", "NY"),
        ("clerk@andoverma-votes.gov", "Town of Andover", "", "city", "MA"),
        ("clerk@uintah.gov", "Uintah County Government", "", "county", ""),
        ("jo@lakewater.gov", "Lake Water District", "", "special_district", "CA"),
        ("jo@mptn-nsn.gov", "Mashantucket Pequot Tribal Nation", "", "tribal", "CT"),
        ("jo@d211il.gov", "Palatine Township High School District 211", "", "school", "IL"),
        ("jo@mrcog-nm.gov", "Mid-Region Council of Governments", "", "interstate", "NM"),
        ("jo@mail.mil", "Department of Defense", "", "military", ""),
        ("jo@us.army.mil", "Department of the Army", "Department of Defense", "military", ""),
        ("jo@navy.mil", "Department of the Navy", "Department of Defense", "military", ""),
        ("jo@uscg.mil", "United States Coast Guard", "Department of Homeland Security", "military", ""),
        ("jo@si.edu", "Smithsonian Institution", "", "federal", ""),
        ("jo@cfa.si.edu", "Smithsonian Institution", "", "federal", ""),
        ("jo@usps.com", "United States Postal Service", "", "federal_executive", ""),
        ("jo@fs.fed.us", "Forest Service", "Department of Agriculture", "federal_executive", ""),
        ("jo@usna.edu", "United States Naval Academy", "Department of Defense", "military", ""),
        ("jo@dot.state.mn.us", "State of Minnesota", "", "state", "MN"),
        ("jo@co.saint-louis.mn.us", "County of Saint Louis", "", "county", "MN"),
        ("jo@ci.austin.tx.us", "City of Austin", "", "city", "TX"),
        ("jo@town.needham.ma.us", "Town of Needham", "", "city", "MA"),
        ("jo@leon.k12.fl.us", "Leon schools", "", "school", "FL"),
        ("jo@hoopa.nsn.us", "Hoopa", "", "tribal", ""),
    ],
)
def test_government_address_is_known(registered, address, agency, parent, level, state):
    judgement = queries.judge(address)
    assert judgement.is_government
    assert (judgement.agency_name, judgement.parent_name, judgement.level, judgement.state) == (
        agency,
        parent,
        level,
        state,
    )


@pytest.mark.parametrize(
    "address",
    [
        "jo@contractor.example.com",
        "jo@epa.gov.example.com",
        "jo@notepa.gov",
        "jo@gov",
        "jo@unlisted.gov",
        "jo@mil.example.org",
        "jo@evilsi.edu",
        "jo@state.xx.us",
        "jo@saint.pvt.k12.ny.us",
        "jo@denver.co.us",
        "jo@gmail.com",
    ],
)
def test_others_are_not_taken_for_government(registered, address):
    judgement = queries.judge(address)
    assert not judgement.is_government
    assert judgement.agency is None


def test_unknown_domain_is_left_to_a_manager(registered):
    assert queries.judge("jo@contractor.example.com").reason == (
        "No register knows contractor.example.com. A community manager decides."
    )


def test_reason_is_in_plain_words(registered):
    reasons = {name: queries.judge(f"jo@{name}").reason for name in ("epa.gov", "irs.gov", "x.ny.gov")}
    assert reasons == {
        "epa.gov": "epa.gov is registered to the Environmental Protection Agency (federal, executive branch).",
        "irs.gov": "irs.gov is registered to the Internal Revenue Service, part of the Department of the Treasury "
        "(federal, executive branch).",
        "x.ny.gov": "ny.gov is registered to the State of New York (state or territory, NY).",
    }


@pytest.mark.parametrize("text", ["", "jo", "jo@", "@epa.gov", "a b@epa.gov", "jo@[127.0.0.1]", "jo@ex аmple.gov"])
def test_text_that_is_no_address_gets_a_line_that_says_so(registered, text):
    line = queries.judgement_as_json(queries.judge(text))
    assert line["eligible"] == []
    assert "is not an e-mail address" in line["reason"]


def test_cyrillic_look_alike_is_not_government(registered):
    assert not queries.judge("jo@ep\u0430.gov").is_government


@pytest.mark.parametrize(
    ("address", "eligible"),
    [
        ("jo@epa.gov", ["federal", "government", "contractors", "open"]),
        ("jo@army.mil", ["federal", "government", "contractors", "open"]),
        ("jo@ny.gov", ["government", "contractors", "open"]),
        ("jo@builder.example.com", ["contractors", "open"]),
        ("jo@gmail.com", ["open"]),
        ("jo@spam.example.com", []),
    ],
)
def test_eligible_names_the_policies(registered, rule, address, eligible):
    rule("builder.example.com", CONTRACTOR)
    rule("spam.example.com", BLOCK)
    line = queries.judgement_as_json(queries.judge(address))
    assert list(line) == ["address", "agency", "level", "state", "eligible", "reason"]
    assert line["eligible"] == eligible


def test_longest_pattern_wins(registered, rule):
    rule("example.edu", CONTRACTOR)
    rule("gov-lab.example.edu", GOVERNMENT, level="federal")
    assert queries.judge("jo@example.edu").is_contractor
    assert queries.judge("jo@x.gov-lab.example.edu").is_government


def test_whole_address_beats_its_domain(registered, rule):
    rule("example.edu", BLOCK)
    rule("jo@example.edu", GOVERNMENT, level="state", state="NY")
    assert queries.judge("jo@example.edu").is_government
    assert queries.judge("al@example.edu").is_blocked


def test_block_beats_the_register(registered, rule):
    rule("bad@epa.gov", BLOCK)
    rule("ny.gov", BLOCK)
    assert queries.judge("bad@epa.gov").is_blocked
    assert queries.judge("jo@dmv.ny.gov").is_blocked
    assert not queries.judge("bad@epa.gov").is_government


def test_contractors_inside_a_registered_domain_can_be_named(registered, rule):
    rule("contractors.epa.gov", CONTRACTOR)
    assert queries.judge("jo@contractors.epa.gov").is_contractor
    assert not queries.judge("jo@contractors.epa.gov").is_government


def test_shorter_admission_leaves_the_register_alone(registered, rule):
    rule("gov", GOVERNMENT, level="federal")
    assert queries.judge("jo@ny.gov").level == "state"


def test_rule_overrules_the_named_tables(registered, rule):
    rule("si.edu", CONTRACTOR)
    assert queries.judge("jo@si.edu").is_contractor


def test_admission_carries_its_agency(registered, rule):
    rule("epa-lab.example.org", GOVERNMENT, agency=Agency.objects.get(key="environmental protection agency"))
    judgement = queries.judge("jo@epa-lab.example.org")
    assert (judgement.agency_name, judgement.level) == ("Environmental Protection Agency", "federal_executive")
    assert "because" in judgement.reason


def test_many_cost_what_one_costs(registered, django_assert_num_queries):
    addresses = [f"u{n}@{name}" for n in range(300) for name in ("epa.gov", "mail.ny.gov", "army.mil", "x.example.com")]
    with django_assert_num_queries(3):
        judgements = queries.judge_many(addresses)
    assert [judgement.address for judgement in judgements] == addresses
    assert sum(judgement.is_government for judgement in judgements) == 900


def test_one_costs_two_queries(registered, django_assert_num_queries):
    with django_assert_num_queries(2):
        queries.judge("jo@epa.gov")
