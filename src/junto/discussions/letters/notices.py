"""What authors and moderators are told about a post."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from junto.communities.models import Community, Membership
from junto.discussions import queries, rules
from junto.discussions.letters.wording import MEMBERSHIP, absolute, one_line
from junto.discussions.models import HeldPost, Message
from junto.discussions.rules import Post
from junto.kit import tokens
from junto.mail.letter import Letter
from junto.ui.letters import render


def please_confirm(held: HeldPost) -> Letter:
    """“Was this you?”: to the owner of the address that an unproven post came from."""
    link = absolute(reverse("signed:confirm-post", args=[tokens.sign(queries.CONFIRM, held.pk)]))
    return _letter("please_confirm", _about(held) | {"link": link}, held.community)


def held_for_author(held: HeldPost) -> Letter:
    """Your post waits for a moderator."""
    return _letter("held_for_author", _about(held), held.community, automatic="auto-replied")


def held_for_moderators(held: HeldPost) -> Letter:
    """A post waits for you."""
    page = reverse("discussions:held", args=[held.community.slug])
    return _letter("held_for_moderators", _about(held) | {"link": absolute(f"{page}#held-{held.pk}")}, held.community)


def accepted(held: HeldPost, message: Message) -> Letter:
    """Your post was accepted, and is on its way."""
    link = absolute(message.get_absolute_url())
    return _letter("accepted", _about(held) | {"link": link}, held.community)


def receipt(message: Message, membership: Membership, *, reach: int) -> Letter:
    """Your post went to so many people: to an author who asked for receipts."""
    token = tokens.sign(MEMBERSHIP, membership.pk)
    context = {
        "community": message.community,
        "list": message.community.list_label,
        "subject": message.subject or "(no subject)",
        "people": "1 person" if reach == 1 else f"{reach:,} people",
        "link": absolute(message.get_absolute_url()),
        "settings": absolute(reverse("signed:delivery", args=[token])),
    }
    letter = _letter("receipt", context, message.community, automatic="auto-replied")
    return replace(letter, in_reply_to=message.message_id, references=(message.message_id,))


def rejected(*, community: Community, subject: str, reason: str, may_join: bool) -> Letter:
    """Your post did not go to the list, for this reason; where joining would help, how to join."""
    context = {
        "community": community,
        "list": community.list_label,
        "subject": subject,
        "reason": reason,
        "join": absolute(reverse("communities:join", args=[community.slug])) if may_join else "",
        "join_address": f"{community.list_name}-subscribe-request@{settings.LIST_DOMAIN}",
    }
    return _letter("rejected", context, community, automatic="auto-replied")


def redirected_command(post: Post) -> Letter:
    """A command that was sent to the whole list: here is the button."""
    community, membership = post.community, post.membership
    if membership is not None and membership.is_active():
        link = reverse("signed:delivery", args=[tokens.sign(MEMBERSHIP, membership.pk)])
    else:
        link = reverse("communities:front", args=[community.slug])
    context = {
        "community": community,
        "list": community.list_label,
        "is_member": post.is_from_a_member,
        "link": absolute(link),
        "words": rules.own_words(post.mail.text)[:80] or post.mail.subject[:80],
    }
    return _letter("redirected_command", context, community, automatic="auto-replied")


def _letter(name: str, context: dict[str, object], community: Community, automatic: str = "auto-generated") -> Letter:
    rendered = render(f"discussions.{name}", context)
    return Letter(
        kind=f"discussions.{name}",
        subject=one_line(rendered.subject),
        text=rendered.text,
        html=rendered.html,
        sender_name=community.list_label,
        sender=f"{community.list_name}-request@{settings.LIST_DOMAIN}",
        automatic=automatic,
    )


def _about(held: HeldPost) -> dict[str, object]:
    agency = held.author.agency_label if held.author else ""
    return {
        "community": held.community,
        "list": held.community.list_label,
        "subject": held.subject or "(no subject)",
        "name": held.name or held.email,
        "email": held.email,
        "agency": agency,
        "excerpt": held.excerpt,
        "reason": held.reason,
        "is_private": held.alias_id is not None,
    }
