"""The verbs of discussions."""

from junto.discussions.actions.accepting import accept_post
from junto.discussions.actions.answering_questions import mark_answer, note_summary, remind_asker, unmark_answer
from junto.discussions.actions.asking import ask
from junto.discussions.actions.braking import brake, lift_brake, note_command
from junto.discussions.actions.choosing import choose
from junto.discussions.actions.closing import close, reopen
from junto.discussions.actions.digesting import issue_digests, issue_in
from junto.discussions.actions.drafting import (
    Words,
    attach,
    describe,
    detach,
    discard_draft,
    save_draft,
)
from junto.discussions.actions.finding_useful import find_useful, take_useful_back
from junto.discussions.actions.forwarding import forward_question
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
from junto.discussions.actions.leaving import sign_over
from junto.discussions.actions.merging import merge, part, split
from junto.discussions.actions.moving import move
from junto.discussions.actions.posting import receive, reply, start
from junto.discussions.actions.private import pass_on
from junto.discussions.actions.releasing import ask_again, drop, let_go, release, send_now, send_privately, take_back
from junto.discussions.actions.tidying import pin, rename, unpin
from junto.discussions.actions.waiting import advise, put_off, want_no_hints

__all__ = [
    "Words",
    "accept_held",
    "accept_post",
    "advise",
    "ask",
    "ask_again",
    "attach",
    "brake",
    "choose",
    "close",
    "confirm",
    "describe",
    "detach",
    "discard_draft",
    "discard_held",
    "discard_many",
    "disown",
    "drop",
    "find_useful",
    "forward_question",
    "hold",
    "issue_digests",
    "issue_in",
    "let_go",
    "lift_brake",
    "mark_answer",
    "merge",
    "move",
    "note_command",
    "note_summary",
    "part",
    "pass_on",
    "pin",
    "put_off",
    "receive",
    "reject_held",
    "release",
    "remind_asker",
    "rename",
    "reopen",
    "reply",
    "retitle_held",
    "save_draft",
    "send_now",
    "send_privately",
    "sign_over",
    "split",
    "start",
    "take_back",
    "take_useful_back",
    "unmark_answer",
    "unpin",
    "want_no_hints",
]
