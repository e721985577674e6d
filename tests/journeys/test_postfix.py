"""A list between a real Postfix in front and a real Postfix behind, with the configuration that the how-to prints."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dkim
import pytest

from tests.journeys.postfix import Postfix, milter, postfix, why_not
from tests.journeys.running import PostOffice, Program, post_office, wait_until
from tests.journeys.test_list_by_mail import FOUND, POST, REGISTER

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(why_not()), reason=why_not() or "it runs")]

MEMBERS = 50
GONE = "gone@epa.gov"
EVERYBODY = {f"member{i}@epa.gov" for i in range(MEMBERS)}


def post(name: str) -> str:
    """A post as its author sends it, before any server has said who that is."""
    return re.sub(r"Authentication-Results:.*\n", "", POST).replace("fcr-1", name).replace("first contact", name)


@dataclass
class Site:
    program: Program
    postfix: Postfix
    world: PostOffice

    def hand_in(self, content: str, *, sender: str = "member7@epa.gov", to: str = "cx-cop@lists.example.gov") -> None:
        """As another server would: over TLS, at the port for the outside."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with smtplib.SMTP("127.0.0.1", self.postfix.front, timeout=30) as session:
            session.starttls(context=trusting)
            session.sendmail(sender, [to], content.replace("\n", "\r\n").encode())

    def reached(self, name: str) -> Counter[str]:
        """Who got the post of that name, and how often."""
        posted = f"<{name}@epa.gov>"
        return Counter(copy.recipient for copy in list(self.world.copies) if copy.header("Message-ID") == posted)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One list for all journeys here: each posts something else, and reads what came of that."""
    tmp_path = tmp_path_factory.mktemp("junto")
    with post_office() as (world, world_port), milter() as milter_port:
        program = Program(home=tmp_path / "home", relay_port=0)
        with postfix(lmtp=program.lmtp_port, world=world_port, milter=milter_port) as office:
            program.relay_port = office.behind
            _found(program, tmp_path)
            program.start()
            try:
                yield Site(program, office, world)
            finally:
                program.end()


@pytest.fixture
def site(running: Site) -> Site:
    running.world.copies.clear()
    running.world.answer = lambda to: "550 5.1.1 No such mailbox" if to == GONE else "250 OK"
    return running


def _found(program: Program, folder: Path) -> None:
    program.home.mkdir()
    register, roster = folder / "register.csv", folder / "roster.csv"
    register.write_text(REGISTER)
    roster.write_text("address,name\n" + "".join(f"{address},\n" for address in [*sorted(EVERYBODY), GONE]))
    program.run("manage", "migrate", "--verbosity", "0")
    program.run("import", "agencies", str(register))
    program.python(FOUND)
    program.run("import", "roster", str(roster), "--community", "customer-experience")
    program.run("manage", "dkim", "new", "--selector", "s1")


def test_post_goes_in_and_out_through_postfix_and_each_copy_verifies(site: Site) -> None:
    site.hand_in(post("in-and-out"))
    wait_until(lambda: len(site.world.copies) >= MEMBERS, f"all copies arrived; see {site.postfix.log}")

    copies = list(site.world.copies)
    assert Counter(copy.recipient for copy in copies) == Counter(EVERYBODY)
    assert len({copy.sender for copy in copies}) == MEMBERS
    shown = "".join(re.findall(r'"([^"]*)"', site.program.run("manage", "dkim", "show")))
    for copy in copies:
        assert copy.header("Received"), "it did not come through Postfix"
        assert copy.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        assert "d=lists.example.gov" in copy.header("DKIM-Signature")
        assert dkim.verify(copy.raw, dnsfunc=lambda name, timeout=5: shown.encode()), copy.text


def test_refused_copy_comes_back_through_postfix_and_counts_for_that_member(site: Site) -> None:
    reports = "select address, status, words from mail_bouncereport"
    site.hand_in(post("refused"))
    found = wait_until(lambda: site.program.ask(reports), "the bounce is read")
    assert {(address, status) for address, status, _ in found} == {(GONE, "5.1.1")}
    assert "No such mailbox" in found[0][2]
    wait_until(lambda: site.reached("refused").keys() == EVERYBODY, "all others got it")


def test_who_is_not_proven_by_our_own_milter_gets_nothing_through(site: Site) -> None:
    """The header of our name came from outside, and Postfix takes it away: the author is asked instead."""
    forged = post("forged").replace(
        "MIME-Version", "Authentication-Results: mx.example.gov; dkim=pass header.d=epa.gov\nMIME-Version"
    )
    site.hand_in(forged, sender="eve@example.com")
    asked = wait_until(lambda: site.world.to("member7@epa.gov"), "the author is asked")
    assert {copy.recipient for copy in site.world.copies} == {"member7@epa.gov"}
    assert "confirm" in asked[0].text.lower()


def test_unknown_address_is_refused_in_the_session(site: Site) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        site.hand_in(post("unknown"), to="nobody@lists.example.gov")
    code, words = refusal.value.recipients["nobody@lists.example.gov"]
    assert code == 550
    assert b"undeliverable address" in words
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="Relay access denied"):
        site.hand_in(post("unknown"), to="eve@example.com")


def test_nothing_is_lost_while_postfix_is_down(site: Site) -> None:
    site.hand_in(post("before"))
    wait_until(lambda: site.world.copies, "the first copy arrived")
    site.postfix.stop()
    with pytest.raises(OSError):
        site.hand_in(post("between"))
    site.postfix.start()
    site.hand_in(post("after"))
    for name in ("before", "after"):
        wait_until(lambda name=name: site.reached(name).keys() == EVERYBODY, f"all got the post {name}")
    assert not site.reached("between")


def test_nothing_is_lost_while_junto_is_down(site: Site) -> None:
    site.hand_in(post("up"))
    wait_until(lambda: site.reached("up").keys() == EVERYBODY, "the list works")
    site.program.stop()
    site.hand_in(post("down"))
    wait_until(lambda: "member7@epa.gov" in site.postfix.queue(), "it waits at Postfix")
    site.program.start()
    wait_until(lambda: site.reached("down").keys() == EVERYBODY, f"it went out; see {site.postfix.log}")
