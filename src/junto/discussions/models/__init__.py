"""Thread, message, attachment, marks and related threads, held post, poster’s alias, digests, drafts."""

from junto.discussions.models.digests import DigestHour, DigestIssue
from junto.discussions.models.drafts import Draft, DraftFile
from junto.discussions.models.holding import Alias, HeldNotice, HeldPost, HintGiven
from junto.discussions.models.reading import FormerNumber, UsefulMark
from junto.discussions.models.threads import (
    Attachment,
    Message,
    MessageQuerySet,
    Thread,
    ThreadChoice,
    ThreadQuerySet,
)
from junto.discussions.models.types import PostType, title_of

__all__ = [
    "Alias",
    "Attachment",
    "DigestHour",
    "DigestIssue",
    "Draft",
    "DraftFile",
    "FormerNumber",
    "HeldNotice",
    "HeldPost",
    "HintGiven",
    "Message",
    "MessageQuerySet",
    "PostType",
    "Thread",
    "ThreadChoice",
    "ThreadQuerySet",
    "UsefulMark",
    "title_of",
]
