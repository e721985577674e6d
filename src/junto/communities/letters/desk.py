"""Letters that managers send from their desk: to many members at once, or a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.utils import formataddr
from typing import Any

from django.conf import settings

from junto.communities.letters.membership import _first_words, _letter, _page, _sample, invitation
from junto.communities.models import Announcement, Community, Invitation
from junto.communities.queries import MEMBERSHIP_SCOPE, language_at
from junto.kit import markdown
from junto.mail.letter import Letter, slots
from junto.people.models import Person


def announcement(announcement: Announcement) -> Letter:
    """To every member. Its headers stop announcements with one click (RFC 8058), and nothing else of the list."""
    community = announcement.community
    stop = _signed("announcements")
    context = {
        "community": community,
        "title": announcement.subject,
        "words": announcement.body,
        "words_html": markdown.render(announcement.body),
        "by": announcement.by,
        "front": settings.SITE_URL + community.get_absolute_url(),
        "stop": stop,
        "leave": _signed("unsubscribe"),
    }
    headers = (
        ("List-Id", formataddr((" ".join(community.name.split()), community.list_id))),
        ("List-Unsubscribe", f"<{stop}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Owner", f"<mailto:{community.command_address('request')}>"),
        ("Precedence", "list"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    )
    return replace(_letter("announcement", community, context), scope=MEMBERSHIP_SCOPE, headers=headers)


def welcome_again(community: Community) -> Letter:
    """The letter of welcome to many members at once: no name in it, and links of each reader's own."""
    context = {
        "community": community,
        **_first_words(community, ""),
        "front": settings.SITE_URL + community.get_absolute_url(),
        "delivery": _signed("delivery"),
        "leave": _signed("unsubscribe"),
        "leave_address": community.command_address("signoff-request"),
    }
    return replace(_letter("welcome", community, context), scope=MEMBERSHIP_SCOPE)


def removed_with_others(community: Community, *, reason: str) -> Letter:
    """To members whose memberships a manager ended together, with the reason."""
    return _letter("removed", community, {"community": community, "reason": reason})


def restored(community: Community) -> Letter:
    """To members whose removal was undone: they belong as before."""
    context: dict[str, Any] = {"community": community, "front": settings.SITE_URL + community.get_absolute_url()}
    return _letter("restored", community, context)


def invitation_again(again: Invitation) -> Letter:
    """The one reminder that an invitation still stands."""
    first, community = invitation(again), again.community
    context = {
        "community": community,
        "inviter": again.invited_by,
        "invited_at": again.invited_at,
        "join": _page("communities:join", community.slug),
        "join_address": community.command_address("subscribe-request"),
    }
    letter = _letter("invitation_again", community, context, language=language_at(again.email))
    return replace(letter, reply_to=first.reply_to)


def _signed(name: str) -> str:
    """The address of a signed page; the engine puts each reader's own token in."""
    return _page(f"signed:{name}", "TOKEN").replace("TOKEN", slots.REF)


def _sample_announcement() -> Announcement:
    ada = Person(pk=1, email="ada@gsa.gov", name="Ada Alvarez")
    body = "The **annual meeting** is on May 4.\n\n- Registration opens on Monday.\n- It is free."
    return Announcement(pk=1, community=_sample().community, subject="Save the day: May 4", body=body, by=ada)


def _sample_invitation() -> Invitation:
    ada = Person(pk=1, email="ada@gsa.gov", name="Ada Alvarez")
    return Invitation(community=_sample().community, email="cleo@epa.gov", invited_by=ada)


PREVIEWS: dict[str, Callable[[], Letter]] = {
    "announcement": lambda: announcement(_sample_announcement()),
    "restored": lambda: restored(_sample().community),
    "invitation_again": lambda: invitation_again(_sample_invitation()),
}
