"""Letters about one membership, one request or one notice, one function each, and a preview of each with the cast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.communities.models import (
    Community,
    ConductCase,
    Confirmation,
    Delivery,
    Invitation,
    Membership,
    Notice,
    Step,
)
from junto.communities.queries import CONFIRMATION_SCOPE, DELIVERY_WORDS, in_language, language_at, membership_token
from junto.communities.rules import NOTICE_COUNTS_FOR, STANDARD_WORDS, in_words, welcome_words
from junto.kit import markdown, tokens
from junto.mail.letter import Enclosure, Letter
from junto.people.models import Address, Person
from junto.ui import letters as ui


@dataclass(frozen=True, slots=True)
class Answered:
    """The letter that a letter answers (RFC 5322 section 3.6.4)."""

    message_id: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What came of one command: as it was written, sentences for the reader, and links with what each is for.

    `letter` says the same by itself, better, and is sent where nothing else is to be told; `is_told` means that a
    letter of its own is on its way already.
    """

    asked: str
    sentences: list[str]
    links: list[tuple[str, str]] = field(default_factory=list)
    confirmation: Confirmation | None = None
    letter: Letter | None = None
    is_told: bool = False


def welcome(membership: Membership) -> Letter:
    """To a new member: how to post, how to change delivery, how to leave, and the guidelines."""
    person = membership.person
    context = {**_member(membership), **_first_words(membership.community, person.display_name, person.language)}
    return _letter("welcome", membership.community, context, language=membership.person.language)


def waiting(membership: Membership) -> Letter:
    """To an applicant whom no register knows: a manager decides."""
    return _letter("waiting", membership.community, _member(membership), language=membership.person.language)


def somebody_waits(membership: Membership, *, language: str = "") -> Letter:
    """To a manager, in their language: somebody waits, why, and where to decide."""
    context = _member(membership) | {"desk": _page("communities:manage", membership.community.slug)}
    letter = _letter("somebody_waits", membership.community, context, language=language)
    return replace(letter, reply_to=membership.address.email)


def declined(membership: Membership) -> Letter:
    """To an applicant whom a manager declined, with the manager's note."""
    return _letter("declined", membership.community, _member(membership), language=membership.person.language)


def removed(membership: Membership, *, reason: str) -> Letter:
    """To somebody whose membership a manager ended, with the reason."""
    return _letter(
        "removed", membership.community, _member(membership) | {"reason": reason}, language=membership.person.language
    )


def conduct(case: ConductCase, membership: Membership) -> Letter:
    """To a member about their conduct: what happened, what follows from it, and how to appeal. A reply goes to the managers."""
    with in_language(membership.person.language):
        until = in_words(timezone.localdate(case.expires_at)) if case.expires_at else ""
    context = _member(membership) | {
        "case": case,
        "until": until,
        "step": Step(case.step).label,
        "is_removal": case.step == Step.REMOVAL,
        "appeal": case.community.command_address("request"),
    }
    return _letter("conduct", membership.community, context, language=membership.person.language)


def left(membership: Membership) -> Letter:
    """To somebody who left: it is done, and the way back."""
    context = _member(membership) | {
        "join": _page("communities:join", membership.community.slug),
        "join_address": membership.community.command_address("subscribe-request"),
    }
    return _letter("left", membership.community, context, language=membership.person.language)


def kept_as_manager(membership: Membership) -> Letter:
    """To the only manager who pressed "unsubscribe" in a mail program: mail has stopped, the role stays."""
    return _letter("kept_as_manager", membership.community, _member(membership), language=membership.person.language)


def appointed(membership: Membership) -> Letter:
    """To a member whose role changed."""
    return _letter("appointed", membership.community, _member(membership), language=membership.person.language)


def invitation(invitation: Invitation) -> Letter:
    """To somebody whom a manager invites."""
    community = invitation.community
    context = {
        "community": community,
        "inviter": invitation.invited_by,
        "join": _page("communities:join", community.slug),
        "join_address": community.command_address("subscribe-request"),
    }
    return _letter("invitation", community, context, language=language_at(invitation.email))


def confirm(confirmation: Confirmation) -> Letter:
    """To the owner of an address in whose name somebody asked to join or leave: reply OK, or press the button."""
    name = "confirm_join" if confirmation.wish == Confirmation.Wish.JOIN else "confirm_leave"
    letter = _letter(
        name, confirmation.community, _confirmation(confirmation), language=language_at(confirmation.email)
    )
    return replace(letter, reply_to=confirm_address(confirmation))


def answer(
    sections: Sequence[Section],
    *,
    answers: Answered,
    misunderstood: str = "",
    suggestion: str = "",
    nothing_understood: bool = False,
    community: Community | None = None,
    language: str = "",
) -> Letter:
    """To whoever sent commands, in their language: what came of each, in one letter; or that none was found, and which
    there are."""
    confirmations = [one.confirmation for one in sections if one.confirmation]
    context: dict[str, Any] = {
        "sections": sections,
        "misunderstood": misunderstood,
        "suggestion": suggestion,
        "nothing_understood": nothing_understood and bool(misunderstood),
        "community": community,
        "confirmations": [_confirmation(one) for one in confirmations],
        "directory": _page("communities:directory"),
        "listserv": f"listserv@{settings.LIST_DOMAIN}",
    }
    letter = _letter("answer", community, context, language=language)
    if len(confirmations) == 1:
        letter = replace(letter, reply_to=confirm_address(confirmations[0]))
    return in_answer_to(letter, answers)


def forwarded(
    community: Community, *, sender: str, name: str, subject: str, text: str, enclosures: tuple[Enclosure, ...] = ()
) -> Letter:
    """To a manager: what somebody wrote to the managers. A reply goes to the writer."""
    context = {"community": community, "sender": sender, "name": name, "subject": subject, "words": text}
    letter = _letter("forwarded", community, context)
    return replace(letter, reply_to=sender, enclosures=enclosures)


def notice(notice: Notice, *, language: str = "") -> Letter:
    """To a manager, in their language: something happened that a manager ought to know, and where to settle it."""
    context = {"notice": notice, "community": notice.community, "advice": ADVICE[Notice.About(notice.kind)]}
    context["desk"] = _page("communities:manage", notice.community.slug) + "#notices"
    return _letter("notice", notice.community, context, language=language)


def unreachable(membership: Membership) -> Letter:
    """To a member whom no mail reached for weeks, at every address known: the membership has ended, and the way back."""
    return _letter(
        "unreachable",
        membership.community,
        _member(membership) | {"email": membership.address.email},
        language=membership.person.language,
    )


def to_staff(*, role: str, sender: str, subject: str, text: str) -> Letter:
    """To whoever runs the site: what somebody wrote to postmaster@ or abuse@. A reply goes to the writer."""
    letter = _letter("to_staff", None, {"role": role, "sender": sender, "subject": subject, "words": text})
    return replace(letter, reply_to=sender)


def in_answer_to(letter: Letter, answers: Answered) -> Letter:
    """The same letter as an automatic answer to another one (RFC 3834)."""
    return replace(
        letter,
        automatic="auto-replied",
        in_reply_to=answers.message_id,
        references=(*answers.references, answers.message_id) if answers.message_id else (),
    )


def confirm_address(confirmation: Confirmation) -> str:
    """Where a reply that says OK goes."""
    return confirmation.community.command_address(f"confirm+{tokens.sign(CONFIRMATION_SCOPE, confirmation.pk)}")


def _first_words(community: Community, name: str, language: str = "") -> dict[str, str]:
    """The welcome as text and as HTML."""
    with in_language(language):
        return {
            "words": welcome_words(community, name, is_plain=True),
            "words_html": markdown.render(welcome_words(community, name)),
        }


def _letter(name: str, community: Community | None, context: dict[str, Any], *, language: str = "") -> Letter:
    rendered = ui.render(f"communities.{name}", context, language=language)
    return Letter(
        kind=f"communities.{name}",
        subject=" ".join(rendered.subject.split()),
        text=rendered.text,
        html=rendered.html,
        sender_name=community.list_label if community else settings.SITE_NAME,
        reply_to=community.command_address("request") if community else f"listserv@{settings.LIST_DOMAIN}",
    )


def _member(membership: Membership) -> dict[str, Any]:
    token = membership_token(membership)
    community = membership.community
    return {
        "membership": membership,
        "community": community,
        "person": membership.person,
        "front": settings.SITE_URL + community.get_absolute_url(),
        "delivery": _page("signed:delivery", token),
        "delivery_words": DELIVERY_WORDS[Delivery(membership.delivery)],
        "leave": _page("signed:unsubscribe", token),
        "leave_address": community.command_address("signoff-request"),
    }


def _confirmation(confirmation: Confirmation) -> dict[str, Any]:
    token = tokens.sign(CONFIRMATION_SCOPE, confirmation.pk)
    return {
        "confirmation": confirmation,
        "community": confirmation.community,
        "is_join": confirmation.wish == Confirmation.Wish.JOIN,
        "token": token,
        "link": _page("signed:confirm", token),
        "confirm_address": confirm_address(confirmation),
    }


def _page(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _sample() -> Membership:
    community = Community(
        pk=1,
        slug="customer-experience",
        name="Customer Experience",
        short_name="CX-COP",
        list_name="cx-cop",
        summary="People who improve service.",
        guidelines="Be kind. What you write here is a federal record.",
    )
    ben = Person(pk=2, email="ben@epa.gov", name="Ben Brooks")
    address = Address(pk=2, person=ben, email=ben.email)
    return Membership(
        pk=2,
        community=community,
        person=ben,
        address=address,
        reason="This community is for government employees of all levels. A manager decides about your request.",
        decision_note="Please write again from your work address.",
    )


def _sample_conduct() -> Letter:
    membership = _sample()
    words = STANDARD_WORDS[Step.FIRST_NOTICE].replace("{community}", membership.community.name)
    case = ConductCase(
        pk=4,
        community=membership.community,
        person=membership.person,
        step=Step.FIRST_NOTICE,
        words=words,
        expires_at=timezone.now() + NOTICE_COUNTS_FOR,
    )
    return conduct(case, membership)


def _sample_confirmation(wish: str = Confirmation.Wish.JOIN) -> Confirmation:
    return Confirmation(pk=3, community=_sample().community, wish=wish, email="cleo@epa.gov", name="Cleo Chen")


def _sample_answer() -> Letter:
    sections = [
        Section("SET cx-cop NOMAIL", ["Done: from Customer Experience you now get no mail; you read on the web."]),
        Section("LISTS", ["cx-cop: Customer Experience"]),
    ]
    return answer(sections, answers=Answered("1@epa.gov"), misunderstood="Kind regards")


def _sample_invitation() -> Letter:
    ada = Person(pk=1, email="ada@gsa.gov", name="Ada Alvarez")
    return invitation(Invitation(community=_sample().community, email="cleo@epa.gov", invited_by=ada))


def _sample_notice() -> Notice:
    words = "550 5.7.26 This message does not pass DMARC and is blocked."
    return Notice(pk=1, community=_sample().community, kind=Notice.About.REFUSAL, words=words)


ADVICE = {
    Notice.About.REFUSAL: _(
        "No member is at fault, and none is removed for it. Ask whoever runs this site to look at it."
    ),
    Notice.About.COMPLAINT: _("The list’s mail to this member has stopped. They can switch it on again themselves."),
    Notice.About.UNREACHABLE: _("The membership has ended. If you know a new address of theirs, invite it."),
    Notice.About.STORM: _("Posts wait until it is calmer. You can let them go, or close the discussion."),
}
PREVIEWS: dict[str, Callable[[], Letter]] = {
    "welcome": lambda: welcome(_sample()),
    "waiting": lambda: waiting(_sample()),
    "somebody_waits": lambda: somebody_waits(_sample()),
    "declined": lambda: declined(_sample()),
    "removed": lambda: removed(_sample(), reason="Three posts sold a product, after two reminders."),
    "conduct": _sample_conduct,
    "left": lambda: left(_sample()),
    "kept_as_manager": lambda: kept_as_manager(_sample()),
    "appointed": lambda: appointed(_sample()),
    "invitation": _sample_invitation,
    "confirm_join": lambda: confirm(_sample_confirmation()),
    "confirm_leave": lambda: confirm(_sample_confirmation(Confirmation.Wish.LEAVE)),
    "notice": lambda: notice(_sample_notice()),
    "unreachable": lambda: unreachable(_sample()),
    "to_staff": lambda: to_staff(role="abuse", sender="eve@mail.example.com", subject="Spam", text="Your list…"),
    "answer": _sample_answer,
    "forwarded": lambda: forwarded(
        _sample().community,
        sender="eve@mail.example.com",
        name="Eve Ebert",
        subject="A question",
        text="May a vendor join?",
    ),
}
