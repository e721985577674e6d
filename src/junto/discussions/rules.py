"""Who may do what in discussions, and the policy of the list: one table of (rule, verdict), asked from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.communities.models import Community, Membership, Moderation
from junto.discussions.models import Alias, HeldPost, Message, Thread
from junto.kit.addresses import domain_of
from junto.kit.rulings import Ruling, no, yes
from junto.mail import automatic
from junto.mail.reading import ParsedMail
from junto.people import queries as people
from junto.people.models import Person

MOST_RECEIVED = 50
MOST_OF_A_COMMAND = 100
CONFIRMATION_LASTS = timedelta(days=7)
CONFIRMATIONS_A_DAY = 5
INERT_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_COMMANDS = ("unsubscribe", "un-subscribe", "subscribe", "signoff", "sign-off", "sign off", "remove me", "take me off")
_FILLERS = frozenset(
    [
        "me",
        "my",
        "address",
        "name",
        "from",
        "this",
        "the",
        "list",
        "mailing",
        "lists",
        "listserv",
        "email",
        "please",
        "thanks",
        "thank",
        "you",
        "all",
        "and",
    ]
)
_SIGNATURE = re.compile(r"^(-- ?|_{5,}|sent from my .*|get outlook for .*)$", re.IGNORECASE)


class Verdict(StrEnum):
    ACCEPT = "accept"
    HOLD = "hold"
    CONFIRM = "confirm"
    REDIRECT = "redirect"
    REJECT = "reject"
    DISCARD = "discard"


@dataclass(frozen=True)
class Post:
    """A letter on its way to a list, with what the rules need to know of it.

    `raw` is its key in the mail store, `size` counts bytes, `sender` is the envelope's (empty for the null sender).
    `held` is set when a post that was held goes through the chain again; `is_proven` then says that its author
    confirmed it.
    """

    community: Community
    mail: ParsedMail
    raw: str
    size: int
    sender: str
    received_at: datetime
    is_proven: bool
    author: Person | None = None
    membership: Membership | None = None
    parent: Message | None = None
    came_by: str = "mail"
    arrival_id: int | None = None
    held: HeldPost | None = None

    @property
    def email(self) -> str:
        return self.mail.from_address

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(self.mail)

    @property
    def message_id(self) -> str:
        """The letter's own Message-ID, or one minted from its fingerprint, so that a second copy gets the same."""
        return self.mail.message_id or f"junto.{self.fingerprint[:32]}@{settings.LIST_DOMAIN}"

    @property
    def is_from_a_member(self) -> bool:
        return self.membership is not None and self.membership.is_active()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the chain says: the rule that spoke (its name is what logs and held posts show), the verdict, and why."""

    rule: str
    verdict: Verdict
    reason: str


def fingerprint_of(mail: ParsedMail) -> str:
    """The same for two copies of one letter, whatever their Message-IDs: who, when, what."""
    said = (mail.from_address, mail.header("date"), mail.subject, mail.text, *(f.file_name for f in mail.files))
    return sha256("\x00".join(said).encode("utf-8", "replace")).hexdigest()


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
    held = HeldPost.objects.filter(community=post.community, message_id=post.message_id, alias=None)
    if held.exclude(pk=post.held.pk if post.held else 0).exists():
        return "A post with this Message-ID was held already."
    return ""


def is_automatic(post: Post) -> str:
    return automatic.is_automatic(post.mail, post.sender)


def names_no_author(post: Post) -> str:
    return "" if post.email else "Its From line names no address, so nobody could be answered."


def is_a_misdirected_command(post: Post) -> str:
    words = own_words(post.mail.text) or post.mail.subject.strip()
    if not is_a_command(words, post.community):
        return ""
    return f"“{words[:40]}” is a command. It was not sent to the list."


def list_is_retired(post: Post) -> str:
    return "This list is closed: its community has ended." if post.community.retired_at else ""


def is_too_large(post: Post) -> str:
    most = post.community.largest_post
    if post.size <= most:
        return ""
    return (
        f"It is {_megabytes(post.size)} large, and this list takes messages of up to {_megabytes(most)}. "
        "Put the file where your colleagues can reach it, and post the link."
    )


def is_encrypted(post: Post) -> str:
    if not post.mail.is_encrypted:
        return ""
    return "It is encrypted, so the other members could not read it. Send it again without encryption."


def author_is_not_proven(post: Post) -> str:
    return "" if post.is_proven else "Nothing in the message proves that it comes from the address in its From line."


def author_is_a_guest_from_government(post: Post) -> str:
    if post.is_from_a_member or _was_shown_the_door(post.membership):
        return ""
    judgement = people.judge(post.email)
    if not judgement.is_government or judgement.is_blocked:
        return ""
    return "It comes from a government address that is not a member’s."


def author_is_an_outsider(post: Post) -> str:
    if post.is_from_a_member:
        return ""
    return "Only members can post to this list, and the address you wrote from is not a member’s."


def thread_is_closed(post: Post) -> str:
    if post.parent is None or not post.parent.thread.is_closed:
        return ""
    return "This discussion is closed. You can start a new one: write to the list with a new subject."


def awaits_moderation(post: Post) -> str:
    moderation = post.community.moderation
    if moderation == Moderation.ALL and not may_moderate(post.author, post.community):
        return "Moderators read every post to this list first."
    if moderation == Moderation.FIRST and not _has_posted(post):
        return "Moderators read the first post of each new member."
    return ""


Rule = Callable[[Post], str]
POSTING_CHAIN: tuple[tuple[Rule, Verdict], ...] = (
    (loops, Verdict.DISCARD),
    (already_been_here, Verdict.DISCARD),
    (is_automatic, Verdict.DISCARD),
    (names_no_author, Verdict.DISCARD),
    (is_a_misdirected_command, Verdict.REDIRECT),
    (list_is_retired, Verdict.REJECT),
    (is_too_large, Verdict.REJECT),
    (is_encrypted, Verdict.REJECT),
    (author_is_not_proven, Verdict.CONFIRM),
    (author_is_a_guest_from_government, Verdict.HOLD),
    (author_is_an_outsider, Verdict.REJECT),
    (thread_is_closed, Verdict.REJECT),
    (awaits_moderation, Verdict.HOLD),
)
WEB_CHAIN: tuple[tuple[Rule, Verdict], ...] = (
    (already_been_here, Verdict.DISCARD),
    (is_too_large, Verdict.REJECT),
    (awaits_moderation, Verdict.HOLD),
)


def decide(post: Post, chain: tuple[tuple[Rule, Verdict], ...] = POSTING_CHAIN) -> Decision:
    """The first rule that has something against the post decides; a post that none objects to is accepted."""
    for rule, verdict in chain:
        if reason := rule(post):
            return Decision(rule.__name__, verdict, reason)
    return Decision("nothing_against_it", Verdict.ACCEPT, "")


def is_a_command(words: str, community: Community) -> bool:
    """True where a command is the whole text: “Unsubscribe”, “please remove me from this list”, “SIGNOFF CX-COP”."""
    plain = " ".join(words.lower().removeprefix("please").split()).strip(" .!,*")
    command = next((c for c in _COMMANDS if plain == c or plain.startswith(f"{c} ")), None)
    if command is None or len(plain) > MOST_OF_A_COMMAND:
        return False
    rest = [word.strip(".,!") for word in plain.removeprefix(command).split()]
    own = {community.list_name.lower(), community.short_name.lower()}
    return bool(rest and rest[0] in own) or all(word in _FILLERS or word in own or "@" in word for word in rest)


def own_words(text: str) -> str:
    """The text before any signature or quotation, as far as a one-line command needs it."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.lstrip().startswith(">") or _SIGNATURE.match(line.strip()):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def list_address(community: Community) -> str:
    """cx-cop@lists.agency.gov"""
    return f"{community.list_name}@{settings.LIST_DOMAIN}".lower()


def may_read(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_read(person, community)


def may_see_addresses(person: Person | None, community: Community) -> Ruling:
    """Addresses inside what members wrote are for members."""
    return yes() if community_rules.may_take_part(person, community) else may_moderate(person, community)


def may_start(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_take_part(person, community)


def may_reply(person: Person | None, thread: Thread) -> Ruling:
    if thread.is_closed:
        return no("This discussion is closed. You can start a new one.")
    return may_start(person, thread.community)


def may_moderate(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_moderate(person, community)


def may_manage(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_manage(person, community)


def may_decide(person: Person | None, held: HeldPost) -> Ruling:
    """A moderator, while nobody has decided yet. A private reply is no moderator's business."""
    if held.alias_id or held.waits_for != HeldPost.For.MODERATOR:
        return no("This post does not wait for a moderator.", hidden=True)
    ruling = may_moderate(person, held.community)
    if not ruling:
        return ruling
    return _is_open(held)


def may_confirm(held: HeldPost) -> Ruling:
    """Whoever holds the signed link, once, while the post still waits for its author."""
    if not (ruling := _is_open(held)):
        return ruling
    if held.waits_for != HeldPost.For.AUTHOR:
        return no("You have confirmed this post already. It now waits for a moderator.")
    if timezone.now() - held.held_at > CONFIRMATION_LASTS:
        return no("This link has expired. Please send your message again.")
    return yes()


def is_new(post: Post) -> Ruling:
    """Whether neither the archive nor the queue of held posts has this letter yet."""
    reason = already_been_here(post)
    return no(reason) if reason else yes()


def has_an_author(post: Post) -> Ruling:
    return yes() if post.author else no("Nobody is known under the address in its From line.")


def may_write_privately(post: Post, alias: Alias) -> Ruling:
    """Members reach a poster through the poster's alias, while the poster has not left."""
    if not post.is_from_a_member:
        return no("Only members can write to each other through this list, and your address is not a member’s.")
    if reason := is_encrypted(post) or is_too_large(post):
        return no(reason)
    membership = communities.membership_of(alias.person, alias.community)
    if not alias.person.is_active or (membership is not None and not membership.is_active()):
        return no(f"{alias.person.display_name} has left this community and cannot be reached through it.")
    return yes()


def address_in(alias: Alias) -> str:
    """Where the poster wants mail of this community: the address of the membership, or the person's first."""
    membership = communities.membership_of(alias.person, alias.community)
    return membership.address.email if membership else alias.person.email


def may_be_asked_to_confirm(email: str) -> Ruling:
    """Whoever forges From lines must not use Junto to flood the owner of the address."""
    since = timezone.now() - timedelta(days=1)
    asked = HeldPost.objects.for_their_author().filter(email=email, held_at__gte=since).count()
    return yes() if asked < CONFIRMATIONS_A_DAY else no("This address was asked often enough today.")


def _is_open(held: HeldPost) -> Ruling:
    if not held.is_decided:
        return yes()
    who = f" by {held.decided_by}" if held.decided_by else ""
    return no(f"This post was {held.get_outcome_display().lower()} already{who}.")


def _was_shown_the_door(membership: Membership | None) -> bool:
    return membership is not None and membership.state in {"removed", "declined"}


def _has_posted(post: Post) -> bool:
    if may_moderate(post.author, post.community):
        return True
    return Message.objects.filter(community=post.community, author=post.author).exists()


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
