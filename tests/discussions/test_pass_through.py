"""A post whose own signature survives the list keeps its From line; every other is rewritten."""

from __future__ import annotations

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from junto.audit.models import Entry
from junto.communities.models import ReplyTo
from junto.discussions import inbound
from junto.mail import reading
from junto.mail.dmarc import Texts
from junto.mail.router import Incoming
from junto.mail.seals import seal_of
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)
RAW = (
    b"Received: from ben by mail.epa.gov; now\r\nFrom: Ben Brooks <ben@epa.gov>\r\nTo: cx-cop@lists.example.gov\r\n"
    b"Subject: Wait\r\n times\r\nDate: Tue, 03 Nov 2026 09:15:00 -0500\r\nMessage-ID: <pass-1@epa.gov>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b".How do you\tmeasure  them?\r\n\r\nCaf\xc3\xa9 \r\n\r\n\r\n"
)
USUAL = [b"from", b"to", b"subject", b"date", b"message-id", b"content-type"]


def keys(name, kind):
    return [b"v=DKIM1; k=rsa; p=" + PUBLIC] if name.startswith("s._domainkey.") else []


def policies(name):
    said = {
        "_dmarc.epa.gov": b"v=DMARC1; p=reject",
        "_dmarc.strict.epa.gov": b"v=DMARC1; p=reject; adkim=s",
        "_dmarc.gov": b"v=DMARC1; p=reject; psd=y",
    }
    return Texts((said[name],) if name in said else (), 60.0)


def silent(name):
    raise TimeoutError


def signed(raw=RAW, *, domain=b"epa.gov", names=None, **options):
    return dkim.sign(raw, b"s", domain, PEM, include_headers=names or USUAL, **options) + raw


@pytest.fixture
def arrive(cop, ada, ben, carried):
    """Let a letter arrive at the list that passes letters through; returns Ada's copy."""
    cop.passes_through = True
    cop.save()

    def post(raw, *, ask=policies):
        author = reading.read(raw).from_address
        seal = seal_of(raw, author, look_up=keys, ask=ask)
        outcome = inbound.post(Arrived(raw, seal=seal), name="cx-cop")
        return next((one for one in carried("post") if one.recipient == "ada@gsa.gov"), outcome)

    return post


def is_kept(copy):
    return copy.mail["From"].addresses[0].addr_spec == "ben@epa.gov"


@pytest.mark.parametrize("ways", [(b"relaxed", b"relaxed"), (b"simple", b"simple")])
def test_signed_post_goes_out_with_its_from_line_and_a_good_signature(arrive, ways):
    copy = arrive(signed(canonicalize=ways))
    assert is_kept(copy)
    assert dkim.verify(copy.raw, dnsfunc=lambda *_, **__: keys("s._domainkey.", "TXT")[0])
    assert copy.raw.partition(b"\r\n\r\n")[2] == RAW.partition(b"\r\n\r\n")[2]


def test_it_is_list_mail_all_the_same(arrive, cop):
    mail = arrive(signed()).mail
    assert cop.list_id in mail["List-Id"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Sender"] == "cx-cop@lists.example.gov"
    assert mail["Archived-At"]
    assert mail["Received"] is None
    assert "Leave this list" not in mail.get_content()


def test_list_that_does_not_want_it_rewrites(arrive, cop):
    cop.passes_through = False
    cop.save()
    copy = arrive(signed())
    assert copy.mail["From"].addresses[0].display_name == "Ben Brooks (EPA) via CX-COP"


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        signed().replace(b"measure", b"meazure"),
        signed(domain=b"gsa.gov"),
        signed(length=True),
        signed(names=[*USUAL, b"list-id"]),
        signed(names=[*USUAL, b"list-unsubscribe"]),
        signed(b"Disposition-Notification-To: ben@epa.gov\r\n" + RAW, names=[*USUAL, b"disposition-notification-to"]),
        signed(RAW.replace(b"Ben Brooks <ben@epa.gov>", b"ben@epa.gov, eve@example.com")),
        signed(RAW.replace(b"Message-ID: <pass-1@epa.gov>\r\n", b"")),
    ],
    ids=range(9),
)
def test_what_would_not_verify_as_it_leaves_is_rewritten(arrive, raw):
    assert not is_kept(arrive(raw))


def test_unknown_policy_means_rewriting(arrive):
    assert not is_kept(arrive(signed(), ask=silent))


def test_operator_may_say_rewrite_or_keep(arrive, settings):
    settings.DMARC_OVERRIDES = "epa.gov=rewrite"
    assert not is_kept(arrive(signed()))


def test_operator_who_trusts_a_domain_needs_no_dns_of_it(arrive, settings):
    settings.DMARC_OVERRIDES = "epa.gov=keep"
    assert is_kept(arrive(signed(), ask=silent))


def test_signature_of_another_host_of_a_strict_domain_is_not_enough():
    raw = signed(RAW.replace(b"ben@epa.gov", b"ben@strict.epa.gov"))
    assert seal_of(raw, "ben@strict.epa.gov", look_up=keys, ask=policies) is None
    assert seal_of(signed(), "ben@epa.gov", look_up=keys, ask=policies)


def test_signature_that_ends_within_days_is_not_enough():
    soon = signed().replace(b"t=", b"x=1; t=", 1)
    assert seal_of(soon, "ben@epa.gov", look_up=keys, ask=policies) is None


def test_oversigned_sender_and_reply_to_are_left_alone(arrive, cop):
    cop.reply_to = ReplyTo.LIST
    cop.save()
    copy = arrive(signed(names=[*USUAL, b"sender", b"reply-to", b"subject"]))
    assert is_kept(copy)
    assert copy.mail["Sender"] is None
    assert copy.mail["Reply-To"] is None
    assert dkim.verify(copy.raw, dnsfunc=lambda *_, **__: keys("s._domainkey.", "TXT")[0])


def test_replies_go_to_the_list_where_nothing_is_signed_against_it(arrive, cop):
    cop.reply_to = ReplyTo.LIST
    cop.save()
    assert arrive(signed(b"Reply-To: ben@epa.gov\r\n" + RAW)).mail["Reply-To"] == "cx-cop@lists.example.gov"


def test_web_post_is_rewritten(cop, ada, ben, carried, client_of):
    cop.passes_through = True
    cop.save()
    client_of(ben).post(
        "/communities/customer-experience/discussions/new/",
        {
            "subject": "How do you measure wait times?",
            "body": "We count the minutes until somebody answers. What do you count?",
            "ticket": "0123456789abcdef01234567",
        },
    )
    assert ["via CX-COP" in copy.mail["From"] for copy in carried("post")] == [True, True]


def test_signature_is_looked_for_before_the_door_and_only_where_the_list_wants_it(cop, letter, monkeypatch):
    asked = []
    monkeypatch.setattr(Incoming, "seal", property(lambda self: asked.append(1)))
    incoming = Incoming.__new__(Incoming)
    inbound.prepare_post(incoming, name="cx-cop")
    assert asked == []
    cop.passes_through = True
    cop.save()
    inbound.prepare_post(incoming, name="cx-cop")
    assert asked == [1]


def test_manager_can_switch_it_on_and_the_book_says_so(cop, ada, client_of):
    page = "/communities/customer-experience/manage/settings/posting/"
    assert "Keep the author’s From line" in client_of(ada).get(page).content.decode()
    fields = {"reply_to": cop.reply_to, "largest_post": cop.largest_post, "passes_through": "on"}
    assert client_of(ada).post(page, fields).status_code == 302
    cop.refresh_from_db()
    assert cop.passes_through
    assert Entry.objects.get(fact="communities.community.edited").details["passes_through"] == [False, True]
