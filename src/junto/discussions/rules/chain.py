"""The policy of the list: one table of (rule, verdict), asked from top to bottom."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext_noop as _

from junto.communities.models import Membership, Moderation
from junto.communities.rules import may_moderate
from junto.discussions.models import HeldPost, Message
from junto.discussions.rules.commands import asks_to_leave
from junto.discussions.rules.digests import is_a_reply_to_a_digest
from junto.discussions.rules.posts import Decision, Post, Rule, Verdict, list_address
from junto.discussions.rules.protecting import (
    author_is_in_slow_mode,
    list_is_quiet,
    may_do_harm,
    says_little_to_many,
    thread_is_braked,
)
from junto.discussions.rules.reasons import TOO_LARGE
from junto.discussions.rules.suspicion import author_is_under_notice, looks_suspect
from junto.discussions.rules.zones import author_is_outside_the_zone
from junto.kit.addresses import domain_of
from junto.mail import automatic
from junto.people import queries as people

MOST_RECEIVED = 50
LONGEST_FIELD = 50_000


def loops(post: Post) -> str:
    mail, address = post.mail, list_address(post.community)
    if any(post.community.list_id.lower() in value.lower() for value in mail.headers.get("list-id", [])):
        return "It already went through this list (List-Id)."
    if len(mail.headers.get("received", [])) > MOST_RECEIVED:
        return f"It has passed more than {MOST_RECEIVED} servers (RFC 5321 section 6.3)."
    if address in (value.strip().lower() for value in mail.headers.get("x-loop", [])):
        return "It already went through this list (X-Loop)."
    if domain_of(post.sender) == settings.LIST_DOMAIN or domain_of(post.email) == settings.LIST_DOMAIN:
        return "It comes from an address of this list server itself."
    return ""


def already_been_here(post: Post) -> str:
    if Message.objects.filter(community=post.community).with_message_id(post.message_id).exists():
        return "A message with this Message-ID is in the archive."
    if Message.objects.filter(community=post.community, fingerprint=post.fingerprint).exists():
        return "The same letter is in the archive under another Message-ID."
    same = {"message_id": post.message_id, "fingerprint": post.fingerprint}
    held = HeldPost.objects.filter(community=post.community, alias=None, **same)
    if held.exclude(pk=post.held.pk if post.held else 0).exists():
        return "The same post was held already."
    return ""


def is_automatic(post: Post) -> str:
    return automatic.is_automatic(post.mail, post.sender)


def names_no_author(post: Post) -> str:
    return "" if post.email else "Its From line names no address, so nobody could be answered."


def is_a_misdirected_command(post: Post) -> str:
    words = asks_to_leave(post.mail.subject, post.mail.text, post.community)
    return f"“{words[:40]}” is a command. It was not sent to the list." if words else ""


def list_is_retired(post: Post) -> str:
    return _("This list is closed: its community has ended.") if post.community.retired_at else ""


def is_too_large(post: Post) -> str:
    most = post.community.largest_post
    if post.size <= most:
        return ""
    return TOO_LARGE % {"size": _megabytes(post.size), "most": _megabytes(most)}


def is_encrypted(post: Post) -> str:
    if not post.mail.is_encrypted:
        return ""
    return _(
        "It is encrypted, so neither this list nor the other members could read it. Send it again without encryption: in "
        "Outlook open Options, choose Encrypt, and switch it off. A digital signature may stay."
    )


def author_is_not_proven(post: Post) -> str:
    return "" if post.is_proven else _("Nothing in the message proves that it comes from the address in its From line.")


def author_wrote_to_somebody_else(post: Post) -> str:
    """A signature proves who wrote a letter, and not to whom: whoever has one can send it on to the list, and it is good.

    The local part alone is compared, because an older address of a list may lead here. Who puts the list into Bcc is asked.
    """
    if post.held is not None:
        return ""
    fields = ("to", "cc", "resent-to", "resent-cc")
    named = " ".join(value[:LONGEST_FIELD] for name in fields for value in post.mail.headers.get(name, []))
    name = re.escape((post.written_to or post.community).list_name)
    if re.search(rf"(?<![\w.+-]){name}(?:\+[\w.-]*)?@", named, re.IGNORECASE):
        return ""
    return _("It names this list neither in To nor in Cc, so it may have been written to somebody else.")


def author_is_a_guest_from_government(post: Post) -> str:
    if post.is_from_a_member or _was_shown_the_door(post.membership):
        return ""
    judgement = people.judge(post.email)
    if not judgement.is_government or judgement.is_blocked:
        return ""
    return _("It comes from a government address that is not a member’s.")


def author_is_an_outsider(post: Post) -> str:
    if post.is_from_a_member:
        return ""
    return _("Only members can post to this list, and the address you wrote from is not a member’s.")


def thread_is_closed(post: Post) -> str:
    if post.parent is None or not post.parent.thread.is_closed:
        return ""
    return _("This discussion is closed. You can start a new one: write to the list with a new subject.")


def awaits_moderation(post: Post) -> str:
    moderation = post.community.moderation
    if moderation == Moderation.ALL and not may_moderate(post.author, post.community):
        return _("Moderators read every post to this list first.")
    if moderation == Moderation.FIRST and not _has_posted(post):
        return _("Moderators read the first post of each new member.")
    return ""


POSTING_CHAIN: tuple[tuple[Rule, Verdict], ...] = (
    (loops, Verdict.DISCARD),
    (already_been_here, Verdict.DISCARD),
    (is_automatic, Verdict.DISCARD),
    (names_no_author, Verdict.DISCARD),
    (is_a_misdirected_command, Verdict.REDIRECT),
    (is_a_reply_to_a_digest, Verdict.REDIRECT),
    (list_is_retired, Verdict.REJECT),
    (is_too_large, Verdict.REJECT),
    (is_encrypted, Verdict.REJECT),
    (author_is_not_proven, Verdict.CONFIRM),
    (author_is_a_guest_from_government, Verdict.HOLD),
    (author_is_an_outsider, Verdict.REJECT),
    (author_is_outside_the_zone, Verdict.REJECT),
    (author_wrote_to_somebody_else, Verdict.CONFIRM),
    (thread_is_closed, Verdict.REJECT),
    (author_is_under_notice, Verdict.HOLD),
    (looks_suspect, Verdict.HOLD),
    (says_little_to_many, Verdict.ASK),
    (may_do_harm, Verdict.WAIT),
    (thread_is_braked, Verdict.WAIT),
    (author_is_in_slow_mode, Verdict.WAIT),
    (list_is_quiet, Verdict.WAIT),
    (awaits_moderation, Verdict.HOLD),
)
WEB_CHAIN: tuple[tuple[Rule, Verdict], ...] = (
    (already_been_here, Verdict.DISCARD),
    (list_is_retired, Verdict.REJECT),
    (is_too_large, Verdict.REJECT),
    (author_is_outside_the_zone, Verdict.REJECT),
    (author_is_an_outsider, Verdict.REJECT),
    (thread_is_closed, Verdict.REJECT),
    (author_is_under_notice, Verdict.HOLD),
    (looks_suspect, Verdict.HOLD),
    (thread_is_braked, Verdict.WAIT),
    (author_is_in_slow_mode, Verdict.WAIT),
    (list_is_quiet, Verdict.WAIT),
    (awaits_moderation, Verdict.HOLD),
)
PATIENCE = tuple(rule.__name__ for rule, verdict in POSTING_CHAIN if verdict in {Verdict.ASK, Verdict.WAIT})


def decide(post: Post, chain: tuple[tuple[Rule, Verdict], ...] = POSTING_CHAIN, *, may_wait: bool = True) -> Decision:
    """The first rule that has something against the post decides; a post that none objects to is accepted.

    A post that waited goes through the chain again, but neither the rule that let it wait nor the patient ones before it
    are asked twice; with `may_wait` false none of them is.
    """
    waited = _waited_for(post) if may_wait else frozenset(PATIENCE)
    for rule, verdict in chain:
        if rule.__name__ not in waited and (reason := rule(post)):
            return Decision(rule.__name__, verdict, reason)
    return Decision("nothing_against_it", Verdict.ACCEPT, "")


def _waited_for(post: Post) -> frozenset[str]:
    if post.held is None or post.held.rule not in PATIENCE:
        return frozenset()
    return frozenset(PATIENCE[: PATIENCE.index(post.held.rule) + 1])


def _was_shown_the_door(membership: Membership | None) -> bool:
    return membership is not None and membership.state in {"removed", "declined"}


def _has_posted(post: Post) -> bool:
    if may_moderate(post.author, post.community):
        return True
    return Message.objects.filter(community=post.community, author=post.author).exists()


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
