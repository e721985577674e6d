"""Posts that wait for the clock, and whom they answer."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext

from junto.communities.models import Community, Membership
from junto.communities.rules import zones_of
from junto.discussions.models import HeldPost
from junto.discussions.queries.posts import HINTS, SEND, held_of_token
from junto.discussions.rules import Post, may_do_harm
from junto.kit import tokens
from junto.people.models import Person

MOST_SHOWN = 200


def waiting_for_the_clock(community: Community, person: Person | None) -> list[HeldPost]:
    """What goes out by itself, in that order, in this moderator’s zones. What its author thinks over is theirs alone."""
    found = community.held_posts.waiting().for_the_clock().within(zones_of(person)).exclude(rule=may_do_harm.__name__)
    return list(found.select_related("author__agency").order_by("release_at", "held_at", "pk")[:MOST_SHOWN])


def find_waiting(community: Community, pk: int, *, person: Person | None) -> HeldPost:
    """A post in this moderator’s zones that waits for the clock, or did. Raises Http404."""
    waiting = community.held_posts.for_the_clock().within(zones_of(person)).exclude(rule=may_do_harm.__name__)
    held = waiting.filter(pk=pk, alias=None).first()
    if held is None:
        raise Http404(gettext("There is no such post."))
    held.community = community
    return held


def addressee_of(post: Post) -> str:
    """The name of whom a post answers, where they can be written to through the list; otherwise empty."""
    parent = post.parent
    if parent is None or parent.author_id is None or parent.author_id == (post.author.pk if post.author else None):
        return ""
    return parent.author_name


def sendable_of_token(token: str) -> HeldPost:
    """The post that the link of a question to its author names. Raises BadToken, Http404."""
    return held_of_token(token, SEND)


def send_answer_exists(name: str, token: str) -> bool:
    """Whether an answer by mail about a post that waits may come in at this address."""
    try:
        tokens.read(SEND, token)
    except tokens.BadToken:
        return False
    return bool(name)


def member_of_hints_token(token: str) -> Membership:
    """The member whom hints are for. Raises BadToken, Http404."""
    found = Membership.objects.filter(pk=tokens.read(HINTS, token)).select_related("community", "person").first()
    if found is None:
        raise Http404(gettext("This membership is no longer here."))
    return found
