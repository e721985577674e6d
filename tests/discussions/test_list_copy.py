"""The copies that members get, as they leave."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from junto.communities.models import ReplyTo
from junto.discussions.models import Alias, Message
from junto.discussions.queries import alias_address
from junto.kit import tokens

pytestmark = pytest.mark.django_db
LIST = "cx-cop@lists.example.gov"


@pytest.fixture
def copies(send, ada, ben, carried):
    send("question")
    return {copy.recipient: copy for copy in carried("post")}


def test_everyone_gets_one_copy_with_a_return_path_of_their_own(copies):
    assert set(copies) == {"ada@gsa.gov", "ben@epa.gov"}
    assert len({copy.return_path for copy in copies.values()}) == 2
    assert all(copy.return_path.startswith("b+cx-cop.") for copy in copies.values())


def test_from_names_person_agency_and_list_at_the_alias(copies):
    sender = copies["ada@gsa.gov"].mail["From"].addresses[0]
    assert sender.display_name == "Ben Brooks (EPA) via CX-COP"
    assert sender.addr_spec == alias_address(Alias.objects.get())
    assert sender.addr_spec.startswith("cx-cop.reply.")


def test_the_authors_own_address_stands_in_no_header(copies):
    head = copies["ada@gsa.gov"].raw.partition(b"\r\n\r\n")[0]
    assert b"ben@epa.gov" not in head
    assert b"ben.private@" not in head
    assert b"else@state" not in head
    assert b"assistant@epa.gov" not in head


def test_identity_of_the_letter_is_kept(copies):
    mail = copies["ada@gsa.gov"].mail
    assert mail["Message-ID"] == "<question-1@epa.gov>"
    assert mail["Subject"] == "QUESTION: How do you measure wait times?"
    assert mail["Date"].datetime == datetime(2026, 11, 3, 14, 15, tzinfo=UTC)
    assert mail["To"] == LIST


def test_list_headers_are_all_there_and_unsubscribing_is_personal(copies, cop, ada):
    mail = copies["ada@gsa.gov"].mail
    token = tokens.sign("communities.membership", cop.memberships.get(person=ada).pk)
    message = Message.objects.get()
    assert cop.list_id in mail["List-Id"]
    assert mail["List-Post"] == f"<mailto:{LIST}>"
    assert mail["List-Unsubscribe"] == (
        f"<http://testserver/unsubscribe/{token}/>, <mailto:cx-cop-signoff-request@lists.example.gov>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Archived-At"] == (
        f"<http://testserver/communities/customer-experience/discussions/1/#message-{message.pk}>"
    )
    assert mail["Precedence"] == "list"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["Sender"] == LIST
    for name in ("List-Help", "List-Subscribe", "List-Owner", "List-Archive"):
        assert mail[name], name
    assert mail["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "name",
    ["Return-Path", "Received", "DKIM-Signature", "Authentication-Results", "Disposition-Notification-To", "Cc"],
)
def test_foreign_headers_are_gone(copies, name):
    assert copies["ada@gsa.gov"].mail[name] is None


def test_footer_stands_in_text_and_html_and_is_personal(copies):
    ada, ben = copies["ada@gsa.gov"].mail, copies["ben@epa.gov"].mail
    for kind in ("plain", "html"):
        text = ada.get_body((kind,)).get_content()
        assert "http://testserver/delivery/" in text
        assert "Leave this list" in text
        assert text != ben.get_body((kind,)).get_content()
    assert "<script" not in ada.get_body(("html",)).get_content()


def test_a_plain_letter_goes_out_plain(send, ada, ben, carried):
    send("question")
    send("answer")
    copy = carried("post")[-1]
    assert copy.mail.get_content_type() == "text/plain"
    assert copy.mail["In-Reply-To"] == "<question-1@epa.gov>"
    assert copy.mail["References"] == "<older@epa.gov> <question-1@epa.gov>"


def test_attachments_go_along(send, ada, ben, carried):
    send("files")
    names = [part.get_filename() for part in carried("post")[0].mail.iter_attachments()]
    assert names == ["page.html", "drawing.svg", "dot.png"]


def test_replies_go_where_the_community_says(send, cop, ada, ben, carried):
    cop.reply_to = ReplyTo.LIST
    cop.save()
    send("question")
    assert carried("post")[0].mail["Reply-To"] == LIST


def test_replies_go_to_the_author_by_default(copies):
    mail = copies["ada@gsa.gov"].mail
    assert mail["Reply-To"] == mail["From"].addresses[0].addr_spec


def test_who_does_not_want_own_posts_gets_none(send, cop, ada, ben, carried):
    cop.memberships.filter(person=ben).update(wants_own_posts=False)
    send("question")
    assert [copy.recipient for copy in carried("post")] == ["ada@gsa.gov"]


def test_a_signed_letter_passes_byte_for_byte(send, ada, ben, carried, letter):
    send("signed")
    copy = carried("post")[0]
    body = letter("signed").partition(b"\n\n")[2].replace(b"\n", b"\r\n")
    assert copy.raw.partition(b"\r\n\r\n")[2].rstrip() == body.rstrip()
    assert copy.mail.get_content_type() == "multipart/signed"
    assert copy.mail["From"].addresses[0].display_name == "Ben Brooks (EPA) via CX-COP"
    assert len(copy.mail.get_all("From")) == 1
    assert copy.mail["DKIM-Signature"] is None
    assert copy.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert copy.mail["Message-ID"] == "<signed-1@epa.gov>"
    assert b"Leave this list" not in copy.raw


def test_a_letter_without_message_id_gets_one_that_is_kept(send, ada, ben, carried):
    send("no-message-id")
    message = Message.objects.get()
    assert message.message_id.endswith("@lists.example.gov")
    assert carried("post")[0].mail["Message-ID"] == f"<{message.message_id}>"


def test_a_name_with_an_address_in_it_shows_none(send, ada, ben, carried):
    ben.name = "ben@epa.gov"
    ben.save()
    send("question")
    assert carried("post")[0].mail["From"].addresses[0].display_name == "ben (EPA) via CX-COP"
