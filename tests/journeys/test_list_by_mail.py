"""A list at work: a thousand subscribers at a real second server, and a worker that is killed half-way."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.journeys.running import PostOffice, Program, children_of, post_office, wait_until

pytestmark = pytest.mark.journey

MEMBERS = 1000
REGISTER = """Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email
epa.gov,Federal - Executive,Environmental Protection Agency,,Washington,DC,(blank)
gsa.gov,Federal - Executive,General Services Administration,,Washington,DC,(blank)
"""
POST = """From: Member 7 <member7@epa.gov>
To: cx-cop@lists.example.gov
Subject: How do you measure first contact resolution?
Message-ID: <fcr-1@epa.gov>
Date: Mon, 16 Nov 2026 09:30:00 -0500
Authentication-Results: mx.example.gov; dkim=pass header.d=epa.gov
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

We count a contact as resolved when nobody calls again within seven days.
How do you do it?
"""
FOUND = (
    "from junto.communities.models import Community;"
    "Community.objects.create(slug='customer-experience', name='Customer Experience', short_name='CX-COP',"
    "list_name='cx-cop', list_id='cx-cop.lists.example.gov', policy='government')"
)


@pytest.fixture
def office() -> PostOffice:
    with post_office() as (office, port):
        office.port = port
        yield office


@pytest.fixture
def program(tmp_path: Path, office: PostOffice) -> Program:
    program = Program(home=tmp_path / "home", relay_port=office.port)
    program.home.mkdir()
    register, roster = tmp_path / "register.csv", tmp_path / "roster.csv"
    register.write_text(REGISTER)
    roster.write_text("address,name\n" + "".join(f"member{i}@epa.gov,Member {i}\n" for i in range(MEMBERS)))
    program.run("manage", "migrate", "--verbosity", "0")
    program.run("import", "agencies", str(register))
    program.python(FOUND)
    program.run("import", "roster", str(roster), "--community", "customer-experience")
    program.start()
    yield program
    program.end()


def test_each_of_a_thousand_subscribers_gets_one_copy_of_their_own(program: Program, office: PostOffice) -> None:
    program.mail(sender="member7@epa.gov", to="cx-cop@lists.example.gov", content=POST)
    wait_until(lambda: len(office.copies) >= MEMBERS, f"all copies arrived, not {len(office.copies)}")

    copies = list(office.copies)
    assert Counter(copy.recipient for copy in copies) == Counter(f"member{i}@epa.gov" for i in range(MEMBERS))
    assert len({copy.sender for copy in copies}) == MEMBERS
    assert all(re.fullmatch(r"b\+\S+@lists\.example\.gov", copy.sender) for copy in copies)
    assert len({copy.header("List-Unsubscribe") for copy in copies}) == MEMBERS
    for copy in copies:
        assert_is_a_proper_copy(copy)


def assert_is_a_proper_copy(copy: object) -> None:
    assert copy.header("List-Id").endswith("<cx-cop.lists.example.gov>")
    assert copy.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert copy.header("Message-ID") == "<fcr-1@epa.gov>"
    assert copy.header("Archived-At").startswith("<http")
    assert "(" in copy.header("From") and "via CX-COP" in copy.header("From")
    assert "member7@epa.gov" not in copy.text
    assert "seven days" in copy.text
    for name in ("From", "To", "Subject", "Date", "List-Post", "List-Help", "List-Owner", "Precedence"):
        assert copy.header(name), f"{name} is missing"


def test_a_worker_killed_half_way_loses_nobody(program: Program, office: PostOffice) -> None:
    office.pause = 0.002
    program.mail(sender="member7@epa.gov", to="cx-cop@lists.example.gov", content=POST)
    wait_until(lambda: len(office.copies) >= 150, "the fan-out is under way")
    for pid, line in children_of(program.process.pid).items():
        if "worker" in line:
            os.kill(pid, signal.SIGKILL)
    office.pause = 0

    wait_until(lambda: len({copy.recipient for copy in list(office.copies)}) == MEMBERS, "everybody got a copy")
    wait_until(lambda: program.ask("select count(*) from mail_mailing where state='done'")[0][0] >= 1, "it is done")
    per_recipient = Counter(copy.recipient for copy in list(office.copies))
    twice = sum(count - 1 for count in per_recipient.values())
    assert len(per_recipient) == MEMBERS
    assert twice <= 8 * 128, f"{twice} duplicates are more than what can be in flight"
