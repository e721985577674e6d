"""The doors that mail comes in by: LIST-subscribe@, LIST-signoff@, LIST-request@, LIST-confirm+TOKEN@ and listserv@.

Each is called by the router, once, in the transaction that marks the arrival as done.
"""

from junto.communities.inbound.doors import confirm, listserv, request, signoff, subscribe

__all__ = ["confirm", "listserv", "request", "signoff", "subscribe"]
