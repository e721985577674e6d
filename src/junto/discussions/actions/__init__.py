"""The verbs of discussions."""

from junto.discussions.actions.accepting import accept_post
from junto.discussions.actions.answering_questions import mark_answer, note_summary, remind_asker, unmark_answer
from junto.discussions.actions.closing import close, reopen
from junto.discussions.actions.holding import (
    accept_held,
    confirm,
    discard_held,
    discard_many,
    disown,
    hold,
    reject_held,
    retitle_held,
)
from junto.discussions.actions.posting import receive, reply, start
from junto.discussions.actions.private import pass_on

__all__ = [
    "accept_held",
    "accept_post",
    "close",
    "confirm",
    "discard_held",
    "discard_many",
    "disown",
    "hold",
    "mark_answer",
    "note_summary",
    "pass_on",
    "receive",
    "reject_held",
    "remind_asker",
    "reopen",
    "reply",
    "retitle_held",
    "start",
    "unmark_answer",
]
