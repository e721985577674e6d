"""Thread, message, attachment, held post, poster’s alias."""

from junto.discussions.models.holding import Alias, HeldPost, HeldPostQuerySet
from junto.discussions.models.threads import Attachment, Message, MessageQuerySet, PostType, Thread, ThreadChoice

__all__ = [
    "Alias",
    "Attachment",
    "HeldPost",
    "HeldPostQuerySet",
    "Message",
    "MessageQuerySet",
    "PostType",
    "Thread",
    "ThreadChoice",
]
