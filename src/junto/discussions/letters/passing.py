"""The copy of a post that keeps its author's From line and signature: nothing that is signed may change.

No footer, no edited subject; only headers go in front that the signature does not cover. Where one is covered that a
list must set or take out, or where the finished copy would not verify, there is no such copy, and the post is rewritten.
"""

from __future__ import annotations

from junto.communities.models import ReplyTo
from junto.discussions import rules
from junto.discussions.letters.list_mail import FOREIGN_HEADERS, list_headers
from junto.discussions.letters.wording import MEMBERSHIP
from junto.discussions.models import Alias, Message
from junto.mail import reading, seals
from junto.mail.authentication import head_of
from junto.mail.letter import RawLetter
from junto.mail.reading import ParsedMail
from junto.mail.seals import Seal

KEPT = frozenset({"from", "to", "cc", "dkim-signature", "reply-to"})
NEEDED = frozenset({"list-id", "list-unsubscribe", "list-unsubscribe-post", "list-post"})
UNWANTED = frozenset({"disposition-notification-to", "return-receipt-to", "errors-to"})


def passed_through(
    message: Message, *, mail: ParsedMail, raw: bytes, alias: Alias, seal: Seal | None
) -> RawLetter | None:
    """The copy, or None where the signature would not survive."""
    if seal is None or not mail.message_id or reading.head_of(raw).subject != mail.subject:
        return None
    if not head_of(raw).isascii():
        return None  # headers outside ASCII need SMTPUTF8 at every server on the way, and may not be written anew
    covered = frozenset(seal.covers)
    if NEEDED & covered or UNWANTED & covered & mail.headers.keys():
        return None
    own = [*list_headers(message, alias)]
    drop = FOREIGN_HEADERS - KEPT - covered
    if alias.community.reply_to == ReplyTo.LIST and "reply-to" not in covered:
        own.append(("Reply-To", rules.list_address(alias.community)))
        drop |= {"reply-to"}
    headers = tuple((name, value) for name, value in own if name.lower() not in covered)
    letter = RawLetter("discussions.post", raw, drop=drop, headers=headers, scope=MEMBERSHIP)
    return letter if seals.holds(letter, seal) else None
