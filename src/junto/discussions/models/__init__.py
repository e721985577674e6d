"""Thread, message, attachment, held post, poster’s alias."""

from junto.discussions.models.holding import Alias, HeldPost, HeldPostQuerySet, HintGiven
from junto.discussions.models.threads import Attachment, Message, MessageQuerySet, PostType, Thread, ThreadChoice

__all__ = [
    "Alias",
    "Attachment",
    "HeldPost",
    "HeldPostQuerySet",
    "HintGiven",
    "Message",
    "MessageQuerySet",
    "PostType",
    "Thread",
    "ThreadChoice",
]
