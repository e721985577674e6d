"""Posts that moderators read first because of what they carry, or because of who wrote them."""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop as _

from junto.communities.rules import is_under_second_notice
from junto.discussions.models import Message
from junto.discussions.rules.posts import Post
from junto.discussions.rules.reasons import CAN_RUN, MANY_LINKS

MOST_LINKS = 15
_HOST = re.compile(r"https?://([^\s/<>\"'?#]+)", re.IGNORECASE)
_RUNS = (
    *(".exe", ".com", ".scr", ".bat", ".cmd", ".pif", ".msi", ".msix", ".jar", ".js", ".jse", ".vbs", ".vbe", ".wsf"),
    *(
        ".ps1",
        ".hta",
        ".cpl",
        ".lnk",
        ".reg",
        ".iso",
        ".img",
        ".vhd",
        ".apk",
        ".dmg",
        ".docm",
        ".xlsm",
        ".pptm",
        ".xll",
    ),
)


def author_is_under_notice(post: Post) -> str:
    """After a second notice, moderators read what this member writes, as long as the notice counts."""
    if post.membership is None or not is_under_second_notice(post.membership):
        return ""
    return _("Its author is under a second notice, so moderators read it first.")


def looks_suspect(post: Post) -> str:
    """A file that can run, whoever sent it; many links from somebody who has not posted before, or whom only a button proved."""
    runs = next((file.file_name for file in post.mail.files if file.file_name.lower().endswith(_RUNS)), "")
    if runs:
        return CAN_RUN % {"name": runs[:80]}
    hosts = {host.lower() for host in _HOST.findall(post.mail.text)}
    if len(hosts) <= MOST_LINKS or not (post.held or not _has_posted(post)):
        return ""
    return MANY_LINKS % {"count": len(hosts)}


def _has_posted(post: Post) -> bool:
    return Message.objects.filter(community=post.community, author=post.author).exists()
