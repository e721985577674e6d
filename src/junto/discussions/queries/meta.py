"""What a discussion says of itself to search engines: only where anybody may read it."""

from __future__ import annotations

from html import unescape

from django.utils.html import strip_tags

from junto.communities.models import Zone
from junto.communities.rules import is_read_by_all
from junto.discussions.models import Thread
from junto.discussions.queries.marks import without_addresses
from junto.discussions.queries.messages import ThreadPage
from junto.ui.meta import Meta, described

_READ_CHARACTERS = 2_000


def meta_of_thread(thread: Thread, page: ThreadPage, *, place: str) -> Meta | None:
    """None where a stranger may not read it. `place` is the query string of one of several pages; no query."""
    if thread.zone != Zone.PUBLIC or not is_read_by_all(thread.community):
        return None
    html = page.rows[0].body[:_READ_CHARACTERS] if page.rows else ""
    whole = html.rpartition("<")[0] if html.rfind("<") > html.rfind(">") else html
    beginning = strip_tags(without_addresses(whole))
    return Meta(page.subject, thread.get_absolute_url() + place, described(unescape(beginning)), "article")
