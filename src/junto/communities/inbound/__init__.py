"""The doors that mail comes in by: LIST-subscribe@, LIST-signoff@, LIST-request@, LIST-confirm+TOKEN@ and listserv@.

Each is called by the router, once, in the transaction that marks the arrival as done.
"""

from junto.communities.inbound.doors import confirm, listserv, request, signoff, subscribe
from junto.communities.inbound.roles import complaint, role

__all__ = [
    "complaint",
    "confirm",
    "listserv",
    "request",
    "role",
    "signoff",
    "subscribe",
]
