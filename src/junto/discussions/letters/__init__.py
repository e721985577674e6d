"""The letters of this room: a post on its way to the members, and what authors and moderators are told."""

from junto.discussions.letters.list_mail import post, private_reply, written_on_the_web
from junto.discussions.letters.notices import (
    accepted,
    held_for_author,
    held_for_moderators,
    please_confirm,
    receipt,
    redirected_command,
    rejected,
)
from junto.discussions.letters.previews import PREVIEWS

__all__ = [
    "PREVIEWS",
    "accepted",
    "held_for_author",
    "held_for_moderators",
    "please_confirm",
    "post",
    "private_reply",
    "receipt",
    "redirected_command",
    "rejected",
    "written_on_the_web",
]
