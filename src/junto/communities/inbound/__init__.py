"""The doors that mail comes in by: LIST-subscribe@, LIST-signoff@, LIST-request@, LIST-confirm+TOKEN@ and listserv@.

Each is called by the router, once, in the transaction that marks the arrival as done.
"""

from junto.communities.inbound.doors import (
    commands,
    confirm,
    help_with,
    info,
    listserv,
    request,
    signoff,
    subscribe,
    subscribe_digest,
)
from junto.communities.inbound.roles import complaint, role

__all__ = [
    "commands",
    "complaint",
    "confirm",
    "help_with",
    "info",
    "listserv",
    "request",
    "role",
    "signoff",
    "subscribe",
    "subscribe_digest",
]
