"""Every letter of this room with the cast, for /dev/letters/."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from junto.communities.models import Community, DigestForm, Membership
from junto.discussions.letters.digests import digest
from junto.discussions.letters.forwarding import question_for_you
from junto.discussions.letters.list_mail import post, private_reply
from junto.discussions.letters.notices import (
    about_your_reply,
    accepted,
    decided_by_another,
    did_you_get_an_answer,
    held_for_author,
    held_for_moderators,
    moved,
    please_confirm,
    receipt,
    redirected_command,
    redirected_digest_reply,
    rejected,
)
from junto.discussions.letters.protecting import goes_to_many, hints, storm, think_again, waits
from junto.discussions.models import Alias, HeldNotice, HeldPost, Message, PostType, Thread
from junto.discussions.queries import Contents, Issue, IssueThread, Item
from junto.discussions.rules import Advice, Post, Severity
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


def _sample_thread() -> Thread:
    thread = _sample_message().thread
    thread.message_count = 5
    return thread


def _sample_alias(pk: int, name: str, agency: str) -> Alias:
    return Alias(pk=pk, community=_sample_community(), person=_sample_person(pk, name, agency))


def sample_held(reason: str, outcome: str = "") -> HeldPost:
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
        outcome=outcome,
    )


def _sample_notice() -> Letter:
    held = sample_held("Moderators read the first post of each new member.")
    contents = Contents(held.excerpt, "", (("numbers.pdf", "application/pdf", "340 kB"),))
    membership = Membership(pk=1, state="active", person=_sample_person(1, "Ada Alvarez", "GSA"))
    return held_for_moderators(HeldNotice(pk=1, held=held, membership=membership), contents)


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


def sample_waiting(rule: str, reason: str) -> HeldPost:
    held = sample_held(reason)
    held.rule, held.waits_for = rule, HeldPost.For.CLOCK
    held.release_at = timezone.now()
    return held


def _sample_parsed(reply: Message | None = None) -> Post:
    member = Membership(pk=2, state="active", community=_sample_community())
    ben = _sample_person(2, "Ben Brooks", "EPA")
    return Post(
        _sample_community(),
        _sample_mail(),
        "",
        0,
        "",
        timezone.now(),
        is_proven=True,
        author=ben,
        membership=member,
        parent=reply,
    )


def _sample_storm() -> Letter:
    thread = _sample_message().thread
    thread.braked_until = timezone.now()
    return storm(thread)


_SAMPLE_HINTS = (
    Advice("alt_text", Severity.MILD, "It has 2 images without alternative text."),
    Advice("reading", Severity.MILD, "It reads at grade 15. Shorter sentences reach more people."),
)
PREVIEWS: dict[str, Callable[[], Letter]] = {
    "post": _sample_post,
    "private_reply": lambda: private_reply(
        _sample_mail(), alias=_sample_alias(1, "Ada Alvarez", "GSA"), sender=_sample_alias(2, "Ben Brooks", "EPA")
    ),
    "please_confirm": lambda: please_confirm(sample_held("")),
    "held_for_author": lambda: held_for_author(sample_held("Moderators read the first post of each new member.")),
    "held_for_moderators": _sample_notice,
    "decided_by_another": lambda: decided_by_another(
        [sample_held("", outcome="accepted")], by=_sample_person(1, "Ada Alvarez", "GSA")
    ),
    "did_you_get_an_answer": lambda: did_you_get_an_answer(
        _sample_thread(), Membership(pk=2, state="active", person=_sample_person(2, "Ben Brooks", "EPA"))
    ),
    "moved": lambda: moved(
        _sample_thread(),
        Community(pk=2, slug="web-managers", name="Web Managers", list_name="web-managers"),
        Membership(pk=2, state="active", person=_sample_person(2, "Ben Brooks", "EPA")),
        belongs=True,
    ),
    "about_your_reply": lambda: about_your_reply(sample_held(""), ["The post is accepted, and is on its way."]),
    "accepted": lambda: accepted(sample_held(""), _sample_message()),
    "question_for_you": lambda: question_for_you(
        Thread(
            community=_sample_community(), number=12, subject="How do you measure wait times?", author_name="Ben Brooks"
        ),
        Membership(pk=3, community=_sample_community(), person=_sample_person(3, "Cleo Chen", "EPA")),
        note="You did this at the visitor center, I think.",
        by=_sample_person(1, "Ada Alvarez", "GSA"),
    ),
    "receipt": lambda: receipt(
        _sample_message(),
        Membership(pk=2, community=_sample_community(), person=_sample_person(2, "Ben Brooks", "EPA")),
        reach=2_447,
    ),
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
    "goes_to_many": lambda: goes_to_many(
        sample_waiting("says_little_to_many", "It is very short, and goes to 2,447 people."), _sample_parsed()
    ),
    "think_again": lambda: think_again(sample_waiting("may_do_harm", ""), _SAMPLE_HINTS),
    "waits": lambda: waits(sample_waiting("list_is_quiet", "This list is quiet at this hour.")),
    "hints": lambda: hints(_sample_parsed(), _SAMPLE_HINTS),
    "storm": _sample_storm,
}
