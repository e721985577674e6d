"""A list between a real Postfix in front and a real Postfix behind, with the configuration that the how-to prints."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import dkim
import pytest

from tests.journeys.postfix import Postfix, milter, postfix, why_not
from tests.journeys.running import PostOffice, Program, post_office, wait_until
from tests.journeys.test_list_by_mail import FOUND, POST, REGISTER

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(why_not()), reason=why_not() or "it runs")]

MEMBERS = 50
GONE = "member13@epa.gov"
EVERYBODY = {f"member{i}@epa.gov" for i in range(MEMBERS)}
PLAIN_POST = re.sub(r"Authentication-Results:.*\n", "", POST)


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

    def reached(self) -> Counter[str]:
        return Counter(copy.recipient for copy in list(self.world.copies))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with post_office() as (world, world_port), milter() as milter_port:
        program = Program(home=tmp_path / "home", relay_port=0)
        with postfix(lmtp=program.lmtp_port, world=world_port, milter=milter_port) as office:
            program.relay_port = office.behind
            _found(program, tmp_path)
            program.start()
            try:
                yield Site(program, office, world)
            finally:
                program.stop()


def _found(program: Program, folder: Path) -> None:
    program.home.mkdir()
    register, roster = folder / "register.csv", folder / "roster.csv"
    register.write_text(REGISTER)
    roster.write_text("address,name\n" + "".join(f"member{i}@epa.gov,Member {i}\n" for i in range(MEMBERS)))
    program.run("manage", "migrate", "--verbosity", "0")
    program.run("import", "agencies", str(register))
    program.python(FOUND)
    program.run("import", "roster", str(roster), "--community", "customer-experience")
    program.run("manage", "dkim", "new", "--selector", "s1")


def test_post_goes_in_and_out_through_postfix_and_each_copy_verifies(site: Site) -> None:
    site.hand_in(PLAIN_POST)
    wait_until(lambda: len(site.world.copies) >= MEMBERS, f"all copies arrived; see {site.postfix.log}")

    assert site.reached() == Counter(EVERYBODY)
    copies = list(site.world.copies)
    assert len({copy.sender for copy in copies}) == MEMBERS
    shown = "".join(re.findall(r'"([^"]*)"', site.program.run("manage", "dkim", "show")))
    for copy in copies:
        assert copy.header("Received"), "it did not come through Postfix"
        assert copy.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        assert dkim.verify(copy.raw, dnsfunc=lambda name, timeout=5: shown.encode()), copy.text
        assert "d=lists.example.gov" in copy.header("DKIM-Signature")


def test_who_is_not_proven_by_our_own_milter_gets_nothing_through(site: Site) -> None:
    """The header of our name came from outside, and Postfix takes it away: the author is asked instead."""
    site.hand_in(POST, sender="eve@example.com")
    wait_until(lambda: site.world.to("member7@epa.gov"), "the author is asked")
    assert site.reached() == Counter(["member7@epa.gov"])
    assert "How do you measure" in site.world.to("member7@epa.gov")[0].text


def test_unknown_address_is_refused_in_the_session(site: Site) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        site.hand_in(PLAIN_POST, to="nobody@lists.example.gov")
    code, words = refusal.value.recipients["nobody@lists.example.gov"]
    assert code == 550
    assert b"undeliverable address" in words
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="Relay access denied"):
        site.hand_in(PLAIN_POST, to="eve@example.com")


def test_refused_copy_comes_back_through_postfix_and_counts_for_that_member(site: Site) -> None:
    site.world.answer = lambda to: "550 5.1.1 No such mailbox" if to == GONE else "250 OK"
    site.hand_in(PLAIN_POST)
    bounces = wait_until(lambda: site.program.ask("select address, status, words from mail_bouncereport"), "the bounce is read")
    assert [(email, status) for email, status, _ in bounces] == [(GONE, "5.1.1")]
    assert "No such mailbox" in bounces[0][2]
    wait_until(lambda: set(site.reached()) == EVERYBODY - {GONE}, "all others got it")


def test_nothing_is_lost_while_postfix_is_down(site: Site) -> None:
    site.hand_in(PLAIN_POST)
    wait_until(lambda: site.world.copies, "the first copy arrived")
    site.postfix.stop()
    with suppress(OSError):
        site.hand_in(PLAIN_POST)
    site.postfix.start()
    site.hand_in(PLAIN_POST.replace("fcr-1", "fcr-2").replace("first contact", "second contact"))
    wait_until(lambda: all(site.reached()[to] >= 2 for to in EVERYBODY), f"all got both posts: {site.reached()}")
    ids = {(copy.recipient, copy.header("Message-ID")) for copy in site.world.copies}
    assert len(ids) == 2 * MEMBERS


def test_nothing_is_lost_while_junto_is_down(site: Site) -> None:
    site.hand_in(PLAIN_POST)
    wait_until(lambda: set(site.reached()) == EVERYBODY, "the list works")
    site.program.stop()
    site.hand_in(PLAIN_POST.replace("fcr-1", "fcr-2"))
    site.program.start()
    wait_until(lambda: all(site.reached()[to] >= 2 for to in EVERYBODY), "what waited at Postfix went out")
