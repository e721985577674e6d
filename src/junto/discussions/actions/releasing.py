"""Posts that waited go on: when their time has come, or when their author or a moderator says so."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import actions as communities
from junto.discussions import letters, queries, rules
from junto.discussions.actions._held import decide, locked, now_for_moderators, post_again, tell_author
from junto.discussions.actions.accepting import accept_post
from junto.discussions.actions.private import pass_on
from junto.discussions.actions.waiting import put_off, told_of
from junto.discussions.models import Alias, HeldPost
from junto.discussions.rules import Advice, Decision, Verdict
from junto.kit.rulings import Refused, no, require
from junto.people.models import Person


@transaction.atomic
def release(*, held: HeldPost, by: Person | None) -> Decision:
    """Let a post go on whose time has come: through the chain again, where it may meet a moderator. Raises Refused."""
    held = locked(held)
    require(rules.is_due(held))
    return _go_on(held, by)


@transaction.atomic
def send_now(*, held: HeldPost, by: Person | None) -> Decision:
    """The author has thought again and sends it. The same is not asked twice. Raises Refused."""
    held = locked(held)
    require(rules.may_send_now(held))
    record("discussions.post.confirmed", about=held, by=by)
    return _go_on(held, by)


@transaction.atomic
def send_privately(*, held: HeldPost, by: Person | None) -> HeldPost:
    """The author sends it to the one whom it answers, and to nobody else. Raises Refused."""
    held = locked(held)
    require(rules.may_send_now(held))
    post = post_again(held)
    if post.parent is None or post.parent.author is None:
        raise Refused(no(gettext("It answers nobody who can be reached through this list.")))
    alias, _ = Alias.objects.get_or_create(community=held.community, person=post.parent.author)
    pass_on(post=post, alias=alias, by=by)
    decide(held, HeldPost.Outcome.DISCARDED, by, note="Its author sent it to one person instead of to the list.")
    return held


@transaction.atomic
def take_back(*, held: HeldPost, by: Person | None) -> HeldPost:
    """The author does not send it after all. Raises Refused."""
    held = locked(held)
    require(rules.may_stop(held))
    decide(held, HeldPost.Outcome.DISCARDED, by, note="Taken back by its author.")
    return held


@transaction.atomic
def let_go(*, held: HeldPost, by: Person) -> Decision:
    """A moderator lets a post that waits for the clock go at once. Raises Refused."""
    held = locked(held)
    require(rules.may_decide_on_waiting(by, held))
    return _go_on(held, by, may_wait=False)


@transaction.atomic
def drop(*, held: HeldPost, by: Person) -> HeldPost:
    """A moderator drops a post that waits for the clock: the tenth “stop replying to all”. Raises Refused."""
    held = locked(held)
    require(rules.may_decide_on_waiting(by, held))
    decide(held, HeldPost.Outcome.DISCARDED, by, note="Dropped by a moderator while it waited.")
    return held


@transaction.atomic
def ask_again(*, held: HeldPost, by: Person | None) -> bool:
    """Repeat the letter that was answered with words that mean nothing here, within the daily limit of answers."""
    if not rules.may_stop(held):
        return False
    return communities.answer(letter=told_of(held, post_again(held)), to=held.email, by=by)


def second_look(held: HeldPost) -> tuple[str, list[Advice]]:
    """What the page of the signed link shows: the name of whom the post answers, and the hints on it."""
    if not rules.may_send_now(held):
        return "", []
    post = post_again(held)
    found = rules.hints(post) if held.rule == rules.may_do_harm.__name__ else []
    return queries.addressee_of(post), found


def _go_on(held: HeldPost, by: Person | None, *, may_wait: bool = True) -> Decision:
    post = post_again(held)
    chain = rules.WEB_CHAIN if held.came_by == "web" else rules.POSTING_CHAIN
    decision = rules.decide(post, chain, may_wait=may_wait)
    if decision.verdict == Verdict.ACCEPT:
        accept_post(post=post, by=post.author)
        decide(held, HeldPost.Outcome.ACCEPTED, by)
    elif decision.verdict == Verdict.HOLD:
        now_for_moderators(held, decision)
    elif decision.verdict in {Verdict.ASK, Verdict.WAIT}:
        put_off(held=held, post=post, decision=decision, by=by)
    else:
        _turn_away(held, decision, by)
    return decision


def _turn_away(held: HeldPost, decision: Decision, by: Person | None) -> None:
    """What the list would not take any more goes back to its author, who must know."""
    decide(held, HeldPost.Outcome.REJECTED, by, note=decision.reason)
    may_join = decision.rule == rules.author_is_an_outsider.__name__
    letter = letters.rejected(
        community=held.community,
        subject=held.subject,
        reason=rules.said_later(decision.reason),
        may_join=may_join,
        to=held.author,
    )
    tell_author(held, letter)
