"""Messages as one mbox file (mboxrd), shared by what is handed out and what is handed back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import IO

from junto.discussions.models import Message
from junto.mail import store

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


def write_mbox(messages: Iterable[Message], file: IO[bytes]) -> int:
    """Write messages into an open file; returns how many."""
    count = 0
    for message in messages:
        raw = _letter(message).replace(b"\r\n", b"\n").rstrip(b"\n")
        file.write(_separator(message) + _FROM_LINE.sub(rb">\1", raw) + b"\n\n")
        count += 1
    return count


def _separator(message: Message) -> bytes:
    sender = "".join(message.author_email.split()) or "MAILER-DAEMON"
    return f"From {sender} {message.sent_at:%a %b %d %H:%M:%S %Y}\n".encode("ascii", "replace")


def _letter(message: Message) -> bytes:
    """The raw letter where it was kept; for what was written on the web, a letter made of its parts."""
    if message.raw:
        try:
            return store.get(message.raw)
        except store.NotStored:
            pass
    letter = EmailMessage(policy=SMTP)
    letter["Date"] = format_datetime(message.sent_at)
    letter["From"] = formataddr(
        (_header(message.author_name), _header(message.author_email) or "unknown@invalid"), "utf-8"
    )
    letter["Subject"] = _header(message.subject)
    letter["Message-ID"] = f"<{_header(message.message_id)}>"
    if message.in_reply_to:
        letter["In-Reply-To"] = f"<{_header(message.in_reply_to)}>"
    if message.references:
        letter["References"] = " ".join(f"<{_header(str(reference))}>" for reference in message.references)
    letter.set_content(message.text or "", cte="base64")
    if message.html:
        letter.add_alternative(message.html, subtype="html", cte="base64")
    return letter.as_bytes()


def _header(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
