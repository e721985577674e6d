"""Complaints in the Abuse Reporting Format (RFC 5965): only our own signed return path names a reader."""

from __future__ import annotations

import pytest

from junto.mail import complaints, router, store, verp
from junto.mail.models import Arrival, Mailing
from tests.mail import routes

REPORT = """From: <feedback@mail.example.com>
To: <abuse@lists.example.gov>
Subject: FW: CX-COP
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{way}>

--b
Content-Type: message/rfc822

Return-Path: <{way}>
From: list@lists.example.gov
Subject: CX-COP

Hello
--b--
"""


def _report(way: str, kind: str = "abuse") -> bytes:
    return REPORT.format(way=way, kind=kind).encode()


def test_a_report_names_mailing_and_reader():
    way = verp.ReturnPath(7, "cx-cop").of(42)
    found = complaints.read(_report(way))
    assert found is not None
    assert found.way is not None
    assert (found.kind, found.way.mailing_id, found.way.key, found.words) == ("abuse", 7, 42, "SomeGenerator/1.0")


def test_a_return_path_that_was_made_up_names_nobody():
    way = verp.ReturnPath(7, "cx-cop").of(42)
    forged = way.replace(".7.", ".8.")
    found = complaints.read(_report(forged))
    assert found is not None
    assert found.way is None


@pytest.mark.django_db
def test_a_report_that_comes_to_the_return_path_reaches_the_room():
    mailing = Mailing.objects.create(kind="x", return_to="cx-cop", audience="many", told={"count": 3}, pieces=b"")
    way = verp.ReturnPath(mailing.pk, "cx-cop").of(2)
    arrival = Arrival.objects.create(recipient=way, raw_key=store.put(_report(way)), size=1)
    router.handle(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.state == "done"
    assert routes.COMPLAINTS.pop() == {"audience": "many", "told": {"count": 3}, "key": 2, "words": "SomeGenerator/1.0"}


@pytest.mark.django_db
def test_not_spam_is_no_complaint():
    assert "does not tell" in complaints.obey(_report(verp.ReturnPath(7, "cx-cop").of(2), kind="not-spam"))


@pytest.mark.parametrize("raw", [b"", b"Subject: hello\n\nFeedback-Type: abuse", b"\x00\xff" * 1000])
def test_what_is_no_report_is_none(raw):
    assert complaints.read(raw) is None


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: Out of office\nContent-Type: text/plain\n\n",
        b'Subject: FW: Abuse\nContent-Type: multipart/mixed; boundary="a"\n\n--a\nContent-Type: message/rfc822\n\n',
    ],
)
def test_a_letter_that_quotes_or_carries_a_report_complains_about_nothing(head):
    report = _report(verp.ReturnPath(7, "cx-cop").of(42))
    assert complaints.read(report) is not None
    assert complaints.read(head + report) is None
