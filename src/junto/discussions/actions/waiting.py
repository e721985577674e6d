"""Posts that wait for their author's second thought, or for the clock; and the hints that authors get."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Membership
from junto.discussions import letters, rules
from junto.discussions.actions._held import tell_author
from junto.discussions.actions.braking import brake
from junto.discussions.models import HeldPost, HintGiven
from junto.discussions.rules import Advice, Decision, Post, Severity, Verdict
from junto.mail import actions as mail
from junto.mail.letter import Letter
from junto.people.models import Person


@transaction.atomic
def put_off(*, held: HeldPost, post: Post, decision: Decision, by: Person | None) -> HeldPost:
    """Let a held post wait as a patient rule says, and tell its author, once for each thing that it waits for."""
    thread = post.parent.thread if post.parent else None
    if thread is not None and decision.rule == rules.thread_is_braked.__name__:
        thread.community = post.community
        brake(thread=thread, by=None)
    is_told = _is_told(held, decision)
    held.waits_for = HeldPost.For.AUTHOR if decision.verdict == Verdict.ASK else HeldPost.For.CLOCK
    held.rule, held.reason, held.thread = decision.rule, decision.reason, thread
    held.release_at = rules.goes_on_at(post, decision.rule) if decision.verdict == Verdict.WAIT else None
    held.save(update_fields=["waits_for", "rule", "reason", "thread", "release_at"])
    record("discussions.post.put_off", about=held, by=by, rule=decision.rule)
    if not is_told:
        tell_author(held, told_of(held, post))
    return held


@transaction.atomic
def advise(*, post: Post, by: Person | None) -> list[Advice]:
    """Write to the author of a post that went out what could be better the next time: each hint once a week at most."""
    membership = post.membership
    if membership is None or post.came_by != "mail":
        return []
    found = [one for one in rules.hints(post, Severity.MILD) if rules.may_get_hint(membership, one.name)]
    if not found:
        return []
    now = timezone.now()
    for one in found:
        HintGiven.objects.update_or_create(membership=membership, name=one.name, defaults={"given_at": now})
    record("discussions.author.advised", about=membership, by=by, hints=[one.name for one in found])
    mail.post(letters.hints(post, found), to=post.email, about=f"communities.membership:{membership.pk}")
    return found


@transaction.atomic
def want_no_hints(*, membership: Membership, by: Person | None) -> None:
    """The member gets no more hints by mail. On the web they stay beside the form."""
    HintGiven.objects.get_or_create(membership=membership, name="")
    record("discussions.hints.declined", about=membership, by=by)


def _is_told(held: HeldPost, decision: Decision) -> bool:
    """Whether the author knows already, by a post of theirs that waits for the same thing."""
    if decision.rule in {rules.says_little_to_many.__name__, rules.may_do_harm.__name__}:
        return False
    others = HeldPost.objects.waiting().for_the_clock().filter(community=held.community, email=held.email)
    return others.filter(rule=decision.rule).exclude(pk=held.pk).exists()


def told_of(held: HeldPost, post: Post) -> Letter:
    """What the author of a post that waits is told."""
    if held.rule == rules.says_little_to_many.__name__:
        return letters.goes_to_many(held, post)
    if held.rule == rules.may_do_harm.__name__:
        return letters.think_again(held, rules.hints(post))
    return letters.waits(held)
