"""Mail of members to members: the copy of a post that everyone gets, a private reply, a post written on the web."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, formataddr
from hashlib import blake2b

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from junto.communities.models import Community, ReplyTo
from junto.discussions import queries, rules
from junto.discussions.letters.wording import MEMBERSHIP, absolute, mailto, one_line, speaking
from junto.discussions.models import Alias, DraftFile, Message
from junto.kit import html, markdown
from junto.mail.authentication import head_of
from junto.mail.letter import Enclosure, Letter, RawLetter, slots
from junto.mail.reading import ParsedMail
from junto.people.models import Person

UNFOLDED = default.clone(max_line_length=990)
SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_ADDRESS = re.compile(r"(?<=[\w.+%'-])@[\w-]+(?:\.[\w-]+)+")
FOREIGN_HEADERS = frozenset(
    [
        "list-id",
        "list-post",
        "list-help",
        "list-subscribe",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "list-owner",
        "list-archive",
        "archived-at",
        "authentication-results",
        "arc-seal",
        "arc-message-signature",
        "arc-authentication-results",
        "dkim-signature",
        "domainkey-signature",
        "received-spf",
        "return-path",
        "received",
        "sender",
        "reply-to",
        "disposition-notification-to",
        "return-receipt-to",
        "errors-to",
        "precedence",
        "x-loop",
        "x-auto-response-suppress",
        "delivered-to",
        "x-original-to",
        "from",
        "to",
        "cc",
        "bcc",
        "resent-from",
        "resent-to",
        "resent-cc",
        "resent-sender",
        "mail-followup-to",
        "mail-reply-to",
    ]
)


def post(message: Message, *, mail: ParsedMail, raw: bytes, alias: Alias) -> Letter | RawLetter:
    """The copy that every member gets. What is S/MIME-signed passes byte for byte, and gets no footer (RFC 8551)."""
    sender_name = name_on_the_list(message, alias.community)
    address = queries.alias_address(alias)
    headers = list_headers(message, alias)
    if mail.is_signed:
        own = (
            ("From", formataddr((sender_name, address))),
            ("To", rules.list_address(alias.community)),
            ("Reply-To", _reply_to(alias)),
            *(() if mail.message_id else (("Message-ID", f"<{message.message_id}>"),)),
        )
        drop = FOREIGN_HEADERS | _outside_ascii(raw)
        odd = drop - FOREIGN_HEADERS - {"subject"}
        own += tuple((name.title(), one_line(value)) for name in sorted(odd) for value in mail.headers.get(name, ()))
        subject = rules.with_tag(one_line(mail.subject), message.thread.zone)
        if subject != one_line(mail.header("subject")) or "subject" in drop:  # the signature covers no header
            own, drop = (*own, ("Subject", subject)), drop | {"subject"}
        return RawLetter("discussions.post", raw, drop=drop, headers=own + headers, scope=MEMBERSHIP)
    text, page = _with_footer(message, alias.community, mail)
    return Letter(
        kind="discussions.post",
        subject=rules.with_tag(one_line(mail.subject) or "(no subject)", message.thread.zone),
        text=text,
        html=page,
        sender_name=sender_name,
        sender=address,
        to=rules.list_address(alias.community),
        reply_to=_reply_to(alias),
        message_id=message.message_id,
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        headers=headers,
        enclosures=_enclosures(mail),
        automatic="",
        scope=MEMBERSHIP,
        sent_at=mail.sent_at or message.sent_at,
    )


def private_reply(mail: ParsedMail, *, alias: Alias, sender: Alias) -> Letter:
    """A reply to a poster's alias, for that poster alone. Both sides stand there by their aliases only.

    What the author wrote stays as it is. A signature file is left out: it covers a letter that is no longer the same, and
    its certificate names the author's address.
    """
    names = {
        mail.from_address.lower(),
        sender.person.email.lower(),
        alias.person.email.lower(),
        rules.address_in(alias),
    }
    about = {"name": sender.person.display_name, "list": alias.community.list_label}
    page = html.clean(mail.html) if mail.html else ""
    with speaking(alias.person):
        footer = render_to_string("discussions/_private_footer.txt", about)
        copy = render_to_string("discussions/_private_copy.html", {**about, "page": page}) if page else ""
        nameless = gettext("(no subject)")
    return Letter(
        kind="discussions.private_reply",
        subject=one_line(mail.subject) or nameless,
        text=mail.text.rstrip() + "\n\n" + footer,
        html=copy,
        sender_name=_via(sender.person.display_name, sender.person.agency_label, alias.community),
        sender=queries.alias_address(sender),
        to=queries.alias_address(alias),
        message_id=_unnamed(mail.message_id, names),
        in_reply_to=_unnamed(mail.in_reply_to, names),
        references=tuple(_unnamed(one, names) for one in mail.references),
        headers=(("X-Loop", queries.alias_address(alias)), ("X-Auto-Response-Suppress", "OOF, AutoReply")),
        enclosures=tuple(one for one in _enclosures(mail) if one.content_type not in SIGNATURES),
        automatic="",
        sent_at=mail.sent_at,
    )


def written_on_the_web(
    *,
    community: Community,
    by: Person,
    subject: str,
    body: str,
    message_id: str,
    parent: Message | None,
    files: Sequence[DraftFile] = (),
) -> bytes:
    """A post from a form as the letter that it would have been: text as typed, HTML, and files; what a picture shows stands
    in its Content-Description."""
    letter = EmailMessage()
    letter["From"] = formataddr((by.display_name, by.email))
    letter["To"] = rules.list_address(community)
    letter["Subject"] = one_line(subject)
    letter["Date"] = format_datetime(timezone.localtime())
    letter["Message-ID"] = f"<{message_id}>"
    if parent is not None:
        chain = [*parent.references, parent.message_id][-20:]
        letter["In-Reply-To"] = f"<{parent.message_id}>"
        letter["References"] = " ".join(f"<{one}>" for one in chain)
    letter.set_content(body.replace("\r\n", "\n"), cte="quoted-printable")
    letter.add_alternative(markdown.render(body), subtype="html", cte="quoted-printable")
    for file in files:
        _enclose(letter, file)
    return letter.as_bytes(policy=UNFOLDED)


def _enclose(letter: EmailMessage, file: DraftFile) -> None:
    kind, _, subtype = file.content_type.partition("/")
    if kind in {"message", "multipart"} or not subtype:
        kind, subtype = "application", "octet-stream"
    letter.add_attachment(
        bytes(file.content),
        maintype=kind,
        subtype=subtype,
        filename=file.file_name,
        cte="base64",
        disposition="attachment",
    )
    if alt := one_line(file.alt):
        list(letter.iter_attachments())[-1]["Content-Description"] = alt


def list_headers(message: Message, alias: Alias) -> tuple[tuple[str, str], ...]:
    """What marks list mail: RFC 2369, 2919, 5064, 8058, and words that keep autoresponders silent."""
    community = alias.community
    here = rules.list_address(community)
    archive = absolute(reverse("discussions:threads", args=[community.slug]))
    page = absolute(reverse("communities:front", args=[community.slug]))
    return (
        ("Sender", here),
        ("List-Id", formataddr((one_line(community.name), community.list_id))),
        ("List-Post", f"<mailto:{here}>"),
        ("List-Help", f"<{page}>, <{mailto(community, 'request')}?subject=help>"),
        ("List-Subscribe", f"<{page}join/>, <{mailto(community, 'subscribe-request')}>"),
        ("List-Unsubscribe", f"<{_signed('unsubscribe')}>, <{mailto(community, 'signoff-request')}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Owner", f"<{mailto(community, 'request')}>"),
        ("List-Archive", f"<{archive}>"),
        ("Archived-At", f"<{absolute(message.get_absolute_url())}>"),
        ("Precedence", "list"),
        ("X-Loop", here),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    )


def name_on_the_list(message: Message, community: Community) -> str:
    """“Ben Brooks (EPA) via CX-COP”"""
    return _via(message.author_name, message.author_agency, community)


def _via(name: str, agency: str, community: Community) -> str:
    agency = f" ({agency})" if agency else ""
    return one_line(f"{_ADDRESS.sub('', name).replace('@', ' at ')}{agency} via {community.list_label}")


def _unnamed(message_id: str, addresses: set[str]) -> str:
    """A Message-ID; where it holds an address that must not be seen, one made from it, which is the same each time."""
    if not any(address in message_id.lower() for address in addresses if address):
        return message_id
    return (
        f"private.{blake2b(message_id.encode('utf-8', 'replace'), digest_size=16).hexdigest()}@{settings.LIST_DOMAIN}"
    )


def _outside_ascii(raw: bytes) -> frozenset[str]:
    """The names of header fields with bytes beyond ASCII (RFC 6532), which not every relay takes: written anew they are
    encoded words, and only an address may still need SMTPUTF8."""
    fields = re.split(rb"\r?\n(?![ \t])", head_of(raw))
    odd = (field.partition(b":")[0].strip().lower() for field in fields if not field.isascii())
    return frozenset(name.decode("ascii", "replace") for name in odd if name.isascii())


def _reply_to(alias: Alias) -> str:
    if alias.community.reply_to == ReplyTo.LIST:
        return rules.list_address(alias.community)
    return queries.alias_address(alias)


def _with_footer(message: Message, community: Community, mail: ParsedMail) -> tuple[str, str]:
    """Text and HTML of the copy for the list. A letter that came without HTML goes out without."""
    context = {
        "list": community.list_label,
        "thread": absolute(message.get_absolute_url()),
        "mute": _signed("thread", message.thread_id),
        "pause": _signed("pause"),
        "delivery": _signed("delivery"),
        "deliveries": _signed("deliveries"),
        "leave": _signed("unsubscribe"),
        "page": message.html,
    }
    text = mail.text.rstrip() + "\n\n" + render_to_string("discussions/_list_footer.txt", context)
    page = render_to_string("discussions/_list_copy.html", context) if message.html else ""
    return text, page


def _enclosures(mail: ParsedMail) -> tuple[Enclosure, ...]:
    return tuple(Enclosure(file.file_name, file.content_type, file.content, file.description) for file in mail.files)


def _signed(name: str, *more: int) -> str:
    return absolute(reverse(f"signed:{name}", args=[slots.REF, *more]))
