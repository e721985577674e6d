from datetime import UTC, datetime

import pytest

from junto.mail import reading


def test_munged_author_is_found_in_archives_and_never_in_live_mail():
    raw = b"From: Jo Roe via CX-COP <cx-cop@lists.gov>\nReply-To: Jo Roe <jo@epa.gov>\nList-Id: <cx-cop.lists.gov>\n\nHi\n"
    assert reading.read_fast(raw).from_address == "jo@epa.gov"
    assert reading.read(raw).from_address == "cx-cop@lists.gov"


@pytest.mark.parametrize(
    "written", [b"5 Jan 25 16:58 GMT+00:00", b"Sun, 05 Jan 2025 11:58:00 EST", b"Sun Jan  5 16:58:00 2025"]
)
def test_odd_dates_are_mended(written):
    assert reading.read(b"Date: " + written + b"\n\n").sent_at == datetime(2025, 1, 5, 16, 58, tzinfo=UTC)


def test_hidden_addresses_are_read():
    mail = reading.read(b"From: jo at epa.gov (Jo =?utf-8?q?R=C3=B6e?=)\n\n")
    assert (mail.from_name, mail.from_address) == ("Jo Röe", "jo@epa.gov")


def test_ten_thousand_nested_parts_are_read():
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000))
    assert reading.read(raw).repairs


@pytest.mark.material
def test_no_letter_of_the_collection_raises(material):
    count = 0
    for path in (material / "incoming-email").rglob("*"):
        if path.is_file():
            mail = reading.read(path.read_bytes())
            assert "\0" not in mail.text + mail.html + mail.subject
            mail.text.encode()
            count += 1
    assert count > 800
