"""Thread, message, attachment, held post, poster’s alias."""

from junto.discussions.models.holding import Alias, HeldPost, HeldPostQuerySet
from junto.discussions.models.threads import Attachment, Message, MessageQuerySet, Thread

__all__ = [
    "Alias",
    "Attachment",
    "HeldPost",
    "HeldPostQuerySet",
    "Message",
    "MessageQuerySet",
    "Thread",
]
