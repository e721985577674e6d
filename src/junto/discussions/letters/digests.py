"""The digest in its four forms: formatted with a plain part, plain (RFC 1153), MIME (RFC 2046), and an index.

It comes from the list's own address, which every DMARC policy of ours allows; each author is reached by their alias. A
plain answer to it goes to the list, where `rules.is_a_reply_to_a_digest` stops it and tells its author what to do.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import formataddr
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from junto.communities.models import DigestForm
from junto.discussions import rules
from junto.discussions.letters import digest_text as text
from junto.discussions.letters.list_mail import FOREIGN_HEADERS, list_headers, name_on_the_list
from junto.discussions.letters.wording import MEMBERSHIP, absolute, one_line, signed
from junto.discussions.models import Alias, Message
from junto.discussions.queries import Issue, IssueThread, Item
from junto.kit import html
from junto.mail import store
from junto.mail.letter import Letter, RawLetter
from junto.mail.reading import read
from junto.mail.shown import show
from junto.ui.letters import render

MOST_MESSAGES, MOST_LINES, MOST_BYTES = 50, 250, 60_000
LARGEST_SIGNED = 200_000
LONGEST_TOPIC = 70
_FOLDED = re.compile(r'<details class="j-quote">.*?</details>', re.DOTALL)
_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_WROTE = re.compile(r"On\b[^<]{5,200}(?:<a\b[^>]*>[^<]*</a>[^<]{0,20})?\bwrote:?(?:\s|<[^>]*>)*$")
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as the formatted digest shows it."""

    position: int
    author: str
    name: str
    when: str
    body: str
    is_cut: bool
    files: list[tuple[str, str]]
    reply_to_author: str
    reply_to_list: str
    href: str


def digest(issue: Issue, *, form: str) -> list[Letter]:
    """The letters of an issue in one form: several parts where it is too long for one."""
    parts = list(_parts(issue, form))
    return [_letter(part, form, place, len(parts)) for place, part in enumerate(parts, start=1)]


def _letter(issue: Issue, form: str, part: int, parts: int) -> Letter:
    title = f"{issue.community.list_label} Digest, Vol {issue.volume}, Issue {issue.number}"
    title += f", part {part} of {parts}" if parts > 1 else ""
    subject = f"{title}: {_topics(issue)}"
    if form == DigestForm.PLAIN:
        return _addressed(issue, "digest_plain", subject, text.digest_text(issue, title=title))
    if form == DigestForm.MIME:
        head = text.index_text(issue, title=title)
        inner = tuple(_inner(item) for thread in issue.threads for item in thread.items)
        return replace(_addressed(issue, "digest_mime", subject, head), digest=inner)
    kind = "digest_index" if form == DigestForm.INDEX else "digest"
    words = text.index_text(issue, title=title) if form == DigestForm.INDEX else text.digest_text(issue, title=title)
    rendered = render(f"discussions.{kind}", {**_told(issue, form, title, subject), "words": words})
    return replace(_addressed(issue, kind, subject, rendered.text), html=rendered.html)


def _addressed(issue: Issue, kind: str, subject: str, words: str) -> Letter:
    community = issue.community
    first = issue.threads[0].items[0].message
    marks = list_headers(first, Alias(community=community))
    return Letter(
        kind=f"discussions.{kind}",
        subject=one_line(subject),
        text=words,
        sender_name=f"{community.list_label} Digest",
        sender=f"{community.list_name}-request@{settings.LIST_DOMAIN}",
        to=rules.list_address(community),
        reply_to=rules.list_address(community),
        message_id=f"digest.{issue.volume}.{issue.number}.{secrets.token_hex(8)}@{settings.LIST_DOMAIN}",
        headers=tuple((name, value) for name, value in marks if name not in {"Archived-At", "Sender"}),
        automatic="auto-generated",
        scope=MEMBERSHIP,
    )


def _topics(issue: Issue) -> str:
    """“How do you measure trust? (+3)”: the thread that was spoken in most, and how many others there are."""
    busiest = max(issue.threads, key=lambda thread: len(thread.items))
    topic = text.topic_of(busiest.thread)
    topic = topic if len(topic) <= LONGEST_TOPIC else topic[: LONGEST_TOPIC - 1].rstrip() + "…"
    rest = len(issue.threads) - 1
    return f"{topic} (and {rest} more)" if rest else topic


def _told(issue: Issue, form: str, title: str, subject: str) -> dict[str, Any]:
    count = sum(len(thread.items) for thread in issue.threads)
    threads = [
        {
            "subject": text.topic_of(thread.thread),
            "label": text.label_of(thread.thread),
            "href": absolute(thread.href),
            "anchor": f"thread-{thread.thread.number}",
            "entries": [_entry(item, with_body=form == DigestForm.HTML) for item in thread.items],
        }
        for thread in issue.threads
    ]
    told = {
        "list": issue.community.list_label,
        "community": issue.community,
        "title": title,
        "end": f"End of {title}",
        "has_bodies": form == DigestForm.HTML,
        "subject": subject,
        "day": text.day_of(issue),
        "count": _several(count, "message"),
        "discussions": _several(len(threads), "discussion"),
        "threads": threads,
        "left_out": text.left_out(issue) if issue.left_out else "",
        "list_address": rules.list_address(issue.community),
        "delivery": signed("delivery"),
        "leave": signed("unsubscribe"),
    }
    page = render_to_string("discussions/_digest.html", told)
    return {**told, "page": page, "foot": render_to_string("discussions/_digest_foot.html", told)}


def _entry(item: Item, *, with_body: bool) -> Entry:
    message = item.message
    local = message.sent_at.astimezone(text.zone_of(message.community))
    body, is_cut = _body(message) if with_body else ("", False)
    return Entry(
        position=item.position,
        author=text.author_of(item),
        name=message.author_name or "the author",
        when=f"{local:%a, %b} {local.day}, {local.hour % 12 or 12}:{local:%M %p %Z}",
        body=body,
        is_cut=is_cut,
        files=[(one_line(file.name), absolute(file.href)) for file in item.files],
        reply_to_author=text.reply_to_author(item),
        reply_to_list=text.reply_to_list(item),
        href=absolute(item.href),
    )


def _body(message: Message) -> tuple[str, bool]:
    """Safe HTML without quotations, its headings below those of the digest; a long message is cut, as plain text."""
    own, _ = text.without_quotations(message.text)
    words, is_cut = text.cut(own)
    if is_cut or not message.html:
        return _FOLDED.sub("", show(words, "")), is_cut
    page = _WROTE.sub("", _FOLDED.sub("", message.shown or show(message.text, message.html)).strip())
    page = html.clean(_HEADING.sub(r"<\1h4>", _without_last_quotation(page)))
    if len(page) > 4 * text.MOST_OF_A_MESSAGE:
        return show(words, ""), is_cut
    return page, is_cut


def _without_last_quotation(page: str) -> str:
    """HTML without the quotation at its end, where nothing but the end of the letter follows it."""
    depth = begin = end = 0
    for tag in _BLOCKQUOTE.finditer(page):
        if tag[1]:
            depth -= 1
            end = tag.end() if depth == 0 else end
        else:
            begin = tag.start() if depth == 0 else begin
            depth += 1
    if not end or depth or _TAG.sub("", page[end:]).replace("&nbsp;", "").strip():
        return page
    return _WROTE.sub("", page[:begin])


def _inner(item: Item) -> Letter | RawLetter:
    """One message as the MIME form holds it: what the list sent, without footer and files."""
    message = item.message
    community = message.community
    sender = formataddr((name_on_the_list(message, community), item.alias or rules.list_address(community)))
    raw = _signed_bytes(message)
    if raw:
        headers = (("From", sender), ("To", rules.list_address(community)))
        return RawLetter("discussions.post", raw, drop=FOREIGN_HEADERS, headers=headers)
    files = "".join(f"\nFile: {one_line(file.name)}: {absolute(file.href)}" for file in item.files)
    page = message.html + "".join(
        f'<p>File: <a href="{absolute(file.href)}">{escape(file.name)}</a></p>' for file in item.files
    )
    return Letter(
        kind="discussions.post",
        subject=one_line(message.subject) or "(no subject)",
        text=message.text.rstrip() + (f"\n{files}" if files else "") + f"\n\n{absolute(item.href)}\n",
        html=page if message.html else "",
        sender_name=name_on_the_list(message, community),
        sender=item.alias or rules.list_address(community),
        to=rules.list_address(community),
        message_id=message.message_id,
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        automatic="",
        sent_at=message.sent_at,
    )


def _signed_bytes(message: Message) -> bytes:
    """The raw letter where it is S/MIME-signed, so that its signature still holds; otherwise nothing."""
    try:
        raw = store.get(message.raw) if message.raw else b""
    except store.NotStored:
        return b""
    is_likely = b"signed" in raw[:20_000].lower() or b"pkcs7" in raw[:20_000].lower()
    return raw if is_likely and len(raw) <= LARGEST_SIGNED and read(raw).is_signed else b""


def _parts(issue: Issue, form: str) -> Iterator[Issue]:
    """An issue, cut where it holds too many messages or too much text for one letter; threads stay in order."""
    is_index = form == DigestForm.INDEX
    most = MOST_LINES if is_index else MOST_MESSAGES
    chosen: list[Item] = []
    size = 0
    for item in (item for thread in issue.threads for item in thread.items):
        weight = 0 if is_index else min(len(item.message.text.encode()), 2 * text.MOST_OF_A_MESSAGE) + 800
        if chosen and (len(chosen) == most or size + weight > MOST_BYTES):
            yield _with(issue, chosen)
            chosen, size = [], 0
        chosen.append(item)
        size += weight
    yield _with(issue, chosen)


def _with(issue: Issue, items: list[Item]) -> Issue:
    kept = {item.position for item in items}
    threads = [
        IssueThread(thread.thread, thread.href, tuple(item for item in thread.items if item.position in kept))
        for thread in issue.threads
    ]
    return replace(issue, threads=tuple(thread for thread in threads if thread.items))


def _several(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
