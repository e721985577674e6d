"""Zones of posts: named in the subject by the author, inherited by replies, never widened.

[FEDERAL] …   [FED ONLY] …   federal addresses only
[INTERGOV] …  [GOV] …        government of all levels
[PUBLIC] …                   everyone who may read the list
"""

from __future__ import annotations

import re
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from junto.communities.models import Zone
from junto.communities.rules import is_zoned, zones_of
from junto.discussions.rules.posts import Post

TAGS = {Zone.FEDERAL: "[Federal only]", Zone.INTERGOVERNMENTAL: "[Government only]"}
OUTSIDE = {
    Zone.FEDERAL: _("It would go to federal employees only, and your address does not show that you are one of them."),
    Zone.INTERGOVERNMENTAL: _(
        "It would go to government employees only, and your address does not show that you are one of them."
    ),
}
_NAMES = {
    "federal": Zone.FEDERAL,
    "fed": Zone.FEDERAL,
    "intergov": Zone.INTERGOVERNMENTAL,
    "intergovernmental": Zone.INTERGOVERNMENTAL,
    "government": Zone.INTERGOVERNMENTAL,
    "gov": Zone.INTERGOVERNMENTAL,
    "public": Zone.PUBLIC,
}
_TAG = re.compile(rf"\[({'|'.join(_NAMES)})(?:[ -]only)?\]", re.IGNORECASE)
_BREADTH = (Zone.FEDERAL, Zone.INTERGOVERNMENTAL, Zone.PUBLIC)


def zone_named_in(subject: str) -> str:
    """The zone that a subject names in brackets, the narrowest where it names several; empty for none."""
    named = {_NAMES[name.lower()] for name in _TAG.findall(subject[:500])}
    return next((zone for zone in _BREADTH if zone in named), "")


def kept_apart(post: Post) -> Post:
    """The post, without what it answers where that stands in a wider zone than the post may go to.

    A thread has one zone. Put into a wider one, the post would be read by all of those whom its author, or the list that
    feeds it, meant to leave out; so it begins a thread of its own.
    """
    if post.parent is None:
        return post
    named = zone_named_in(post.mail.subject) if post.community.has_zones else ""
    there = post.parent.thread.zone
    return post if narrower(there, narrower(named, post.zone)) == there else replace(post, parent=None)


def zone_of(post: Post) -> str:
    """How far a post may go. A reply stays in its thread's zone; a post that another list feeds keeps its own."""
    if post.parent is not None:
        return narrower(post.parent.thread.zone, post.zone)
    named = zone_named_in(post.mail.subject) if post.community.has_zones else ""
    return narrower(named or post.community.default_zone, post.zone)


def narrower(one: str, other: str) -> str:
    """The narrower of two zones; an empty one says nothing."""
    return min((zone for zone in (one, other) if zone), key=_BREADTH.index, default=Zone.PUBLIC)


def with_tag(subject: str, zone: str) -> str:
    """A subject that names its zone."""
    tag = TAGS.get(Zone(zone), "")
    return subject if not tag or zone_named_in(subject) == zone else f"{tag} {subject}"


def author_is_outside_the_zone(post: Post) -> str:
    if not is_zoned(post.community) and (post.parent is None or post.parent.thread.zone == Zone.PUBLIC):
        return ""
    zone = zone_of(post)
    if zone in zones_of(post.author):
        return ""
    return OUTSIDE[Zone(zone)]
