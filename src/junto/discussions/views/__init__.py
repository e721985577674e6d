"""The doors on the web: find, read the form, one action, answer."""

from junto.discussions.views.moderating import closure, decision, held
from junto.discussions.views.protecting import brake, hints, send_post, waiting
from junto.discussions.views.reading import attachment, delivery, message_by_id, thread, threads
from junto.discussions.views.signed import CONFIRMED, confirm_post
from junto.discussions.views.writing import messages, new

__all__ = [
    "CONFIRMED",
    "attachment",
    "brake",
    "closure",
    "confirm_post",
    "decision",
    "delivery",
    "held",
    "hints",
    "message_by_id",
    "messages",
    "new",
    "send_post",
    "thread",
    "threads",
    "waiting",
]
