"""What list servers write, in samples of our own after their manuals."""

import json

import pytest

from junto.kit.rosters import Form, NotARoster, read

REVIEW = """\
Date:         Mon, 3 Mar 2025 09:00:00 -0500
From:         "L-Soft list server at LISTS.EXAMPLE.GOV (16.5)" <LISTSERV@LISTS.EXAMPLE.GOV>
Subject:      File: "CX-COP LIST"

*
* Customer experience
*
* Review= Owners    Subscription= By owner
* Owner= ada@gsa.gov (Ada Alvarez)
*
ben@EPA.GOV                        Ben Brooks
cleo@epa.gov                       Cleo Chen (NOMAIL)
nobody@epa.gov                     (No Name Available)
*
* Total number of users subscribed to the list:      3
* Total number of "concealed" users:                 1
"""
WHO = """\
Non-digest (regular) members:
    ben@epa.gov
    cleo at epa.gov
Digest members:
    dov@contractor.example.com
"""


def test_review_is_read_without_its_letter_head_header_and_totals():
    form, lines = read(REVIEW)
    assert form is Form.REVIEW
    assert [(line.address, line.name, line.delivery) for line in lines] == [
        ("ben@EPA.GOV", "Ben Brooks", ""),
        ("cleo@epa.gov", "Cleo Chen", "none"),
        ("nobody@epa.gov", "", ""),
    ]
    assert lines[0].number == REVIEW.splitlines().index("ben@EPA.GOV                        Ben Brooks") + 1


def test_mailman_2_names_digest_members_under_a_heading_and_hides_the_at():
    form, lines = read(WHO)
    assert form is Form.MAILMAN
    assert [(line.address, line.delivery) for line in lines] == [
        ("ben@epa.gov", ""),
        ("cleo at epa.gov", ""),
        ("dov@contractor.example.com", "daily"),
    ]


def test_mailman_lists_with_full_names_are_read():
    _, lines = read('"Brooks, Ben" <ben@epa.gov>\nCleo Chen <cleo@epa.gov>\n=?utf-8?q?J=C3=B6?= <jo@epa.gov>\n')
    assert [line.name for line in lines] == ["Brooks, Ben", "Cleo Chen", "Jö"]


def test_pages_of_the_rest_api_are_read_one_after_the_other():
    entry = {"email": "ben@epa.gov", "display_name": "Ben", "role": "owner", "delivery_mode": "mime_digests"}
    other = {"address": "http://x:8001/3.1/addresses/jo@epa.gov", "role": "nonmember", "delivery_status": "by_bounces"}
    pages = json.dumps({"start": 0, "total_size": 2, "entries": [entry]}) + "\n" + json.dumps({"entries": [other]})
    form, lines = read(pages)
    assert form is Form.REST
    assert [(one.number, one.address, one.name, one.role, one.delivery) for one in lines] == [
        (1, "ben@epa.gov", "Ben", "manager", "daily"),
        (2, "jo@epa.gov", "", "nonmember", "none"),
    ]


def test_columns_have_the_names_that_other_programs_give_them():
    form, lines = read("\ufeffE-mail;First name;Last name;Organization\r\nben@epa.gov;Ben;Brooks;EPA\r\n;;;\r\n")
    assert form is Form.SHEET
    assert [(one.number, one.address, one.name, one.agency) for one in lines] == [
        (2, "ben@epa.gov", "Ben Brooks", "EPA")
    ]


def test_a_line_without_an_address_comes_back_to_be_told():
    _, lines = read("ben@epa.gov\nnonsense\n")
    assert [line.address for line in lines] == ["ben@epa.gov", "nonsense"]


@pytest.mark.parametrize(
    "text", ["", "name,thing\nAda,7\n", '{"entries": ', "[" * 100_000, '{"total_size": 0}', "[1, null]"]
)
def test_what_names_nobody_is_refused(text):
    with pytest.raises(NotARoster, match="Nothing was changed"):
        read(text)
