"""Reads a bounce: RFC 3464 first, then the habits of servers (flufl.bounce), then codes in plain text."""

from __future__ import annotations

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

from flufl.bounce import all_failures

from junto.mail import faults
from junto.mail.faults import Fault

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

log = logging.getLogger(__name__)

MOST_READ = 400_000
MOST_TEXT = 30_000
LONGEST_LINE = 2_000
_LOCAL = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~.-"
_ADDRESS = rf"(?<![{_LOCAL}])[{_LOCAL}]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_IN_BRACKETS = re.compile(f"<({_ADDRESS})>")
_ANY_ADDRESS = re.compile(_ADDRESS)
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?:[ -]|$)", re.MULTILINE)
_FAILURE = re.compile(
    r"fail(ed|ure)|undeliver|could ?n.t be delivered|could not be delivered|not be delivered|returned mail|non.?delivery|rejected"
    r"|unable to deliver|delivery (status|problem|error|notification|report)|mail system error|returned to sender|bounce"
    r"|delivery has been delayed|warning: (message|could not)|user unknown",
    re.IGNORECASE,
)
_COPY_BEGINS = re.compile(
    r"\n[ >*=-]*(original message follows|-+ ?(original|returned) message|below this line is a copy|-+ this is a copy"
    r"|included is a copy|the message (header|returned below)|received: from )",
    re.IGNORECASE,
)
_SENDERS = re.compile(r"mailer-daemon|postmaster|mail(er)?[ _-]?(delivery|administrator)|<>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that failed. `status` is enhanced (5.1.1) or empty; `words` are the server's, on one line."""

    address: str
    is_permanent: bool
    status: str
    words: str
    fault: Fault


def read(raw: bytes) -> list[Bounce]:
    """What a bounce says, address by address; empty for what is no bounce. Never raises for a bad letter."""
    mail = _parsed(raw)
    if mail is None or _is_complaint(mail):
        return []
    for reader in (_from_report, _from_habits, _from_text):
        try:
            found = reader(mail)
        except Exception as error:
            log.info("A bounce could not be read by %s: %s", reader.__name__, error)
            continue
        if found is not None:
            return found
    return []


def _parsed(raw: bytes) -> Message | None:
    try:
        lines = re.sub(rb"\r\n|\r", b"\n", raw[:MOST_READ]).split(b"\n")
        return email.message_from_bytes(b"\n".join(line[:LONGEST_LINE] for line in lines), policy=policy.compat32)
    except Exception:
        return None


def _is_complaint(mail: Message) -> bool:
    return any(part.get_content_type() == "message/feedback-report" for part in mail.walk())


# RFC 3464


def _from_report(mail: Message) -> list[Bounce] | None:
    """The fields of message/delivery-status, one group per recipient. None where there is no such part."""
    groups = [group for part in mail.walk() for group in _groups(part)]
    if not groups:
        return None
    words = _text(mail)
    found: dict[str, Bounce] = {}
    for group in groups:
        one = _from_group(group, words)
        if one is not None:
            found.setdefault(one.address.lower(), one)
    if found:
        return list(found.values())
    return [] if any(group.get("Action") for group in groups) else None


def _groups(part: Message) -> Iterator[Message]:
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (group for group in payload if isinstance(group, Message))
    else:
        for block in re.split(r"\n\s*\n", str(payload)):
            yield email.message_from_string(block.strip() + "\n")


def _from_group(group: Message, text: str) -> Bounce | None:
    action = _first_word(group.get("Action", "")).lower()
    address = _field_address(group.get("Original-Recipient")) or _field_address(group.get("Final-Recipient"))
    final = _field_address(group.get("Final-Recipient"))
    if not (address or final) or (action and action not in ("failed", "delayed")):
        return None
    diagnostic = _one_line(str(group.get("Diagnostic-Code", "")).partition(";")[2] or "")
    status = _status(str(group.get("Status", "")), diagnostic)
    if not action and not status:
        return None
    return _bounce(final or address, status, diagnostic or _one_line(text), is_delay=action == "delayed")


def _status(field: str, diagnostic: str) -> str:
    """The more telling of the Status field and what the server said: x.0.0 says nothing."""
    said, noted = faults.status_in(diagnostic), faults.status_in(field)
    is_more_telling = not noted or noted.endswith(".0.0") or said.startswith("5.7.")
    return said if said and is_more_telling else noted


def _field_address(value: object) -> str:
    found = _ANY_ADDRESS.search(str(value or ""))
    return found[0].strip(".'\"") if found else ""


# The habits of servers


def _from_habits(mail: Message) -> list[Bounce] | None:
    temporary, permanent = all_failures(mail)
    words = _one_line(_text(mail))
    status = faults.status_in(words)
    found = [_bounce(_decoded(a), status, words) for a in sorted(permanent)]
    found += [_bounce(_decoded(a), status, words, is_delay=True) for a in sorted(temporary - permanent)]
    return [one for one in found if "@" in one.address] or None


def _decoded(address: bytes | str) -> str:
    return address.decode("ascii", "replace") if isinstance(address, bytes) else address


# Codes in plain text


def _from_text(mail: Message) -> list[Bounce] | None:
    subject = str(mail.get("Subject", ""))
    text = _text(mail)
    is_from_daemon = bool(_SENDERS.search(str(mail.get("From", "")) + str(mail.get("Return-Path", ""))))
    if not (_FAILURE.search(subject) or (is_from_daemon and _FAILURE.search(text))):
        return None
    told = text.partition("\n--- ")[0]
    address = _failed_recipient(mail) or next(iter(_likely_addresses(told, mail)), "")
    code = _CODE.search(told)
    status = faults.status_in(told)
    is_delay = (code is not None and code[1].startswith("4")) or "delay" in subject.lower()
    if not (address or status or code):
        return None
    return [_bounce(address, status, _one_line(told), is_delay=is_delay and not status.startswith("5"))]


def _failed_recipient(mail: Message) -> str:
    return _field_address(mail.get("X-Failed-Recipients"))


def _likely_addresses(text: str, mail: Message) -> list[str]:
    ours = {_field_address(mail.get(name)).lower() for name in ("To", "From", "Return-Path", "Sender")}
    found = _IN_BRACKETS.findall(text) + _ANY_ADDRESS.findall(text)
    return [one for one in found if one.lower() not in ours and not _SENDERS.search(one)]


# Shared


def _bounce(address: str, status: str, words: str, *, is_delay: bool = False) -> Bounce:
    code = _CODE.search(words)
    fault = Fault.TEMPORARY if is_delay else faults.of(int(code[1]) if code else 0, status, words)
    return Bounce(address, fault is Fault.PERMANENT, status, words[:1000], fault)


def _text(mail: Message) -> str:
    """The first text of the bounce itself, not of the letter that it returns."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            break
        if part.get_content_maintype() == "text" and not part.is_multipart():
            payload = part.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
            text = content[:MOST_TEXT].decode("utf-8", "replace")
            text = re.sub(r"<[^@<>]{1,200}>", " ", text) if part.get_content_subtype() == "html" else text
            return _COPY_BEGINS.split(text, maxsplit=1)[0]
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:1000]


def _first_word(value: object) -> str:
    return (str(value).split() or [""])[0].strip(";,")
