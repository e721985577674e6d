"""Reads a complaint in the Abuse Reporting Format (RFC 5965): somebody pressed "this is spam".

Whose letter it was is told by our own return path, which stands in the report (Original-Mail-From) or in the headers of
the letter that comes with it. It is signed, so that nobody can complain in the name of another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from junto.kit.tokens import BadToken
from junto.mail import registry, verp
from junto.mail.models import Mailing
from junto.mail.verp import Way

MOST_READ = 400_000
_IS_REPORT = re.compile(rb"^content-type[ \t]*:\s*multipart/report\b", re.IGNORECASE | re.MULTILINE)
_REPORT = re.compile(rb"^content-type:\s*message/feedback-report", re.IGNORECASE | re.MULTILINE)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FEEDBACK_TYPE = re.compile(rb"^feedback-type:\s*([a-z-]{1,30})", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(rb"^user-agent:\s*([^\r\n]{1,200})", re.IGNORECASE | re.MULTILINE)
_RETURN_PATH = re.compile(rb"\bb\+[a-z0-9_-]{0,24}\.[0-9a-f]{1,15}\.[0-9a-f]+-[0-9a-f]+(?=@)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Complaint:
    """`way` names mailing and reader; None where the report hides both. `kind` is "abuse" mostly; `words` are its agent's."""

    kind: str
    way: Way | None
    words: str


def read(raw: bytes) -> Complaint | None:
    """The complaint in a letter; None for what is none. Never raises for a bad letter.

    A report says of itself that it is one (RFC 5965, section 2). A letter that carries or quotes one, as an answer to it
    does, complains about nothing.
    """
    head = raw[:MOST_READ]
    if not _IS_REPORT.search(_END_OF_HEADERS.split(head, maxsplit=1)[0]) or not _REPORT.search(head):
        return None
    kind, agent = _FEEDBACK_TYPE.search(head), _AGENT.search(head)
    return Complaint(
        kind=kind[1].decode().lower() if kind else "abuse",
        way=_way_in(head),
        words=agent[1].decode("ascii", "replace").strip() if agent else "",
    )


def obey(raw: bytes) -> str:
    """Tell the room that sent the letter; says what became of it. Empty where the letter is no complaint."""
    found = read(raw)
    if found is None:
        return ""
    mailing = Mailing.objects.filter(pk=found.way.mailing_id).first() if found.way else None
    if found.way is None or mailing is None or found.kind == "not-spam":
        return "A complaint that does not tell whose letter it is about."
    registry.hear_of_complaint(audience=mailing.audience, told=mailing.told, key=found.way.key, words=found.words)
    return f"Complaint ({found.kind}) about a copy of mailing {mailing.pk}."


def _way_in(head: bytes) -> Way | None:
    for found in _RETURN_PATH.findall(head)[:20]:
        try:
            return verp.read(found.decode())
        except BadToken:
            continue
    return None
