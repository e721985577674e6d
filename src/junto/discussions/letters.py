"""The letters of this room: a post on its way to the members, and what authors and moderators are told."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from junto.communities.models import Community, Membership, ReplyTo
from junto.discussions import queries, rules
from junto.discussions.models import Alias, HeldPost, Message, Thread
from junto.discussions.rules import Post
from junto.kit import html, markdown, tokens
from junto.mail.letter import Enclosure, Letter, RawLetter, slots
from junto.mail.reading import ParsedMail
from junto.people.models import Agency, Person
from junto.ui.letters import render

MEMBERSHIP = "communities.membership"
UNFOLDED = default.clone(max_line_length=990)

FOREIGN_HEADERS = frozenset(
    "list-id list-post list-help list-subscribe list-unsubscribe list-unsubscribe-post list-owner list-archive "
    "archived-at authentication-results arc-seal arc-message-signature arc-authentication-results dkim-signature "
    "domainkey-signature received-spf return-path received sender reply-to disposition-notification-to "
    "return-receipt-to errors-to precedence x-loop x-auto-response-suppress delivered-to x-original-to "
    "from to cc bcc resent-from resent-to resent-cc resent-sender mail-followup-to mail-reply-to".split()
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
        return RawLetter("discussions.post", raw, drop=FOREIGN_HEADERS, headers=own + headers, scope=MEMBERSHIP)
    text, page = _with_footer(message, alias.community, mail)
    return Letter(
        kind="discussions.post",
        subject=_one_line(mail.subject) or "(no subject)",
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
    """A reply to a poster's alias, for that poster alone. Both sides stand there by their aliases only."""
    about = {"name": sender.person.display_name, "list": alias.community.list_label}
    page = html.clean(mail.html) if mail.html else ""
    return Letter(
        kind="discussions.private_reply",
        subject=_one_line(mail.subject) or "(no subject)",
        text=mail.text.rstrip() + "\n\n" + render_to_string("discussions/_private_footer.txt", about),
        html=render_to_string("discussions/_private_copy.html", {**about, "page": page}) if page else "",
        sender_name=_via(sender.person.display_name, sender.person.agency_label, alias.community),
        sender=queries.alias_address(sender),
        to=queries.alias_address(alias),
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.references),
        headers=(("X-Loop", queries.alias_address(alias)), ("X-Auto-Response-Suppress", "OOF, AutoReply")),
        enclosures=_enclosures(mail),
        automatic="",
        sent_at=mail.sent_at,
    )


def please_confirm(held: HeldPost) -> Letter:
    """“Was this you?”: to the owner of the address that an unproven post came from."""
    link = _absolute(reverse("signed:confirm-post", args=[tokens.sign(queries.CONFIRM, held.pk)]))
    return _letter("please_confirm", _about(held) | {"link": link}, held.community)


def held_for_author(held: HeldPost) -> Letter:
    """Your post waits for a moderator."""
    return _letter("held_for_author", _about(held), held.community, automatic="auto-replied")


def held_for_moderators(held: HeldPost) -> Letter:
    """A post waits for you."""
    page = reverse("discussions:held", args=[held.community.slug])
    return _letter(
        "held_for_moderators", _about(held) | {"link": _absolute(f"{page}#held-{held.pk}")}, held.community
    )


def accepted(held: HeldPost, message: Message) -> Letter:
    """Your post was accepted, and is on its way."""
    link = _absolute(message.get_absolute_url())
    return _letter("accepted", _about(held) | {"link": link}, held.community)


def rejected(*, community: Community, subject: str, reason: str, may_join: bool) -> Letter:
    """Your post did not go to the list, for this reason; where joining would help, how to join."""
    context = {
        "community": community,
        "list": community.list_label,
        "subject": subject,
        "reason": reason,
        "join": _absolute(reverse("communities:join", args=[community.slug])) if may_join else "",
        "join_address": f"{community.list_name}-subscribe-request@{settings.LIST_DOMAIN}",
    }
    return _letter("rejected", context, community, automatic="auto-replied")


def redirected_command(post: Post) -> Letter:
    """A command that was sent to the whole list: here is the button."""
    community, membership = post.community, post.membership
    if membership is not None and membership.is_active():
        link = reverse("signed:delivery", args=[tokens.sign(MEMBERSHIP, membership.pk)])
    else:
        link = reverse("communities:front", args=[community.slug])
    context = {
        "community": community,
        "list": community.list_label,
        "is_member": post.is_from_a_member,
        "link": _absolute(link),
        "words": rules.own_words(post.mail.text)[:80] or post.mail.subject[:80],
    }
    return _letter("redirected_command", context, community, automatic="auto-replied")


def written_on_the_web(  # noqa: PLR0913
    *, community: Community, by: Person, subject: str, body: str, message_id: str, parent: Message | None
) -> bytes:
    """A post from a form as the letter that it would have been: text as typed, and HTML."""
    letter = EmailMessage()
    letter["From"] = formataddr((by.display_name, by.email))
    letter["To"] = rules.list_address(community)
    letter["Subject"] = _one_line(subject)
    letter["Date"] = format_datetime(timezone.localtime())
    letter["Message-ID"] = f"<{message_id}>"
    if parent is not None:
        chain = [*parent.references, parent.message_id][-20:]
        letter["In-Reply-To"] = f"<{parent.message_id}>"
        letter["References"] = " ".join(f"<{one}>" for one in chain)
    letter.set_content(body.replace("\r\n", "\n"), cte="quoted-printable")
    letter.add_alternative(markdown.render(body), subtype="html", cte="quoted-printable")
    return letter.as_bytes(policy=UNFOLDED)


def list_headers(message: Message, alias: Alias) -> tuple[tuple[str, str], ...]:
    """What marks list mail: RFC 2369, 2919, 5064, 8058, and words that keep autoresponders silent."""
    community = alias.community
    here = rules.list_address(community)
    archive = _absolute(reverse("discussions:threads", args=[community.slug]))
    page = _absolute(reverse("communities:front", args=[community.slug]))
    return (
        ("Sender", here),
        ("List-Id", formataddr((_one_line(community.name), community.list_id))),
        ("List-Post", f"<mailto:{here}>"),
        ("List-Help", f"<{page}>, <{_mailto(community, 'request')}?subject=help>"),
        ("List-Subscribe", f"<{page}join/>, <{_mailto(community, 'subscribe-request')}>"),
        ("List-Unsubscribe", f"<{_signed('unsubscribe')}>, <{_mailto(community, 'signoff-request')}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Owner", f"<{_mailto(community, 'request')}>"),
        ("List-Archive", f"<{archive}>"),
        ("Archived-At", f"<{_absolute(message.get_absolute_url())}>"),
        ("Precedence", "list"),
        ("X-Loop", here),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    )


def name_on_the_list(message: Message, community: Community) -> str:
    """“Ben Brooks (EPA) via CX-COP”"""
    return _via(message.author_name, message.author_agency, community)


def _via(name: str, agency: str, community: Community) -> str:
    agency = f" ({agency})" if agency else ""
    return _one_line(f"{name.replace('@', ' at ')}{agency} via {community.list_label}")


def _reply_to(alias: Alias) -> str:
    if alias.community.reply_to == ReplyTo.LIST:
        return rules.list_address(alias.community)
    return queries.alias_address(alias)


def _with_footer(message: Message, community: Community, mail: ParsedMail) -> tuple[str, str]:
    """Text and HTML of the copy for the list. A letter that came without HTML goes out without."""
    context = {
        "list": community.list_label,
        "thread": _absolute(message.get_absolute_url()),
        "delivery": _signed("delivery"),
        "leave": _signed("unsubscribe"),
        "page": message.html,
    }
    text = mail.text.rstrip() + "\n\n" + render_to_string("discussions/_list_footer.txt", context)
    page = render_to_string("discussions/_list_copy.html", context) if message.html else ""
    return text, page


def _letter(name: str, context: dict[str, object], community: Community, automatic: str = "auto-generated") -> Letter:
    rendered = render(f"discussions.{name}", context)
    return Letter(
        kind=f"discussions.{name}",
        subject=_one_line(rendered.subject),
        text=rendered.text,
        html=rendered.html,
        sender_name=community.list_label,
        sender=f"{community.list_name}-request@{settings.LIST_DOMAIN}",
        automatic=automatic,
    )


def _about(held: HeldPost) -> dict[str, object]:
    agency = held.author.agency_label if held.author else ""
    return {
        "community": held.community,
        "list": held.community.list_label,
        "subject": held.subject or "(no subject)",
        "name": held.name or held.email,
        "email": held.email,
        "agency": agency,
        "excerpt": held.excerpt,
        "reason": held.reason,
        "is_private": held.alias_id is not None,
    }


def _enclosures(mail: ParsedMail) -> tuple[Enclosure, ...]:
    return tuple(Enclosure(file.file_name, file.content_type, file.content) for file in mail.files)


def _signed(name: str) -> str:
    return _absolute(reverse(f"signed:{name}", args=[slots.REF]))


def _mailto(community: Community, what: str) -> str:
    return f"mailto:{community.list_name}-{what}@{settings.LIST_DOMAIN}"


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
