"""Letters that protect everyone: second thoughts, waiting posts, hints for an author, a storm for the managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext

from junto.communities.models import Community
from junto.discussions import queries, rules
from junto.discussions.letters.notices import NAMELESS, about_post, letter_of
from junto.discussions.letters.wording import absolute
from junto.discussions.models import HeldPost, Thread
from junto.discussions.rules import Advice, Post
from junto.kit import tokens
from junto.mail.letter import Letter
from junto.people.models import Person


def goes_to_many(held: HeldPost, post: Post) -> Letter:
    """“This goes to 2,447 people. Send it?”: to the author of a very short reply. An answer by mail does as well."""
    readers = rules.readers_of(held.community)
    return _asking("goes_to_many", held, {"readers": f"{readers:,}", "answers": queries.addressee_of(post)})


def think_again(held: HeldPost, found: Sequence[Advice]) -> Letter:
    """“Your post goes out in ten minutes”: to an author whose post holds what could hurt somebody."""
    minutes = int(rules.AUTHOR_CAN_STOP_IT_FOR.total_seconds() // 60)
    return _asking("think_again", held, {"hints": found, "minutes": minutes})


def waits(held: HeldPost) -> Letter:
    """Your post came in, and goes out at a later hour."""
    return _asking("waits", held, {"when": _moment_later(held)})


def hints(post: Post, found: Sequence[Advice]) -> Letter:
    """Your post went out; here is what could be better the next time."""
    assert post.membership is not None
    link = absolute(reverse("signed:hints", args=[tokens.sign(queries.HINTS, post.membership.pk)]))
    context = {
        "community": post.community,
        "list": post.community.list_label,
        "name": post.author.display_name if post.author else post.email,
        "subject": post.mail.subject or NAMELESS,
        "hints": found,
        "link": link,
    }
    return letter_of("hints", context, post.community, to=post.author, automatic="auto-replied")


def storm(thread: Thread, *, to: Person | None = None) -> Letter:
    """A discussion explodes: further replies wait, and you can lift the brake or close the discussion."""
    community = thread.community
    context = {
        "community": community,
        "list": community.list_label,
        "subject": thread.subject,
        "until": _in_words_later(thread.braked_until, community) if thread.braked_until else "",
        "link": absolute(f"{thread.get_absolute_url()}#brake"),
        "held": absolute(reverse("discussions:held", args=[community.slug])),
    }
    return letter_of("storm", context, community, to=to)


def moment(held: HeldPost) -> str:
    """When a post that waits for the clock goes on, on the clock of its community."""
    return _in_words(held.release_at or timezone.now(), held.community)


def _asking(name: str, held: HeldPost, more: dict[str, object]) -> Letter:
    token = tokens.sign(queries.SEND, held.pk)
    link = absolute(reverse("signed:send-post", args=[token]))
    letter = letter_of(
        name, about_post(held) | {"link": link} | more, held.community, to=held.author, automatic="auto-replied"
    )
    reply_to = f"{held.community.list_name}-send+{token}@{settings.LIST_DOMAIN}"
    return replace(letter, reply_to=reply_to)


def _in_words(when: datetime, community: Community) -> str:
    try:
        zone = ZoneInfo(community.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(settings.TIME_ZONE)
    local = when.astimezone(zone)
    words = date_format(local, gettext("l, F j, g:i A"))
    return f"{words} {local.tzname()}"


_moment_later = lazy(moment, str)
_in_words_later = lazy(_in_words, str)
