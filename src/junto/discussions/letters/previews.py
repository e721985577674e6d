"""Every letter of this room with the cast, for /dev/letters/."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from junto.communities.models import Community, DigestForm, Membership
from junto.discussions.letters.digests import digest
from junto.discussions.letters.list_mail import post, private_reply
from junto.discussions.letters.notices import (
    accepted,
    held_for_author,
    held_for_moderators,
    please_confirm,
    redirected_command,
    redirected_digest_reply,
    rejected,
)
from junto.discussions.models import Alias, HeldPost, Message, PostType, Thread
from junto.discussions.queries import Issue, IssueThread, Item
from junto.discussions.rules import Post
from junto.mail.letter import Letter
from junto.mail.reading import ParsedMail
from junto.people.models import Agency, Person


def _sample_community() -> Community:
    return Community(
        pk=1,
        slug="customer-experience",
        name="Customer Experience",
        short_name="CX-COP",
        list_name="cx-cop",
        list_id=f"cx-cop.{settings.LIST_DOMAIN}",
    )


def _sample_person(pk: int, name: str, agency: str) -> Person:
    label = Agency(pk=pk, name=agency, short_name=agency, level="federal_executive")
    return Person(pk=pk, email=f"{name.split()[0].lower()}@{agency.lower()}.gov", name=name, agency=label)


def _sample_mail() -> ParsedMail:
    return ParsedMail(
        message_id="sample@epa.gov",
        from_name="Ben Brooks",
        from_address="ben@epa.gov",
        subject="QUESTION: How do you measure wait times?",
        text="Hello everyone,\n\nhow do you measure wait times at the counter?\n\nBen",
        html="<p>Hello everyone,</p><p>how do you measure wait times at the counter?</p><p>Ben</p>",
    )


def _sample_message() -> Message:
    community, ben, mail = _sample_community(), _sample_person(2, "Ben Brooks", "EPA"), _sample_mail()
    now = timezone.now()
    thread = Thread(pk=1, community=community, number=12, subject=mail.subject, started_at=now, last_at=now)
    return Message(
        pk=99,
        community=community,
        thread=thread,
        author=ben,
        author_name=ben.name,
        author_agency="EPA",
        message_id=mail.message_id,
        subject=mail.subject,
        sent_at=now,
        html=mail.html,
    )


def _sample_alias(pk: int, name: str, agency: str) -> Alias:
    return Alias(pk=pk, community=_sample_community(), person=_sample_person(pk, name, agency))


def sample_held(reason: str) -> HeldPost:
    mail = _sample_mail()
    return HeldPost(
        pk=1,
        community=_sample_community(),
        author=_sample_person(2, "Ben Brooks", "EPA"),
        email=mail.from_address,
        name=mail.from_name,
        subject=mail.subject,
        excerpt=mail.text,
        reason=reason,
    )


def _sample_command() -> Letter:
    mail = _sample_mail()
    mail.text = "Please unsubscribe me"
    membership = Membership(pk=2, state="active")
    return redirected_command(
        Post(_sample_community(), mail, "", 0, "", timezone.now(), is_proven=True, membership=membership)
    )


def _sample_digest_reply() -> Letter:
    mail = _sample_mail()
    mail.subject, mail.text = "Re: CX-COP Digest, Vol 3, Issue 12", "We do it with a clock.\n"
    return redirected_digest_reply(Post(_sample_community(), mail, "", 0, "", timezone.now(), is_proven=True))


def _sample_post() -> Letter:
    letter = post(_sample_message(), mail=_sample_mail(), raw=b"", alias=_sample_alias(2, "Ben Brooks", "EPA"))
    assert isinstance(letter, Letter)
    return letter


def _sample_issue() -> Issue:
    question = _sample_message()
    ada = _sample_person(1, "Ada Alvarez", "GSA")
    answer = Message(
        pk=100,
        community=question.community,
        thread=question.thread,
        author=ada,
        author_name=ada.name,
        author_agency="GSA",
        message_id="sample@gsa.gov",
        subject="Re: QUESTION: How do you measure wait times?",
        sent_at=question.sent_at,
        text="With a clock by the door, and a short survey.\n\nAda\n\nOn Monday Ben Brooks wrote:\n> Hello everyone,\n>\n> how?\n",
    )
    question.text = _sample_mail().text
    question.thread.kind = PostType.QUESTION
    items = tuple(
        Item(place, message, f"cx-cop.reply.{place}-sample@{settings.LIST_DOMAIN}", message.get_absolute_url(), ())
        for place, message in enumerate([question, answer], start=1)
    )
    thread = IssueThread(question.thread, question.thread.get_absolute_url(), items)
    return Issue(question.community, 3, 12, timezone.now(), (thread,))


PREVIEWS: dict[str, Callable[[], Letter]] = {
    "post": _sample_post,
    "private_reply": lambda: private_reply(
        _sample_mail(), alias=_sample_alias(1, "Ada Alvarez", "GSA"), sender=_sample_alias(2, "Ben Brooks", "EPA")
    ),
    "please_confirm": lambda: please_confirm(sample_held("")),
    "held_for_author": lambda: held_for_author(sample_held("Moderators read the first post of each new member.")),
    "held_for_moderators": lambda: held_for_moderators(
        sample_held("Moderators read the first post of each new member.")
    ),
    "accepted": lambda: accepted(sample_held(""), _sample_message()),
    "rejected": lambda: rejected(
        community=_sample_community(),
        subject="A question from outside",
        reason="Only members can post to this list, and the address you wrote from is not a member’s.",
        may_join=True,
    ),
    "redirected_command": _sample_command,
    "redirected_digest_reply": _sample_digest_reply,
    "digest": lambda: digest(_sample_issue(), form=DigestForm.HTML)[0],
    "digest_index": lambda: digest(_sample_issue(), form=DigestForm.INDEX)[0],
}
