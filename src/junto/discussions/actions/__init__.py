"""The verbs of discussions."""

from junto.discussions.actions.accepting import accept_post
from junto.discussions.actions.choosing import choose
from junto.discussions.actions.closing import close, reopen
from junto.discussions.actions.holding import accept_held, confirm, discard_held, disown, hold, reject_held
from junto.discussions.actions.posting import receive, reply, start
from junto.discussions.actions.private import pass_on

__all__ = [
    "accept_held",
    "accept_post",
    "choose",
    "close",
    "confirm",
    "discard_held",
    "disown",
    "hold",
    "pass_on",
    "receive",
    "reject_held",
    "reopen",
    "reply",
    "start",
]
