"""The letters of this room: a post on its way to the members, and what authors and moderators are told."""

from junto.discussions.letters.digests import digest
from junto.discussions.letters.forwarding import question_for_you
from junto.discussions.letters.list_mail import post, private_reply, written_on_the_web
from junto.discussions.letters.notices import (
    about_your_reply,
    accepted,
    decided_by_another,
    did_you_get_an_answer,
    held_for_author,
    held_for_moderators,
    moved,
    please_confirm,
    receipt,
    redirected_command,
    redirected_digest_reply,
    rejected,
)
from junto.discussions.letters.passing import passed_through
from junto.discussions.letters.previews import PREVIEWS
from junto.discussions.letters.protecting import goes_to_many, hints, moment, storm, think_again, waits
from junto.discussions.letters.wording import speaking

__all__ = [
    "PREVIEWS",
    "about_your_reply",
    "accepted",
    "decided_by_another",
    "did_you_get_an_answer",
    "digest",
    "goes_to_many",
    "held_for_author",
    "held_for_moderators",
    "hints",
    "moment",
    "moved",
    "passed_through",
    "please_confirm",
    "post",
    "private_reply",
    "question_for_you",
    "receipt",
    "redirected_command",
    "redirected_digest_reply",
    "rejected",
    "speaking",
    "storm",
    "think_again",
    "waits",
    "written_on_the_web",
]
