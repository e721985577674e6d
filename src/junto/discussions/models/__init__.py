"""Thread, message, attachment, held post, poster’s alias."""

from junto.discussions.models.holding import Alias, HeldNotice, HeldPost, HeldPostQuerySet
from junto.discussions.models.threads import (
    Attachment,
    Message,
    MessageQuerySet,
    PostType,
    Thread,
    ThreadChoice,
    ThreadQuerySet,
)

__all__ = [
    "Alias",
    "Attachment",
    "HeldNotice",
    "HeldPost",
    "HeldPostQuerySet",
    "Message",
    "MessageQuerySet",
    "PostType",
    "Thread",
    "ThreadChoice",
    "ThreadQuerySet",
]
