"""What a door needs to find: the author of a post, what it answers, held posts, aliases, moderators."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from junto.communities import queries as communities
from junto.communities.models import Community, Membership, Zone
from junto.communities.rules import within_zone, zones_of
from junto.discussions.models import Alias, HeldNotice, HeldPost, Message
from junto.discussions.queries.marks import size_in_words
from junto.discussions.rules import Post, kept_apart
from junto.kit import html, tokens
from junto.mail import shown, store
from junto.mail.reading import File, ParsedMail, read
from junto.mail.seals import Seal
from junto.mail.threading import is_marked_as_reply, topic_of
from junto.people import queries as people
from junto.people.models import Person

CONFIRM = "discussions.confirm"
DECIDE = "discussions.decide"
ALIAS = "discussions.alias"
SEND = "discussions.send"
HINTS = "discussions.hints"
LONGEST_NAME = 30
GUESSED_WITHIN = timedelta(days=14)
MOST_GUESSED = 200
SHORTEST_TOPIC = 8
HELD_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """A held post for whoever decides: its text, safe HTML of it, and (name, type, size) of its files."""

    text: str
    shown: str
    files: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Held posts with their contents, the way to further ones, and how many wait in all."""

    rows: list[tuple[HeldPost, Contents]]
    older: str
    total: int


def post_of(
    *,
    community: Community,
    mail: ParsedMail,
    raw: str,
    size: int,
    sender: str,
    received_at: datetime,
    is_proven: bool,
    came_by: str = "mail",
    arrival_id: int | None = None,
    held: HeldPost | None = None,
    zone: str = "",
    seal: Seal | None = None,
) -> Post:
    """A letter with all that the posting chain asks about it: author, membership, the message that it answers."""
    author = people.find_by_email(mail.from_address) if mail.from_address else None
    post = Post(
        community=community,
        mail=mail,
        raw=raw,
        size=size,
        sender=sender,
        received_at=received_at,
        is_proven=is_proven,
        author=author,
        membership=communities.membership_of(author, community) if author else None,
        parent=parent_of(community, mail),
        came_by=came_by,
        arrival_id=arrival_id,
        held=held,
        zone=zone,
        seal=seal,
    )
    return kept_apart(post)


def parent_of(community: Community, mail: ParsedMail) -> Message | None:
    """The message that a letter answers: In-Reply-To first, then References from the last back (RFC 5322, 3.6.4).

    A reply that names neither belongs to the conversation that Exchange wrote into it (Thread-Index), or to the discussion of the
    same subject in the last two weeks. Never in another community, and by guessing never into a zone.
    """
    ids = [mail.in_reply_to, *reversed(mail.references)]
    wanted = [one for one in ids if one][:50]
    if wanted:
        found = Message.objects.filter(community=community).with_message_id(*wanted).select_related("thread")
        by_id = {message.message_id: message for message in found}
        return next((by_id[one] for one in wanted if one in by_id), None)
    if not is_marked_as_reply(mail.subject):
        return None
    return _in_conversation(community, conversation_of(mail)) or _of_subject(community, topic_of(mail.subject))


def conversation_of(mail: ParsedMail) -> str:
    """The conversation that Exchange and Outlook write into a letter: the first 22 bytes of Thread-Index (MS-OXOMSG 2.2.1.3)."""
    try:
        index = b64decode("".join(mail.header("thread-index").split())[:200], validate=True)
    except ValueError:
        return ""
    return index[:22].hex() if len(index) >= 22 else ""


def _in_conversation(community: Community, conversation: str) -> Message | None:
    if not conversation:
        return None
    found = Message.objects.filter(community=community, conversation=conversation, thread__zone=Zone.PUBLIC)
    return found.select_related("thread").order_by("-id").first()


def _of_subject(community: Community, topic: str) -> Message | None:
    if len(topic) < SHORTEST_TOPIC:
        return None
    recent = community.threads.filter(zone=Zone.PUBLIC, last_at__gte=timezone.now() - GUESSED_WITHIN)
    latest = recent.order_by("-last_at")[:MOST_GUESSED]
    thread = next((one for one in latest if topic in {topic_of(one.subject), topic_of(one.first_subject)}), None)
    if thread is None:
        return None
    last = thread.messages.order_by("sent_at", "id").last()
    if last is not None:
        last.thread = thread
    return last


def held_for_moderators(community: Community, person: Person | None) -> list[HeldPost]:
    """The queue in this moderator’s zones, oldest first."""
    found = community.held_posts.waiting().for_moderators().within(zones_of(person))
    return list(found.select_related("author__agency").order_by("held_at"))


def held_page(community: Community, person: Person | None, *, after: str = "") -> HeldPage:
    """Part of this moderator’s queue, oldest first, each post with what it says. `after` is the number of the last one seen."""
    waiting = community.held_posts.waiting().for_moderators().within(zones_of(person))
    found = waiting.select_related("author__agency").order_by("pk")
    total = found.count()
    rows = list(found.filter(pk__gt=int(after) if after.isdecimal() and len(after) < 18 else 0)[: HELD_ON_A_PAGE + 1])
    shown_rows = rows[:HELD_ON_A_PAGE]
    older = f"?after={shown_rows[-1].pk}" if len(rows) > HELD_ON_A_PAGE else ""
    return HeldPage([(held, contents_of(held)) for held in shown_rows], older, total)


def find_held(community: Community, pk: int, *, person: Person | None) -> HeldPost:
    """A post that is or was before the moderators, in this moderator’s zones. Raises Http404."""
    held = (
        community.held_posts.for_moderators()
        .within(zones_of(person))
        .filter(pk=pk)
        .select_related("decided_by")
        .first()
    )
    if held is None:
        raise Http404(gettext("There is no such post."))
    held.community = community
    return held


def held_of_token(token: str, scope: str = CONFIRM) -> HeldPost:
    """The post that a signed link names. Raises BadToken, Http404."""
    pk = tokens.read(scope, token)
    held = HeldPost.objects.filter(pk=pk).select_related("community", "decided_by", "alias__person").first()
    if held is None:
        raise Http404(gettext("This post is no longer here."))
    return held


def held_exists(token: str) -> bool:
    """Whether a token of “Was this you?” names a post."""
    try:
        pk = tokens.read(CONFIRM, token)
    except tokens.BadToken:
        return False
    return HeldPost.objects.filter(pk=pk).exists()


def notice_of_token(token: str) -> HeldNotice | None:
    """The held post and the moderator that a letter's address or link names; None where the token is not ours."""
    try:
        pk = tokens.read(DECIDE, token)
    except tokens.BadToken:
        return None
    found = HeldNotice.objects.select_related("held__community", "held__decided_by", "held__author__agency")
    return found.select_related("membership__person", "membership__community").filter(pk=pk).first()


def notice_exists(token: str) -> bool:
    return notice_of_token(token) is not None


def decision_address(notice: HeldNotice) -> str:
    """cx-cop.held.TOKEN@lists.agency.gov: where one moderator's decision on one post goes."""
    return _personal(notice.held.community, "held", tokens.sign(DECIDE, notice.pk))


def confirm_address(held: HeldPost) -> str:
    """cx-cop.confirm.TOKEN@lists.agency.gov: where the answer to “Was this you?” goes."""
    return _personal(held.community, "confirm", tokens.sign(CONFIRM, held.pk))


def contents_of(held: HeldPost) -> Contents:
    """What a held post says and carries, read from its raw letter; its excerpt alone where the store has lost it."""
    try:
        mail = read(store.get(held.raw))
    except store.NotStored:
        return Contents(held.excerpt, shown.show(held.excerpt, ""), ())
    page = html.clean(mail.html) if mail.html else ""
    files = tuple(
        (file.file_name or f"file-{n}", file.content_type, size_in_words(len(file.content)))
        for n, file in enumerate(mail.files, start=1)
    )
    return Contents(mail.text, shown.show(mail.text, page), files)


def file_of(held: HeldPost, position: int) -> File:
    """A file of a held post; positions count from 1. Raises Http404."""
    try:
        return read(store.get(held.raw)).files[position - 1] if position > 0 else _no_file()
    except (store.NotStored, IndexError):
        return _no_file()


def _no_file() -> NoReturn:
    raise Http404(gettext("There is no such file."))


def alias_of_token(token: str) -> Alias | None:
    """The poster for whom an address stands; None where the token is not ours."""
    try:
        pk = tokens.read(ALIAS, token)
    except tokens.BadToken:
        return None
    return Alias.objects.filter(pk=pk).select_related("community", "person__agency").first()


def alias_exists(token: str) -> bool:
    return alias_of_token(token) is not None


def alias_address(alias: Alias) -> str:
    """cx-cop.reply.TOKEN@lists.agency.gov: the address that stands for a poster.

    No "+" in it: where a detail behind "+" is left off, a private reply to a mangled address would reach the list.
    """
    return _personal(alias.community, "reply", tokens.sign(ALIAS, alias.pk))


def moderators_of(community: Community, zone: str = Zone.PUBLIC) -> list[Membership]:
    """Those who are told of held posts of a zone: managers and moderators of that zone whose address still takes mail."""
    moderating = within_zone(community.memberships.moderating().filter(address__stopped_at=None), zone)
    return list(moderating.select_related("address", "person").order_by("pk"))


def communities_that_have(message: Message) -> list[tuple[int, int, str]]:
    """Where the same letter went before, as (community, thread, zone of the thread): its readers need no second copy."""
    same = Message.objects.with_message_id(message.message_id).filter(fingerprint=message.fingerprint)
    went = same.exclude(community=message.community_id).exclude(mailing_id=None).order_by("community")
    return list(went.values_list("community", "thread", "thread__zone"))


def _personal(community: Community, what: str, token: str) -> str:
    return f"{community.list_name[:LONGEST_NAME]}.{what}.{token}@{settings.LIST_DOMAIN}".lower()
