"""Drafts and the files that go with them: what may be kept, how much of it, and what a picture needs before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from junto.communities.models import Community
from junto.discussions.models import Draft, DraftFile, Thread
from junto.discussions.rules.access import INERT_IMAGES, may_reply, may_start
from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Person

DRAFTS_LAST = timedelta(days=90)
MOST_FILES = 10
LONGEST_ALT = 300
PLAIN_FILE = "application/octet-stream"
_BEGINNINGS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def may_write(person: Person | None, community: Community, thread: Thread | None) -> Ruling:
    """May this person start a discussion here, or reply in this one?"""
    return may_reply(person, thread) if thread is not None else may_start(person, community)


def may_keep_draft(person: Person | None, community: Community) -> Ruling:
    """Members keep drafts, also of a reply to a discussion that was closed meanwhile: what was typed is not lost."""
    return may_start(person, community)


def may_use_draft(person: Person | None, draft: Draft) -> Ruling:
    """Nobody but its writer sees a draft, or learns that it is there."""
    if person is not None and draft.person_id == person.pk:
        return yes()
    return no(_("There is no such draft."), hidden=True)


def room_for_files(community: Community) -> int:
    """How many bytes of files a post may carry: by mail they take a third more than on disk, and the text needs room too."""
    return community.largest_post * 7 // 10


def may_attach(community: Community, kept: Iterable[int], *, name: str, size: int) -> Ruling:
    """Whether one more file, of `size` bytes, fits beside those that are `kept`."""
    sizes, room = list(kept), room_for_files(community)
    if len(sizes) >= MOST_FILES:
        words = _("“%(name)s” is not attached: a message carries %(most)d files at most.")
        return no(words % {"name": name, "most": MOST_FILES})
    if not size:
        return no(_("“%(name)s” is not attached: it is empty.") % {"name": name})
    if sum(sizes) + size > room:
        words = _(
            "“%(name)s” is not attached: the files of a message may have %(room)s MB together. "
            "Put it where your colleagues can reach it, and post the link."
        )
        return no(words % {"name": name, "room": f"{room / 1_000_000:.1f}"})
    return yes()


def true_type(told: str, content: bytes) -> str:
    """The content type of a file. That it is a picture is believed to its first bytes, and not to what a browser says."""
    kind = next((kind for start, kind in _BEGINNINGS if content.startswith(start)), "")
    if not kind and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "image/webp"
    told = told.partition(";")[0].strip().lower()
    if kind or told in INERT_IMAGES:
        return kind or PLAIN_FILE
    return told[:120] or PLAIN_FILE


def is_picture(file: DraftFile) -> bool:
    """Whether it is shown in the message, and so needs words for those who do not see it."""
    return file.content_type in INERT_IMAGES


def needs_words(file: DraftFile) -> bool:
    """A picture of which nobody has said yet what it shows, or that it is decoration."""
    return is_picture(file) and not file.alt and not file.is_decoration
