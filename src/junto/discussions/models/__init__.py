"""Thread, message, attachment, held post, poster’s alias, digests."""

from junto.discussions.models.digests import DigestHour, DigestIssue
from junto.discussions.models.holding import Alias, HeldPost, HeldPostQuerySet, HintGiven
from junto.discussions.models.threads import Attachment, Message, MessageQuerySet, PostType, Thread, ThreadChoice

__all__ = [
    "Alias",
    "Attachment",
    "DigestHour",
    "DigestIssue",
    "HeldPost",
    "HeldPostQuerySet",
    "HintGiven",
    "Message",
    "MessageQuerySet",
    "PostType",
    "Thread",
    "ThreadChoice",
]
