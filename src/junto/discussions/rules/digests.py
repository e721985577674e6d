"""An answer to a whole digest: nobody could tell what it is about, and the digest would go out once more below it."""

from __future__ import annotations

import re

from junto.discussions.rules.posts import Post

_ANSWER = r"^\s*(?:\[[^\]]{0,60}\]\s*)?(?:(?:re|aw|sv|antw|rv|tr|fwd?|wg)\s*:\s*)+(?:\[[^\]]{0,60}\]\s*)?"
_ISSUE = r"Digest, Vol \d+, Issue \d+"


def is_a_reply_to_a_digest(post: Post) -> str:
    label = re.escape(post.community.list_label)
    if re.match(rf"{_ANSWER}{label} {_ISSUE}", post.mail.subject, re.IGNORECASE):
        return "It answers a whole digest under the subject of the digest."
    if re.search(rf"\bEnd of {label} {_ISSUE}", " ".join(post.mail.text.replace(">", " ").split())):
        return "It quotes a whole digest."
    return ""
