"""Thread, message, attachment, held post, poster’s alias, digests, drafts."""

from junto.discussions.models.digests import DigestHour, DigestIssue
from junto.discussions.models.drafts import Draft, DraftFile
from junto.discussions.models.holding import Alias, HeldNotice, HeldPost, HeldPostQuerySet, HintGiven
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
    "DigestHour",
    "DigestIssue",
    "Draft",
    "DraftFile",
    "HeldNotice",
    "HeldPost",
    "HeldPostQuerySet",
    "HintGiven",
    "Message",
    "MessageQuerySet",
    "PostType",
    "Thread",
    "ThreadChoice",
    "ThreadQuerySet",
]
