"""The doors on the web: find, read the form, one action, answer."""

from junto.discussions.views.answering import answer, answers
from junto.discussions.views.drafting import discard_draft, draft, draft_file, draft_files, earlier, reach
from junto.discussions.views.feeds import feed, feed_address, private_feed
from junto.discussions.views.moderating import closure, decide, decision, discards, held, held_file
from junto.discussions.views.protecting import brake, hints, send_post, waiting
from junto.discussions.views.reading import attachment, delivery, message_by_id, thread, threads
from junto.discussions.views.signed import CONFIRMED, choice, confirm_post, deliveries
from junto.discussions.views.tidying import merge, move, parting, pin, split, subject, usefulness, wish
from junto.discussions.views.writing import messages, new

__all__ = [
    "CONFIRMED",
    "answer",
    "answers",
    "attachment",
    "brake",
    "choice",
    "closure",
    "confirm_post",
    "decide",
    "decision",
    "deliveries",
    "delivery",
    "discard_draft",
    "discards",
    "draft",
    "draft_file",
    "draft_files",
    "earlier",
    "feed",
    "feed_address",
    "held",
    "held_file",
    "hints",
    "merge",
    "message_by_id",
    "messages",
    "move",
    "new",
    "parting",
    "pin",
    "private_feed",
    "reach",
    "send_post",
    "split",
    "subject",
    "thread",
    "threads",
    "usefulness",
    "waiting",
    "wish",
]
