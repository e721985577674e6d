"""Reads for pages that span models, and what a door needs to find."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from junto.communities import queries as communities
from junto.communities.models import Community, Membership
from junto.discussions.models import Alias, Attachment, HeldPost, Message, Thread
from junto.discussions.rules import Post
from junto.kit import addresses, tokens
from junto.mail import queries as mail
from junto.mail import store
from junto.mail.queries import Delivery
from junto.mail.reading import ParsedMail, read
from junto.people import queries as people
from junto.people.models import Person

CONFIRM = "discussions.confirm"
ALIAS = "discussions.alias"
THREADS_ON_A_PAGE = 30
MESSAGES_ON_A_PAGE = 50

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a list in keyset order. `newer` and `older` are the query strings of its neighbours, or empty."""

    rows: Sequence[Thread]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as the list shows it."""

    href: str
    subject: str
    author: str
    agency: str
    messages: int
    when: str
    iso: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    name: str
    href: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as the page shows it: everything said, nothing left to compute in the template."""

    pk: int
    author: str
    agency: str
    subject: str
    when: str
    iso: str
    body: str
    files: tuple[FileRow, ...]
    delivery: str
    delivery_href: str
    raw_id: str


@dataclass(frozen=True, slots=True)
class ThreadPage:
    thread: Thread
    rows: Sequence[MessageRow]
    earlier: str
    later: str


def post_of(  # noqa: PLR0913
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
) -> Post:
    """A letter with all that the posting chain asks about it: author, membership, the message that it answers."""
    author = people.find_by_email(mail.from_address) if mail.from_address else None
    return Post(
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
    )


def parent_of(community: Community, mail: ParsedMail) -> Message | None:
    """The message that a letter answers: In-Reply-To first, then References from the last back (RFC 5322, 3.6.4).

    Never by subject, and never in another community.
    """
    ids = [mail.in_reply_to, *reversed(mail.references)]
    wanted = [one for one in ids if one][:50]
    if not wanted:
        return None
    found = Message.objects.filter(community=community).with_message_id(*wanted).select_related("thread")
    by_id = {message.message_id: message for message in found}
    return next((by_id[one] for one in wanted if one in by_id), None)


def threads_page(community: Community, *, newer: str = "", older: str = "") -> Slice:
    """One page of threads, latest activity first. `newer` and `older` are marks from a former page's links."""
    threads = community.threads.all()
    if mark := _read_mark(older):
        rows = list(threads.filter(_before(*mark)).order_by("-last_at", "-id")[: THREADS_ON_A_PAGE + 1])
        return _slice(rows[:THREADS_ON_A_PAGE], has_newer=True, has_older=len(rows) > THREADS_ON_A_PAGE)
    if mark := _read_mark(newer):
        rows = list(threads.filter(_after(*mark)).order_by("last_at", "id")[: THREADS_ON_A_PAGE + 1])
        return _slice(rows[THREADS_ON_A_PAGE - 1 :: -1], has_newer=len(rows) > THREADS_ON_A_PAGE, has_older=True)
    rows = list(threads.order_by("-last_at", "-id")[: THREADS_ON_A_PAGE + 1])
    return _slice(rows[:THREADS_ON_A_PAGE], has_newer=False, has_older=len(rows) > THREADS_ON_A_PAGE)


def thread_rows(community: Community, threads: Sequence[Thread]) -> list[ThreadRow]:
    """Threads as a list shows them; no query."""
    base = reverse("discussions:threads", args=[community.slug])
    return [
        ThreadRow(
            href=f"{base}{thread.number}/",
            subject=without_addresses(thread.subject),
            author=without_addresses(thread.author_name),
            agency=thread.author_agency,
            messages=thread.message_count,
            when=day(thread.last_at),
            iso=timezone.localtime(thread.last_at).isoformat(timespec="seconds"),
            is_closed=thread.is_closed,
        )
        for thread in threads
    ]


def latest_threads(community: Community, limit: int = 5) -> list[Thread]:
    """For a community's front page. Each knows its community, so that its address costs no query."""
    threads = list(community.threads.order_by("-last_at", "-id")[:limit])
    for thread in threads:
        thread.community = community
    return threads


def unanswered(community: Community, limit: int = 30) -> list[Thread]:
    """Open threads to which nobody has replied yet, oldest first."""
    return list(community.threads.filter(message_count=1, closed_at=None).order_by("started_at", "id")[:limit])


def find_thread(community: Community, number: int) -> Thread:
    """Raises Http404."""
    thread = community.threads.filter(number=number).first()
    if thread is None:
        raise Http404("There is no such discussion.")
    thread.community = community
    return thread


def thread_page(
    thread: Thread, *, after: str = "", before: str = "", shows_addresses: bool, shows_delivery: bool
) -> ThreadPage:
    """Up to 50 messages of a thread in order: three queries, and none for each message."""
    messages, has_earlier, has_later = _messages(thread, after, before)
    files = _files_of([m.pk for m in messages if m.attachment_count], thread)
    deliveries = mail.deliveries_of([m.mailing_id for m in messages if m.mailing_id]) if shows_delivery else {}
    base = thread.get_absolute_url()
    rows = [_row(m, base, files.get(m.pk, ()), deliveries, shows_addresses) for m in messages]
    return ThreadPage(
        thread=thread,
        rows=rows,
        earlier=f"?before={_mark(messages[0].sent_at, messages[0].pk)}" if has_earlier and messages else "",
        later=f"?after={_mark(messages[-1].sent_at, messages[-1].pk)}" if has_later and messages else "",
    )


def find_message(thread: Thread, pk: int) -> Message:
    """Raises Http404."""
    message = thread.messages.filter(pk=pk).first()
    if message is None:
        raise Http404("There is no such message in this discussion.")
    message.thread = thread
    return message


def message_by_id(community: Community, message_id: str) -> Message:
    """The message of a Message-ID, with or without angle brackets. Raises Http404."""
    wanted = message_id.strip().strip("<>")
    found = Message.objects.filter(community=community).with_message_id(wanted).select_related("thread").first()
    if found is None:
        raise Http404("No message with this Message-ID is in this archive.")
    found.thread.community = community
    return found


def place_of(message: Message) -> str:
    """The address of the page of the thread on which the message stands, with its anchor."""
    before = message.thread.messages.filter(_earlier(message.sent_at, message.pk)).order_by("sent_at", "id")
    if before.count() < MESSAGES_ON_A_PAGE:
        return message.get_absolute_url()
    last = before.last()
    assert last is not None
    mark = _mark(last.sent_at, last.pk)
    return f"{message.thread.get_absolute_url()}?after={mark}#message-{message.pk}"


def find_attachment(thread: Thread, message: int, position: int) -> Attachment:
    """Raises Http404."""
    found = Attachment.objects.filter(message__thread=thread, message=message, position=position)
    attachment = found.select_related("message").first()
    if attachment is None:
        raise Http404("There is no such file.")
    return attachment


def bytes_of(file: Attachment) -> bytes:
    """The content of an attachment: under its own key, or out of the raw letter where an import left it there.

    Raises Http404 where the store has lost it.
    """
    try:
        if file.key:
            return store.get(file.key)
        files = read(store.get(file.message.raw)).files
        return files[file.position - 1].content
    except (store.NotStored, IndexError):
        raise Http404("This file is no longer here.") from None


def held_for_moderators(community: Community) -> list[HeldPost]:
    """The queue, oldest first."""
    return list(community.held_posts.waiting().for_moderators().select_related("author__agency").order_by("held_at"))


def find_held(community: Community, pk: int) -> HeldPost:
    """A post that is or was before the moderators. Raises Http404."""
    held = community.held_posts.for_moderators().filter(pk=pk).select_related("decided_by").first()
    if held is None:
        raise Http404("There is no such post.")
    held.community = community
    return held


def held_of_token(token: str) -> HeldPost:
    """The post that a signed link names. Raises BadToken, Http404."""
    pk = tokens.read(CONFIRM, token)
    held = HeldPost.objects.filter(pk=pk).select_related("community", "decided_by", "alias__person").first()
    if held is None:
        raise Http404("This post is no longer here.")
    return held


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
    """cx-cop+a.TOKEN@lists.agency.gov: the address that stands for a poster."""
    return f"{alias.community.list_name}+a.{tokens.sign(ALIAS, alias.pk)}@{settings.LIST_DOMAIN}".lower()


def moderators_of(community: Community) -> list[Membership]:
    """Those who are told of held posts: managers and moderators whose address still takes mail."""
    moderating = community.memberships.moderating().filter(address__stopped_at=None)
    return list(moderating.select_related("address", "person").order_by("pk"))


def reach_of(community: Community) -> int:
    """To how many people a post goes as each message."""
    return community.memberships.receiving_each_message().count()


def delivery_of(message: Message) -> Delivery | None:
    return mail.delivery_of(message.mailing_id) if message.mailing_id else None


def deliveries_in_words(delivery: Delivery) -> str:
    """“2,790 of 2,807 accepted, 12 deferred, 5 refused”"""
    words = f"{delivery.accepted:,} of {delivery.total:,} accepted"
    for count, what in ((delivery.deferred, "deferred"), (delivery.refused, "refused"), (delivery.skipped, "skipped")):
        if count:
            words += f", {count:,} {what}"
    return words


def without_addresses(text: str) -> str:
    """Text or HTML in which every e-mail address is cut to its first letter and its domain."""
    if "@" not in text:
        return text
    return _ADDRESS.sub(lambda found: addresses.masked(found[0]), text)


def day(at: datetime) -> str:
    """“Nov 3, 2026” in the site's time zone, without the cost of the template filter."""
    local = timezone.localtime(at)
    return f"{local:%b} {local.day}, {local.year}"


def _row(
    message: Message,
    base: str,
    files: tuple[FileRow, ...],
    deliveries: dict[int, Delivery],
    shows_addresses: bool,
) -> MessageRow:
    delivery = deliveries.get(message.mailing_id or 0)
    body = message.shown if shows_addresses else without_addresses(message.shown)
    local = timezone.localtime(message.sent_at)
    return MessageRow(
        pk=message.pk,
        author=without_addresses(message.author_name) or "Somebody",
        agency=message.author_agency,
        subject=message.subject,
        when=f"{local:%b} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M %p}",
        iso=local.isoformat(timespec="seconds"),
        body=body,
        files=files,
        delivery=deliveries_in_words(delivery) if delivery else "",
        delivery_href=f"{base}messages/{message.pk}/delivery/",
        raw_id=message.message_id,
    )


def _messages(thread: Thread, after: str, before: str) -> tuple[list[Message], bool, bool]:
    """Messages of one page in order, and whether there are earlier and later ones."""
    messages = thread.messages.defer("text", "html", "references")
    if mark := _read_mark(before):
        at, pk = mark
        earlier = messages.filter(_earlier(at, pk)).order_by("-sent_at", "-id")
        rows = list(earlier[: MESSAGES_ON_A_PAGE + 1])
        return rows[MESSAGES_ON_A_PAGE - 1 :: -1], len(rows) > MESSAGES_ON_A_PAGE, True
    mark = _read_mark(after)
    if mark:
        at, pk = mark
        messages = messages.filter(Q(sent_at__gte=at) & (Q(sent_at__gt=at) | Q(pk__gt=pk)))
    rows = list(messages.order_by("sent_at", "id")[: MESSAGES_ON_A_PAGE + 1])
    return rows[:MESSAGES_ON_A_PAGE], mark is not None, len(rows) > MESSAGES_ON_A_PAGE


def _files_of(messages: Collection[int], thread: Thread) -> dict[int, tuple[FileRow, ...]]:
    if not messages:
        return {}
    found: dict[int, tuple[FileRow, ...]] = {}
    base = thread.get_absolute_url()
    for file in Attachment.objects.filter(message__in=messages).order_by("message", "position"):
        href = f"{base}messages/{file.message_id}/files/{file.position}/"
        found[file.message_id] = (*found.get(file.message_id, ()), FileRow(file.file_name, href, file.size))
    return found


def _slice(rows: list[Thread], *, has_newer: bool, has_older: bool) -> Slice:
    return Slice(
        rows=rows,
        newer=f"?newer={_mark(rows[0].last_at, rows[0].pk)}" if rows and has_newer else "",
        older=f"?older={_mark(rows[-1].last_at, rows[-1].pk)}" if rows and has_older else "",
    )


def _before(at: datetime, pk: int) -> Q:
    return Q(last_at__lte=at) & (Q(last_at__lt=at) | Q(pk__lt=pk))


def _after(at: datetime, pk: int) -> Q:
    return Q(last_at__gte=at) & (Q(last_at__gt=at) | Q(pk__gt=pk))


def _earlier(at: datetime, pk: int) -> Q:
    return Q(sent_at__lte=at) & (Q(sent_at__lt=at) | Q(pk__lt=pk))


def _mark(at: datetime, pk: int) -> str:
    """A place in keyset order, as it stands in an address: microseconds since 1970, and the row."""
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def _read_mark(text: str) -> tuple[datetime, int] | None:
    """None where the text is no mark: an old or mangled link shows the first page."""
    micro, _, pk = text.rpartition("-")
    try:
        return _EPOCH + timedelta(microseconds=int(micro)), int(pk)
    except (ValueError, OverflowError):
        return None

