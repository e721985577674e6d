"""Messages: the page of a thread, one message, its files and its delivery."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from junto.communities.models import Community, Zone
from junto.communities.rules import zones_of
from junto.discussions.models import Alias, Attachment, Message, Thread
from junto.discussions.queries.drafts import Picture, pictures_in
from junto.discussions.queries.marks import mark, read_mark, size_in_words, without_addresses
from junto.discussions.queries.places import communities_moved_to
from junto.discussions.queries.posts import alias_address
from junto.discussions.queries.voices import Voice, found_useful_by, voices_in
from junto.kit import calendar
from junto.kit.prepared import Prepared
from junto.mail import queries as mail
from junto.mail import store
from junto.mail.queries import Delivery
from junto.mail.reading import read
from junto.people.models import Person

MESSAGES_ON_A_PAGE = 50
_SHOWN = (
    "author_name",
    "author_agency",
    "sent_at",
    "shown",
    "attachment_count",
    "mailing_id",
    "thread",
    "author",
    "subject",
    "useful_count",
)
_BEGINNING: Prepared[Message] = Prepared(
    lambda thread: (
        Message.objects.filter(thread=thread).only(*_SHOWN).order_by("sent_at", "id")[: MESSAGES_ON_A_PAGE + 1]
    )
)


@dataclass(frozen=True, slots=True)
class FileRow:
    name: str
    href: str
    size: str
    alt: str = ""
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as the page shows it: everything said, nothing left to compute in the template.

    Numbers are text, because the template would ask for each how this language writes numbers. `write_to` begins a
    letter to the author; `may_mark` says whether this reader may mark the message as useful, and `is_marked` whether they did.
    """

    pk: int
    anchor: str
    author: str
    agency: str
    when: str
    iso: str
    body: str
    files: tuple[FileRow, ...]
    delivery: str
    delivery_href: str
    write_to: str
    author_href: str = ""
    role: str = ""
    useful: str = ""
    useful_words: str = ""
    base: str = ""
    may_mark: bool = False
    is_marked: bool = False
    is_answer: bool = False
    has_foot: bool = False

    __getitem__ = object.__getattribute__
    """Templates ask for items first: this spares them an exception for each word that they show."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    subject: str
    rows: Sequence[MessageRow]
    earlier: str
    later: str
    answer: MessageRow | None = None
    answer_href: str = ""
    answer_is_elsewhere: bool = False
    participants: Sequence[MessageRow] = ()
    wish: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """How one reader sees the messages of a thread."""

    base: str
    shows_addresses: bool
    writer: int | None
    voices: dict[int, Voice]
    marked: frozenset[int]
    community: Community
    answer: int | None
    aliases: dict[int, str] = field(default_factory=dict)


def thread_page(
    thread: Thread,
    *,
    after: str = "",
    before: str = "",
    shows_addresses: bool,
    shows_delivery: bool,
    reader: Person | None = None,
    takes_part: bool = False,
) -> ThreadPage:
    """Up to 50 messages of a thread in order: five queries at most, and none for each message.

    A reader who takes part may write to the other authors in private, and mark what they wrote as useful.
    """
    messages, has_earlier, has_later = _messages(thread, after, before)
    if messages and not has_earlier:
        thread.known_asker = messages[0].author_id  # type: ignore[attr-defined]
    answer = _answer(thread, messages) if not has_earlier else None
    shown = [*messages, *([answer] if answer and answer not in messages else [])]
    voices = voices_in(thread, {one.author_id for one in shown if one.author_id}, reader)
    seen = _Seen(
        thread.get_absolute_url(),
        shows_addresses,
        reader.pk if reader and takes_part else None,
        voices,
        found_useful_by(thread, reader if takes_part else None),
        thread.community,
        thread.answer_id,
    )
    files = _files_of([m.pk for m in messages if m.attachment_count], thread)
    deliveries = mail.deliveries_of([m.mailing_id for m in messages if m.mailing_id]) if shows_delivery else {}
    rows = [_row(one, seen, files.get(one.pk, ()), deliveries.get(one.mailing_id or 0)) for one in messages]
    return ThreadPage(
        subject=without_addresses(thread.title),
        rows=rows,
        answer=_row(answer, seen, (), None) if answer else None,
        answer_href=_way_to(answer, messages, seen.base) if answer else "",
        answer_is_elsewhere=answer is not None and answer.thread_id != thread.pk,
        earlier=f"?before={mark(messages[0].sent_at, messages[0].pk)}" if has_earlier and messages else "",
        later=f"?after={mark(messages[-1].sent_at, messages[-1].pk)}" if has_later and messages else "",
        wish=voices[reader.pk].wish if reader and reader.pk in voices else "",
        participants=list({row.author_href or row.author: row for row in rows}.values()),
    )


def find_message(thread: Thread, pk: int) -> Message:
    """Raises Http404."""
    message = thread.messages.filter(pk=pk).first()
    if message is None:
        raise Http404(_("There is no such message in this discussion."))
    message.thread = thread
    return message


def message_by_id(community: Community, message_id: str, *, person: Person | None) -> Message:
    """The message of a Message-ID, with or without angle brackets, also where its discussion was moved to another
    community: whether the person may read that one is still to be asked. Raises Http404."""
    wanted = message_id.strip().strip("<>")
    seen = Message.objects.with_message_id(wanted).filter(thread__zone__in=zones_of(person))
    found = seen.filter(community=community).select_related("thread__community").first()
    if found is None:
        there = seen.filter(community__in=communities_moved_to(community))
        moved = there.filter(thread__former_numbers__community=community)
        found = moved.select_related("thread__community").first()
    if found is None:
        raise Http404(_("No message with this Message-ID is in this archive."))
    return found


def place_of(message: Message) -> str:
    """The address of the page of the thread on which the message stands, with its anchor."""
    before = message.thread.messages.filter(_earlier(message.sent_at, message.pk)).order_by("sent_at", "id")
    if before.count() < MESSAGES_ON_A_PAGE:
        return message.get_absolute_url()
    last = before.last()
    assert last is not None
    place = mark(last.sent_at, last.pk)
    return f"{message.thread.get_absolute_url()}?after={place}#message-{message.pk}"


def find_attachment(thread: Thread, message: int, position: int) -> Attachment:
    """Raises Http404."""
    here = Q(message__thread=thread)
    stood_here = Q(
        message__split_from=thread, message__community=thread.community_id, message__thread__zone=thread.zone
    )
    found = Attachment.objects.filter(here | stood_here, message__pk=message, position=position)
    attachment = found.select_related("message").first()
    if attachment is None:
        raise Http404(_("There is no such file."))
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
        raise Http404(_("This file is no longer here.")) from None


def delivery_of(message: Message) -> Delivery | None:
    return mail.delivery_of(message.mailing_id) if message.mailing_id else None


def deliveries_in_words(delivery: Delivery) -> str:
    """“2,790 of 2,807 accepted, 12 deferred, 5 refused”"""
    counts = {"accepted": f"{delivery.accepted:,}", "total": f"{delivery.total:,}"}
    words = [_("%(accepted)s of %(total)s accepted") % counts]
    if delivery.deferred:
        words.append(_("%(count)s deferred") % {"count": f"{delivery.deferred:,}"})
    if delivery.refused:
        words.append(_("%(count)s refused") % {"count": f"{delivery.refused:,}"})
    if delivery.skipped:
        words.append(_("%(count)s skipped") % {"count": f"{delivery.skipped:,}"})
    return ", ".join(words)


def state_in_words(delivery: Delivery) -> str:
    """“On its way”, “Done”, “Quarantined”"""
    said = {"on its way": _("On its way"), "done": _("Done"), "quarantined": _("Quarantined")}
    return said.get(delivery.state, delivery.state)


def words_of_servers(delivery: Delivery) -> list[tuple[str, str, int]]:
    """The kind of an answer, what servers said, and how often."""
    said = {"deferred": _("Deferred"), "refused": _("Refused")}
    return [(said.get(kind, kind), words, count) for kind, words, count in delivery.words]


def _row(message: Message, seen: _Seen, files: tuple[FileRow, ...], delivery: Delivery | None) -> MessageRow:
    local, voice = timezone.localtime(message.sent_at), seen.voices.get(message.author_id or 0)
    base, write_to = f"{seen.base}messages/{message.pk}/", _mailto(message, voice, seen)
    may_mark = seen.writer is not None and seen.writer != message.author_id
    return MessageRow(
        pk=message.pk,
        anchor=f"message-{message.pk}",
        author=without_addresses(message.author_name) or _("Somebody"),
        agency=message.author_agency,
        when=calendar.minute(local),
        iso=local.isoformat(timespec="seconds"),
        body=(message.shown if seen.shows_addresses else without_addresses(message.shown))
        + pictures_in([Picture(file.href, file.alt) for file in files if file.is_shown]),
        files=files,
        delivery=deliveries_in_words(delivery) if delivery else "",
        delivery_href=f"{base}delivery/",
        write_to=write_to,
        author_href=f"/people/{message.author_id}/" if message.author_id else "",
        role=voice.role if voice else "",
        useful=f"{message.useful_count:,}" if message.useful_count else "",
        useful_words="" if may_mark or not message.useful_count else _useful_to(message.useful_count),
        base=base,
        may_mark=may_mark,
        is_marked=message.pk in seen.marked,
        is_answer=message.pk == seen.answer,
        has_foot=bool(may_mark or write_to or message.useful_count or delivery or message.pk == seen.answer),
    )


def _useful_to(count: int) -> str:
    said = ngettext("%(count)s person found this useful", "%(count)s people found this useful", count)
    return said % {"count": f"{count:,}"}


def _mailto(message: Message, voice: Voice | None, seen: _Seen) -> str:
    """A link that begins a letter to the alias of an author; empty where there is none (RFC 6068)."""
    if voice is None or voice.alias is None or seen.writer in (None, message.author_id):
        return ""
    alias = seen.aliases.get(voice.alias)
    if alias is None:
        alias = seen.aliases[voice.alias] = alias_address(Alias(pk=voice.alias, community=seen.community))
    subject = message.subject if message.subject.lower().startswith("re:") else f"Re: {message.subject}"
    return f"mailto:{alias}?subject={quote(subject)}"


def _answer(thread: Thread, messages: Sequence[Message]) -> Message | None:
    """The message that answers a question: one of this page, or one query. A summary elsewhere only where its zone lets it."""
    if thread.answer_id is None:
        return None
    here = next((one for one in messages if one.pk == thread.answer_id), None)
    if here is not None:
        return here
    seen_by = Q(thread=thread) | Q(community=thread.community_id, thread__zone__in={thread.zone, Zone.PUBLIC})
    return Message.objects.filter(seen_by, pk=thread.answer_id).only(*_SHOWN, "message_id").first()


def _way_to(answer: Message, messages: Sequence[Message], base: str) -> str:
    """The anchor on this page, or the address that leads to whichever page the message stands on."""
    if any(one.pk == answer.pk for one in messages):
        return f"#message-{answer.pk}"
    archive = base.rstrip("/").rpartition("/")[0]
    return f"{archive}/message/?{urlencode({'id': answer.message_id})}"


def _messages(thread: Thread, after: str, before: str) -> tuple[list[Message], bool, bool]:
    """Messages of one page in order, and whether there are earlier and later ones."""
    if not (before or after):
        rows = _BEGINNING.all(thread=thread.pk)
        return rows[:MESSAGES_ON_A_PAGE], False, len(rows) > MESSAGES_ON_A_PAGE
    messages = thread.messages.only(*_SHOWN)
    if place := read_mark(before):
        at, pk = place
        earlier = messages.filter(_earlier(at, pk)).order_by("-sent_at", "-id")
        rows = list(earlier[: MESSAGES_ON_A_PAGE + 1])
        return rows[MESSAGES_ON_A_PAGE - 1 :: -1], len(rows) > MESSAGES_ON_A_PAGE, True
    place = read_mark(after)
    if place:
        at, pk = place
        messages = messages.filter(Q(sent_at__gte=at) & (Q(sent_at__gt=at) | Q(pk__gt=pk)))
    rows = list(messages.order_by("sent_at", "id")[: MESSAGES_ON_A_PAGE + 1])
    return rows[:MESSAGES_ON_A_PAGE], place is not None, len(rows) > MESSAGES_ON_A_PAGE


def _files_of(messages: Collection[int], thread: Thread) -> dict[int, tuple[FileRow, ...]]:
    if not messages:
        return {}
    found: dict[int, tuple[FileRow, ...]] = {}
    base = thread.get_absolute_url()
    for file in Attachment.objects.filter(message__in=messages).order_by("message", "position"):
        href = f"{base}messages/{file.message_id}/files/{file.position}/"
        found[file.message_id] = (
            *found.get(file.message_id, ()),
            FileRow(file.file_name, href, size_in_words(file.size), file.alt, file.is_shown),
        )
    return found


def from_here_on(message: Message) -> Q:
    """The condition on messages of its thread to be this one, or to come after it."""
    at = message.sent_at
    return Q(sent_at__gte=at) & (Q(sent_at__gt=at) | Q(pk__gte=message.pk))


def _earlier(at: datetime, pk: int) -> Q:
    return Q(sent_at__lte=at) & (Q(sent_at__lt=at) | Q(pk__lt=pk))
