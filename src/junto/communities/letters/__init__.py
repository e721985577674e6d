"""Every letter that communities send, one function each, and a preview of each with the cast."""

from junto.communities.letters import desk, membership
from junto.communities.letters.desk import (
    announcement,
    invitation_again,
    removed_with_others,
    restored,
    welcome_again,
)
from junto.communities.letters.membership import (
    ADVICE,
    Answered,
    Section,
    answer,
    appointed,
    conduct,
    confirm,
    confirm_address,
    declined,
    forwarded,
    in_answer_to,
    invitation,
    kept_as_manager,
    left,
    notice,
    removed,
    somebody_waits,
    to_staff,
    unreachable,
    waiting,
    welcome,
)
from junto.communities.queries import CONFIRMATION_SCOPE

PREVIEWS = membership.PREVIEWS | desk.PREVIEWS

__all__ = [
    "ADVICE",
    "CONFIRMATION_SCOPE",
    "PREVIEWS",
    "Answered",
    "Section",
    "announcement",
    "answer",
    "appointed",
    "conduct",
    "confirm",
    "confirm_address",
    "declined",
    "forwarded",
    "in_answer_to",
    "invitation",
    "invitation_again",
    "kept_as_manager",
    "left",
    "notice",
    "removed",
    "removed_with_others",
    "restored",
    "somebody_waits",
    "to_staff",
    "unreachable",
    "waiting",
    "welcome",
    "welcome_again",
]
