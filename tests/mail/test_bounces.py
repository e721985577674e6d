from __future__ import annotations

import json

import pytest

from junto.mail import bounces, router, store, verp
from junto.mail.models import Arrival, BounceReport
from tests.mail import routes

DSN = """From: MAILER-DAEMON@mx.epa.gov
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.epa.gov

Final-Recipient: rfc822; {who}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b--
"""


def dsn(words="550 5.1.1 User unknown", status="5.1.1", action="failed", who="forwarded@epa.gov", to="x@y.z"):
    return DSN.format(words=words, status=status, action=action, who=who, to=to).encode()


@pytest.mark.parametrize(
    ("words", "status", "action", "fault"),
    [
        ("550 5.1.1 User unknown", "5.1.1", "failed", "permanent"),
        ("550 5.7.1 Message rejected due to DMARC policy", "5.7.1", "failed", "policy"),
        ("550 Your message looks like spam", "5.0.0", "failed", "policy"),
        ("552 5.2.2 Mailbox full", "5.2.2", "failed", "temporary"),
        ("451 4.4.1 No answer", "4.4.1", "delayed", "temporary"),
        ("552 5.3.4 Message too big", "5.3.4", "failed", "policy"),
        ("550 5.1.1 User unknown", "5.0.0", "failed", "permanent"),
    ],
)
def test_report_is_read_and_the_fault_put_where_it_belongs(words, status, action, fault):
    [found] = bounces.read(dsn(words, status, action))
    assert found.address == "forwarded@epa.gov"
    assert found.fault == fault
    assert found.is_permanent == (fault == "permanent")
    assert found.words == words


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_bounce_is_read_with_any_line_ending(ending):
    assert bounces.read(dsn().replace(b"\n", ending.encode()))[0].status == "5.1.1"


def test_bounce_in_plain_text_is_read():
    raw = b"From: MAILER-DAEMON@x.gov\nSubject: failure notice\n\n<ben@epa.gov>:\n550 5.1.1 no such user\n"
    [found] = bounces.read(raw)
    assert (found.address, found.is_permanent) == ("ben@epa.gov", True)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: ben@epa.gov\nSubject: lunch?\n\nAt 12:30, room 550?\n",
        b"From: ben@epa.gov\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nI am away.\n",
        b"",
        b"\x00\xff\xfe",
        dsn(action="delivered", status="2.0.0", words="250 ok"),
        dsn(action="relayed", status="2.0.0", words="250 ok"),
    ],
)
def test_what_is_no_failure_says_nothing(raw):
    assert bounces.read(raw) == []


@pytest.fixture
def come_back(fan_out):
    mailing = fan_out(20)

    def bounce(raw, key=9):
        path = verp.ReturnPath(mailing.pk, "cx-cop").of(key)
        arrival = Arrival.objects.create(recipient=path, raw_key=store.put(raw), size=len(raw))
        router.handle(arrival.pk)
        arrival.refresh_from_db()
        return arrival

    return bounce


@pytest.mark.django_db
def test_bounce_counts_for_the_member_of_the_return_path_whatever_it_says(come_back):
    arrival = come_back(dsn())
    assert arrival.state == "done"
    [heard] = routes.BOUNCES
    assert heard == {
        "email": "r9@agency2.gov",
        "is_permanent": True,
        "status": "5.1.1",
        "words": "550 5.1.1 User unknown",
    }
    report = BounceReport.objects.get()
    assert (report.address, report.fault) == ("r9@agency2.gov", "permanent")


@pytest.mark.django_db
def test_refusal_for_policy_is_written_down_and_counts_against_nobody(come_back):
    come_back(dsn("550 5.7.1 rejected by DMARC policy", "5.7.1"))
    assert routes.BOUNCES == []
    assert BounceReport.objects.get().fault == "policy"


@pytest.mark.django_db
def test_vacation_reply_to_a_return_path_is_thrown_away(come_back):
    arrival = come_back(b"From: ben@epa.gov\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nAway.\n")
    assert arrival.state == "discarded"
    assert routes.BOUNCES == []


@pytest.mark.django_db
def test_bounce_for_somebody_who_has_left_counts_against_nobody(come_back):
    """Who has left still holds a signed return path, and can write any address into a bounce."""
    assert come_back(dsn(who="victim@epa.gov"), key=999).state == "done"
    assert routes.BOUNCES == []
    assert BounceReport.objects.get().address == "victim@epa.gov"


@pytest.mark.material
def test_addresses_are_found_in_the_bounces_that_mailman_knows(material):
    folder = material / "bounces" / "flufl-bounce"
    expected = json.loads((folder / "EXPECTED.json").read_text())["files"]
    found = 0
    for name, wanted in expected.items():
        path = next(folder.rglob(name))
        got = {one.address.lower() for one in bounces.read(path.read_bytes())}
        found += got >= {address.lower() for address in wanted["permanent"] + wanted["temporary"]}
    assert found / len(expected) >= 0.95


def _sisimai(material):
    folder = material / "bounces" / "sisimai-set-of-emails"
    expected = json.loads((folder / "EXPECTED.json").read_text())["files"]
    for name, wanted in expected.items():
        real = [one for one in wanted if one["reason"] not in ("vacation", "feedback", "delivered")]
        if real:
            yield name, real, bounces.read((folder / "maildir" / "bsd" / name).read_bytes())


@pytest.mark.material
def test_failures_and_their_permanence_are_found_in_real_bounces(material):
    total = found = hard = hard_found = wrongly_hard = soft = 0
    for _, wanted, got in _sisimai(material):
        total += 1
        found += bool(got)
        is_hard = wanted[0]["hardbounce"]
        hard += is_hard
        soft += not is_hard
        hard_found += bool(is_hard and got and got[0].is_permanent)
        wrongly_hard += bool(not is_hard and got and got[0].is_permanent)
    assert found / total >= 0.95
    assert hard_found / hard >= 0.8
    assert wrongly_hard / soft <= 0.2


@pytest.mark.material
def test_no_real_letter_makes_the_reader_stumble(material):
    for path in (material / "bounces").rglob("*"):
        if path.is_file() and path.stat().st_size < 300_000:
            bounces.read(path.read_bytes())
