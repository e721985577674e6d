"""The addresses of mail, as urls.py has those of pages.

Each route is a pattern of the local part (in lower case), the room's door, and who knows whether it exists; the first
that fits leads the letter in. AUDIENCES are the streams that a mailing may go to.
"""

from __future__ import annotations

from junto.communities import inbound as communities
from junto.communities.actions import note_refusal
from junto.communities.queries import Announced, EachMessage, OfDeed, is_list
from junto.discussions import inbound as discussions
from junto.discussions.queries import (
    DigestReaders,
    PostReaders,
    alias_exists,
    held_exists,
    notice_exists,
    send_answer_exists,
)
from junto.mail.router import Route
from junto.people.actions import note_bounce

NAME = r"(?P<name>[a-z0-9][a-z0-9._-]*)"
TOKEN = r"(?P<token>[a-z0-9]+-[a-z0-9]+)"  # noqa: S105  # a pattern, no secret

ROUTES = [
    Route(r"(?P<role>postmaster|abuse|complaints)", communities.role, needs_proof=False),
    Route(r"listserv|junto", communities.listserv),
    Route(rf"{NAME}-(?:subscribe-request|subscribe|join)", communities.subscribe, is_list),
    Route(rf"{NAME}-(?:signoff-request|unsubscribe-request|signoff|unsubscribe|leave)", communities.signoff, is_list),
    Route(rf"{NAME}-confirm\+{TOKEN}", communities.confirm, is_list),
    Route(rf"{NAME}-send\+{TOKEN}", discussions.answer_about_post, send_answer_exists),
    Route(rf"{NAME}-(?:request|owner)", communities.request, is_list),
    Route(rf"owner-{NAME}", communities.request, is_list),
    Route(rf"[^+@]+\.reply\.{TOKEN}", discussions.reply_to_alias, alias_exists),
    Route(r"(?P<name>[^+@]+)", discussions.post, is_list, prepare=discussions.prepare_post),
    Route(rf"[^+@]+\.held\.{TOKEN}", discussions.decide_held, notice_exists),
    Route(rf"[^+@]+\.confirm\.{TOKEN}", discussions.confirm_by_reply, held_exists, needs_proof=False),
    Route(r"(?P<name>[^+@]+)", discussions.post, is_list),
    Route(rf"{NAME}-(?:subscribe-digest|digest)", communities.subscribe_digest, is_list),
    Route(rf"{NAME}-confirm", communities.commands, is_list),
    Route(rf"{NAME}-help", communities.help_with, is_list),
    Route(rf"{NAME}-info", communities.info, is_list),
]
AUDIENCES = {
    "communities.announced": Announced(),
    "communities.of_deed": OfDeed(),
    "communities.each_message": EachMessage(),
    "discussions.digest_readers": DigestReaders(),
    "discussions.post_readers": PostReaders(),
}
HEARS_OF_BOUNCE = note_bounce
HEARS_OF_REFUSAL = note_refusal
HEARS_OF_COMPLAINT = communities.complaint
