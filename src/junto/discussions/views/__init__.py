"""The doors on the web: find, read the form, one action, answer."""

from junto.discussions.views.moderating import closure, decision, held
from junto.discussions.views.reading import attachment, delivery, message_by_id, thread, threads
from junto.discussions.views.signed import CONFIRMED, choice, confirm_post, deliveries
from junto.discussions.views.writing import messages, new

__all__ = [
    "CONFIRMED",
    "attachment",
    "choice",
    "closure",
    "confirm_post",
    "decision",
    "deliveries",
    "delivery",
    "held",
    "message_by_id",
    "messages",
    "new",
    "thread",
    "threads",
]
