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


SEALED = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            "multipart/encrypted; protocol=application/pgp-encrypted; boundary=b",
            "--b\n\nVersion: 1\n--b--\n",
            "encrypted",
        ),
        ("text/plain", SEALED, "encrypted"),
        ("text/plain", f"Hi all, see below.\n\n{SEALED}", "encrypted"),
        ("application/pkcs7-mime; smime-type=enveloped-data", "MIIB", "encrypted"),
        ("application/x-pkcs7-mime; smime-type=authEnveloped-data", "MIIB", "encrypted"),
        ("application/pkcs7-mime; name=smime.p7m", "MIIB", "encrypted"),
        ("application/octet-stream; name=smime.p7m", "MIAGCSqGSIb3DQEHA6CAMIACAQAx", "encrypted"),
        ("application/octet-stream; name=smime.p7m", "MIAGCSqGSIb3DQEHAqCAMIACAQEx", "signed"),
        ("application/pkcs7-mime; smime-type=signed-data", "MIIB", "signed"),
        ("application/pkcs7-mime; name=smime.p7m", "MIAGCSqGSIb3DQEHAqCAMIACAQEx", "signed"),
        ("multipart/signed; protocol=application/pkcs7-signature; boundary=b", "--b\n\nHi\n--b--\n", "signed"),
        ("application/pkcs7-mime; smime-type=certs-only", "MIIB", ""),
        ("text/plain", f"What is this?\n> {SEALED}", ""),
        ("text/plain", "word " * 100 + f"\n{SEALED}", ""),
    ],
)
def test_signed_and_encrypted_letters_are_told_apart(head, body, expected):
    coding = "Content-Transfer-Encoding: base64\n" if head.startswith("application") else ""
    mail = reading.read(f"From: ben@epa.gov\nContent-Type: {head}\n{coding}\n{body}".encode())
    assert (mail.is_signed, mail.is_encrypted) == (expected == "signed", expected == "encrypted")
