"""What a digest says, in each of its forms, and that programs can take it apart again."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime, timedelta
from email.policy import default
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client

from junto.communities.models import DigestForm, Membership, State
from junto.discussions import inbound
from junto.discussions.models import Alias, DigestIssue, Message, Thread
from junto.discussions.queries import alias_address
from junto.kit import tokens
from junto.mail.models import Mailing
from tests.discussions.conftest import LETTERS, Arrived
from tests.discussions.digests import Desk, reads

pytestmark = pytest.mark.django_db

SEVEN = datetime(2026, 11, 4, 12, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA = "Ada Alvarez <ada@gsa.gov>"


@pytest.fixture
def desk(cop, ada, ben, carried):
    return Desk(cop, carried)


@pytest.fixture
def talk(desk):
    """Two messages in one discussion, one in another."""
    first = desk.say(SEVEN - 5 * HOUR, subject="QUESTION: How do you measure wait times?", file=b"%PDF-1.7")
    Thread.objects.filter(pk=first.thread_id).update(kind="question")
    quoted = "With a survey.\n\nOn Monday Ben Brooks wrote:\n> With\n> a\n> clock.\n"
    second = desk.say(SEVEN - 4 * HOUR, subject="Re: " + first.subject, text=quoted, answers=first, sender=ADA)
    third = desk.say(SEVEN - 3 * HOUR, subject="Größe der Wartezimmer", text="Zwölf Stühle.\n" + "-" * 30 + "\nEnde\n")
    return first, second, third


def the_digest(desk, cop, ada, form=DigestForm.HTML):
    reads(ada, cop, digest_form=form)
    (copy,) = desk.strike(SEVEN)
    return copy


def page_of(copy):
    return copy.mail.get_body(("html",)).get_content()


def links(page):
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page)]


def test_it_comes_from_the_list_with_everything_that_marks_list_mail(desk, cop, ada, talk):
    mail = the_digest(desk, cop, ada).mail
    assert mail["From"].addresses[0].addr_spec == "cx-cop-request@lists.example.gov"
    assert mail["From"].addresses[0].display_name == "CX-COP Digest"
    assert mail["To"] == mail["Reply-To"] == "cx-cop@lists.example.gov"
    assert cop.list_id in mail["List-Id"]
    assert mail["Precedence"] == "list"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Archived-At"] is None
    assert "ben@epa.gov" not in str(mail)


def test_leaving_takes_one_click_and_is_for_this_reader_alone(desk, cop, ada, talk):
    mail = the_digest(desk, cop, ada).mail
    member = Membership.objects.get(person=ada, community=cop)
    link = re.match(r"<(http://testserver(/[^>]*))>", mail["List-Unsubscribe"])
    assert tokens.sign("communities.membership", member.pk) in link[1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Membership.objects.filter(pk=member.pk).update(role="member")
    Client().post(link[2], {"List-Unsubscribe": "One-Click"})
    member.refresh_from_db()
    assert member.state == State.LEFT


def test_the_subject_names_volume_issue_and_what_was_talked_about_most(desk, cop, ada, talk):
    subject = the_digest(desk, cop, ada).mail["Subject"]
    assert subject == "CX-COP Digest, Vol 1, Issue 1: How do you measure wait times? (and 1 more)"
    desk.say(SEVEN + HOUR, subject="Next")
    (copy,) = desk.strike(SEVEN + 24 * HOUR)
    assert copy.mail["Subject"] == "CX-COP Digest, Vol 1, Issue 2: Next"


def test_the_volume_is_the_year_of_the_list(desk, cop, ada, talk):
    cop.founded_date = datetime(2015, 5, 1).date()
    cop.save()
    assert "Vol 12, Issue 1" in the_digest(desk, cop, ada).mail["Subject"]
    assert DigestIssue.objects.get().volume == 12


def test_the_formatted_form_has_a_plain_part_headings_in_order_and_a_language(desk, cop, ada, talk):
    copy = the_digest(desk, cop, ada)
    assert copy.mail.get_content_type() == "multipart/alternative"
    page = page_of(copy)
    assert '<html lang="en"' in page
    assert [int(level) for level in re.findall(r"<h(\d)", page)] == [1, 2, 2, 3, 3, 2, 3]
    assert "<strong>Question:</strong>" in page
    assert page.count("Ben Brooks (EPA)") == 4
    assert "Zwölf Stühle." in page


def test_headings_of_a_post_stand_below_those_of_the_digest(desk, cop, ada):
    desk.say(SEVEN - HOUR, page="<h1>Loud</h1><p>Quiet</p><script>x()</script>")
    page = page_of(the_digest(desk, cop, ada))
    assert "x()" not in page
    assert "<h1>Loud" not in page and "Loud" in page


def test_quotations_are_left_out_and_own_words_between_them_are_not(desk, cop, ada):
    page = (
        "<p>Before</p><blockquote>one</blockquote><p>Between</p>"
        "<p>On Mon Ben wrote:</p><blockquote>two <blockquote>deep</blockquote></blockquote>"
    )
    desk.say(SEVEN - HOUR, page=page)
    shown = page_of(the_digest(desk, cop, ada))
    assert "Before" in shown and "one" in shown and "Between" in shown
    assert "two" not in shown and "wrote" not in shown


def test_each_message_can_be_answered_to_its_author_and_to_the_list(desk, cop, ada, talk):
    page = page_of(the_digest(desk, cop, ada))
    mailtos = [urlsplit(link) for link in links(page) if link.startswith("mailto:") and "?" in link]
    alias = alias_address(Alias.objects.get(person__email="ben@epa.gov"))
    assert [link.path for link in mailtos[:2]] == [alias, "cx-cop@lists.example.gov"]
    asked = parse_qs(mailtos[3].query)
    assert asked == {
        "subject": ["Re: QUESTION: How do you measure wait times?"],
        "In-Reply-To": [f"<{talk[1].message_id}>"],
    }
    assert f"http://testserver{talk[0].get_absolute_url()}" in links(page)
    assert "Reply to Ben Brooks" in page


def test_files_are_links(desk, cop, ada, talk):
    copy = the_digest(desk, cop, ada)
    href = f"http://testserver{talk[0].thread.get_absolute_url()}messages/{talk[0].pk}/files/1/"
    assert href in links(page_of(copy)) and href in copy.words
    assert b"%PDF" not in copy.raw
    assert "plan.pdf" in copy.words


def test_the_plain_form_is_one_text_that_comes_apart_as_rfc_1153_says(desk, cop, ada, talk):
    copy = the_digest(desk, cop, ada, DigestForm.PLAIN)
    assert copy.mail.get_content_type() == "text/plain"
    text = copy.mail.get_content().replace("\r\n", "\n")
    preamble, rest = text.split("\n\n" + "-" * 70 + "\n\n")
    *messages, end = rest.split("\n\n" + "-" * 30 + "\n\n")
    assert preamble.startswith("CX-COP Digest    Wed, 4 Nov 2026    Volume 1 : Issue 1\n")
    assert "[Question] How do you measure wait times?" in preamble
    assert "2. Ada Alvarez (GSA)" in preamble
    last = "End of CX-COP Digest, Vol 1, Issue 1"
    assert end == f"{last}\n{'*' * len(last)}\n"
    inner = [email.message_from_string(message, policy=default) for message in messages]
    assert [one["Message-ID"] for one in inner] == [f"<{message.message_id}>" for message in talk]
    assert "via CX-COP" in inner[0]["From"]
    assert inner[2]["Subject"] == "Größe der Wartezimmer"
    assert "\n " + "-" * 30 + "\n" in inner[2].get_payload()
    assert "> With" not in inner[1].get_payload()


def test_the_mime_form_holds_whole_messages(desk, cop, ada, talk):
    copy = the_digest(desk, cop, ada, DigestForm.MIME)
    assert copy.mail.get_content_type() == "multipart/mixed"
    contents, messages = copy.mail.iter_parts()
    assert contents.get_content_type() == "text/plain"
    assert "How do you measure wait times?" in contents.get_content()
    assert messages.get_content_type() == "multipart/digest"
    inner = [part.get_content() for part in messages.iter_parts()]
    assert all(part.get_content_type() == "message/rfc822" for part in messages.iter_parts())
    assert [one["Message-ID"] for one in inner] == [f"<{message.message_id}>" for message in talk]
    assert inner[0]["From"].addresses[0].addr_spec == alias_address(Alias.objects.get(person__email="ben@epa.gov"))
    assert inner[0]["To"] == "cx-cop@lists.example.gov"
    assert inner[1]["In-Reply-To"] == f"<{talk[0].message_id}>"
    assert inner[2]["Subject"] == "Größe der Wartezimmer"
    assert inner[2]["Date"].datetime == talk[2].sent_at
    assert "Zwölf Stühle." in inner[2].get_body(("plain",)).get_content()
    assert not {"Received", "List-Id", "DKIM-Signature", "Return-Path", "Cc"} & set(inner[0].keys())


def test_a_signed_message_is_in_the_mime_form_byte_for_byte(desk, cop, ada, ben, send):
    reads(ada, cop, digest_form=DigestForm.MIME)
    send("signed")
    Mailing.objects.filter(pk=Message.objects.get().mailing_id).update(created_at=SEVEN - HOUR)
    (copy,) = desk.strike(SEVEN)
    (part,) = list(copy.mail.iter_parts())[1].iter_parts()
    inner = part.get_content()
    assert inner.get_content_type() == "multipart/signed"
    raw = copy.raw.replace(b"\r\n", b"\n")
    body = (LETTERS / "signed.eml").read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    assert body.strip() in raw
    assert "cx-cop" in inner["From"] and "ben@epa.gov" not in str(inner["From"])


def test_the_index_has_subjects_authors_and_links_only(desk, cop, ada, talk):
    copy = the_digest(desk, cop, ada, DigestForm.INDEX)
    assert "How do you measure wait times?" in copy.words and "Ada Alvarez (GSA)" in copy.words
    assert "With a" not in copy.words and "With a" not in page_of(copy)
    assert f"http://testserver{talk[1].get_absolute_url()}" in copy.words
    assert f"http://testserver{talk[1].get_absolute_url()}" in links(page_of(copy))


def test_a_long_message_is_cut_with_a_link_to_the_rest(desk, cop, ada):
    message = desk.say(SEVEN - HOUR, text="word " * 4000 + "the end\n")
    copy = the_digest(desk, cop, ada)
    assert "the end" not in copy.words and "the end" not in page_of(copy)
    assert "The rest of this long message is on the web" in copy.words
    assert "Read the rest of this long message" in page_of(copy)
    assert f"http://testserver{message.get_absolute_url()}" in links(page_of(copy))


@pytest.mark.parametrize("form", DigestForm.values)
def test_a_busy_day_comes_in_parts_that_no_gateway_refuses(desk, cop, ada, form):
    for n in range(30):
        desk.say(SEVEN - 5 * HOUR + n * timedelta(minutes=1), subject=f"Topic {n}.", text=f"{n} " + "word " * 1000)
    reads(ada, cop, digest_form=form)
    copies = desk.strike(SEVEN)
    if form == DigestForm.INDEX:
        assert len(copies) == 1
    else:
        assert len(copies) == 3
        assert ", part 1 of 3: " in copies[0].mail["Subject"]
    assert max(len(copy.raw) for copy in copies) < 200_000
    told = "".join(unquote(copy.raw.decode("latin-1")) for copy in copies)
    assert all(f"Topic {n}." in told for n in range(30))
    assert DigestIssue.objects.count() == 1


def test_after_a_flood_the_oldest_are_counted_and_left_to_the_archive(desk, cop, ada, monkeypatch):
    monkeypatch.setattr("junto.discussions.queries.digests.MOST_MESSAGES", 2)
    for n in range(5):
        desk.say(SEVEN - 5 * HOUR + n * timedelta(minutes=1), subject=f"Topic {n}.")
    copy = the_digest(desk, cop, ada)
    assert "Topic 2." not in copy.words and "Topic 3." in copy.words
    assert "3 older messages are in the archive only" in copy.words
    assert "3 older messages are in the archive only" in page_of(copy)


def test_who_wrote_what_cannot_break_out_of_the_page(desk, cop, ada, ben):
    ben.name = 'Ben <script>"x'
    ben.save()
    desk.say(SEVEN - HOUR, subject='<img src=x onerror="x()">', text="</div><script>x()</script>")
    page = page_of(the_digest(desk, cop, ada))
    assert "<script" not in page and "<img" not in page


def test_answering_by_the_links_reaches_the_author_alone_or_the_discussion(desk, cop, ada, ben, carried, talk):
    page = page_of(the_digest(desk, cop, ada))
    to_author, to_list = (
        dict(parse_qs(link.query), to=link.path)
        for link in [urlsplit(link) for link in links(page) if link.startswith("mailto:") and "?" in link][:2]
    )

    def answer(chosen, text):
        raw = (
            f"From: {ADA}\nTo: {chosen['to']}\nSubject: {chosen['subject'][0]}\nMessage-ID: <{text}@gsa.gov>\n"
            f"In-Reply-To: {chosen['In-Reply-To'][0]}\nDate: Wed, 4 Nov 2026 09:15:00 -0500\n\n{text}\n"
        )
        return Arrived(raw.encode(), sender="ada@gsa.gov", recipient=chosen["to"])

    inbound.reply_to_alias(answer(to_author, "privately"), token=to_author["to"].split("@")[0].split(".")[-1])
    (private,) = carried("private_reply")
    assert private.recipient == "ben@epa.gov"
    assert "ada@gsa.gov" not in private.raw.decode()
    inbound.post(answer(to_list, "openly"), name="cx-cop")
    assert Message.objects.get(message_id="openly@gsa.gov").thread == talk[0].thread
