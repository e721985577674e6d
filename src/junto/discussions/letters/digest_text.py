"""A digest as text, in the form of RFC 1153: a preamble, 70 hyphens, messages with 30 hyphens between them, an end.

Undigesting programs take such a letter apart at exactly these lines, so a line of hyphens in a message is moved in by
one blank. Quotations of earlier messages are left out: they stand in the digest already, or in the archive.
"""

from __future__ import annotations

import re
from email.utils import format_datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from junto.communities.models import Community
from junto.discussions import queries, rules
from junto.discussions.letters.list_mail import name_on_the_list
from junto.discussions.letters.wording import absolute, mailto, one_line, signed
from junto.discussions.models import Thread
from junto.discussions.queries import Issue, Item

BEFORE_THE_FIRST, BETWEEN = "-" * 70, "-" * 30
MOST_OF_A_MESSAGE = 6_000
LEAST_LEFT_OUT = 3
_ORIGINAL = re.compile(r"^\s*(?:-{2,}\s?Original .{0,40}-{2,}|_{20,})\s*$", re.IGNORECASE)
_WROTE = re.compile(r"^.{0,300}\bwrote\b.{0,80}:\s*$", re.IGNORECASE)
_ANSWERED = re.compile(r"^\s*((re|aw|sv|fwd?)\s*:\s*)+", re.IGNORECASE)


def digest_text(issue: Issue, *, title: str) -> str:
    """The whole digest as text. `title` is “CX-COP Digest, Vol 3, Issue 12”, and names the part where there are several."""
    head = [
        f"{issue.community.list_label} Digest    {day_of(issue)}    Volume {issue.volume} : Issue {issue.number}",
        *(line for line in [title.partition(", part ")[2] and f"Part {title.partition(', part ')[2]}"] if line),
        "",
        *preamble(issue),
        "",
        "In this issue:",
        "",
        *contents(issue),
    ]
    messages = [_message(issue, item) for thread in issue.threads for item in thread.items]
    last = f"End of {title}"
    body = f"\n\n{BETWEEN}\n\n".join(messages)
    return "\n".join([*head, BEFORE_THE_FIRST, "", body, "", BETWEEN, "", last, "*" * len(last), ""])


def index_text(issue: Issue, *, title: str) -> str:
    """Subjects, authors and links only."""
    return "\n".join([title, "", *preamble(issue), "", "In this issue:", "", *contents(issue, links=True)])


def preamble(issue: Issue) -> list[str]:
    """How to answer, and how to change or end this mail."""
    community = issue.community
    lines = [
        "To answer one message, use the addresses below it. Please do not answer the digest as a whole.",
        f"Start a new discussion: {rules.list_address(community)}",
        f"Ask the managers: {mailto(community, 'request').removeprefix('mailto:')}",
        f"Change how you get this list: {signed('delivery')}",
        f"Leave this list: {signed('unsubscribe')}",
    ]
    if issue.left_out:
        lines += ["", left_out(issue)]
    return lines


def left_out(issue: Issue) -> str:
    verb = "message is" if issue.left_out == 1 else "messages are"
    return f"{issue.left_out:,} older {verb} in the archive only: {archive_of(issue)}"


def archive_of(issue: Issue) -> str:
    return absolute(issue.threads[0].href.rstrip("/").rpartition("/")[0] + "/")


def contents(issue: Issue, *, links: bool = False) -> list[str]:
    """The table of contents, thread by thread, with authors and their agencies."""
    lines = []
    for thread in issue.threads:
        label = label_of(thread.thread)
        lines += [f"  {f'[{label}] ' if label else ''}{topic_of(thread.thread)}", f"  {absolute(thread.href)}"]
        for item in thread.items:
            link = f": {absolute(item.href)}" if links else ""
            lines.append(f"    {item.position}. {author_of(item)}{link}")
        lines.append("")
    return lines


def label_of(thread: Thread) -> str:
    """“Question, Federal only”: the type of a thread, and its zone where that is not everyone."""
    zone = thread.get_zone_display() if thread.zone != "public" else ""
    return ", ".join(filter(None, [thread.get_kind_display() if thread.kind else "", zone]))


def topic_of(thread: Thread) -> str:
    """The subject without the word that says its type, which stands beside it."""
    subject = one_line(thread.subject)
    return re.sub(rf"^{re.escape(thread.kind)}\s*:\s*", "", subject, flags=re.IGNORECASE) if thread.kind else subject


def author_of(item: Item) -> str:
    agency = f" ({item.message.author_agency})" if item.message.author_agency else ""
    return one_line(f"{item.message.author_name.replace('@', ' at ') or 'Somebody'}{agency}")


def reply_to_author(item: Item) -> str:
    """A mailto: link to the alias of the author; empty where nobody stands behind it."""
    return _reply(item.alias, item) if item.alias else ""


def reply_to_list(item: Item) -> str:
    return _reply(rules.list_address(item.message.community), item)


def day_of(issue: Issue) -> str:
    local = issue.made_at.astimezone(zone_of(issue.community))
    return f"{local:%a}, {local.day} {local:%b %Y}"


def zone_of(community: Community) -> ZoneInfo:
    """The time zone of the list. Times stand in it for everyone: one digest serves readers in many zones."""
    return ZoneInfo(queries.zone_name("", community.time_zone))


def without_quotations(text: str) -> tuple[str, bool]:
    """The author's own words, and whether something was left out: quoted runs, and what hangs on an answer's end."""
    kept: list[str] = []
    quoted: list[str] = []
    is_shorter = False
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    for place, line in enumerate([*lines, ""]):
        if line.startswith((">", " >")):
            quoted.append(line)
            continue
        if len(quoted) >= LEAST_LEFT_OUT:
            is_shorter = True
            _drop_attribution(kept)
        else:
            kept += quoted
        quoted = []
        if place and kept and _ORIGINAL.match(line):
            is_shorter = True
            break
        kept.append(line)
    return "\n".join(kept).strip("\n"), is_shorter


def cut(text: str) -> tuple[str, bool]:
    """Text of no more than MOST_OF_A_MESSAGE characters, cut at the end of a line or word."""
    if len(text) <= MOST_OF_A_MESSAGE:
        return text, False
    head = text[:MOST_OF_A_MESSAGE]
    place = max(head.rfind("\n"), head.rfind(" "), MOST_OF_A_MESSAGE - 500)
    return head[:place].rstrip(), True


def _message(issue: Issue, item: Item) -> str:
    message = item.message
    local = message.sent_at.astimezone(zone_of(issue.community))
    sender = item.alias or rules.list_address(issue.community)
    head = [
        f"Date: {format_datetime(local)}",
        f"From: {name_on_the_list(message, issue.community)} <{sender}>",
        f"To: {rules.list_address(issue.community)}",
        f"Subject: {one_line(message.subject)}",
        f"Message-ID: <{message.message_id}>",
        f"Message: {item.position}",
    ]
    own, is_shorter = without_quotations(message.text)
    words, is_cut = cut(own)
    body = [f" {line}" if line.startswith(BETWEEN) else line for line in words.split("\n")]
    notes = [
        *(["[Quoted text is left out.]"] if is_shorter else []),
        *(["[The rest of this long message is on the web.]"] if is_cut else []),
    ]
    tail = [*(f"File: {one_line(file.name)}: {absolute(file.href)}" for file in item.files)]
    if link := reply_to_author(item):
        tail.append(f"Reply to {message.author_name or 'the author'}: {link}")
    tail += [f"Reply to the list: {reply_to_list(item)}", f"Read it on the web: {absolute(item.href)}"]
    return "\n".join([*head, "", *body, "", *notes, *([""] if notes else []), *tail])


def _reply(address: str, item: Item) -> str:
    subject = "Re: " + (_ANSWERED.sub("", one_line(item.message.subject)) or "(no subject)")
    answered = quote(f"<{item.message.message_id}>", safe="@")
    return f"mailto:{address}?subject={quote(subject, safe='')}&In-Reply-To={answered}"


def _drop_attribution(kept: list[str]) -> None:
    """Takes “On Monday Jo wrote:” from the end, with the blank lines around it."""
    while kept and not kept[-1].strip():
        kept.pop()
    for count in (1, 2):
        if len(kept) >= count and _WROTE.match(" ".join(kept[-count:])):
            del kept[-count:]
            return
