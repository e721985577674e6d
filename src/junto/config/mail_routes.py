"""The addresses of mail, as urls.py has those of pages.

Each route is a pattern of the local part (in lower case), the room's door, and who knows whether it exists; the first
that fits leads the letter in. AUDIENCES are the streams that a mailing may go to.
"""

from __future__ import annotations

from junto.communities import inbound as communities
from junto.communities.queries import EachMessage, is_list
from junto.discussions import inbound as discussions
from junto.discussions.queries import PostReaders, alias_exists
from junto.mail.router import Route
from junto.people.actions import note_bounce

NAME = r"(?P<name>[a-z0-9][a-z0-9._-]*)"
TOKEN = r"(?P<token>[a-z0-9]+-[a-z0-9]+)"  # noqa: S105  # a pattern, no secret

ROUTES = [
    Route(r"listserv|junto", communities.listserv),
    Route(rf"{NAME}-(?:subscribe-request|subscribe|join)", communities.subscribe, is_list),
    Route(rf"{NAME}-(?:signoff-request|unsubscribe-request|signoff|unsubscribe|leave)", communities.signoff, is_list),
    Route(rf"{NAME}-confirm\+{TOKEN}", communities.confirm, is_list),
    Route(rf"{NAME}-(?:request|owner)", communities.request, is_list),
    Route(rf"owner-{NAME}", communities.request, is_list),
    Route(rf"[^+@]+\.reply\.{TOKEN}", discussions.reply_to_alias, alias_exists),
    Route(r"(?P<name>[^+@]+)", discussions.post, is_list),
    Route(rf"{NAME}-(?:subscribe-digest|digest)", communities.subscribe_digest, is_list),
    Route(rf"{NAME}-confirm", communities.commands, is_list),
    Route(rf"{NAME}-help", communities.help_with, is_list),
    Route(rf"{NAME}-info", communities.info, is_list),
]
AUDIENCES = {"communities.each_message": EachMessage(), "discussions.post_readers": PostReaders()}
HEARS_OF_BOUNCE = note_bounce
