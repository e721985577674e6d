"""Posts that wait: held, confirmed by their author, decided on by a moderator. The first decision wins."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities.models import Zone
from junto.discussions import letters, rules
from junto.discussions.actions._held import decide, locked, now_for_moderators, post_again, tell_author, tell_moderators
from junto.discussions.actions.accepting import accept_post
from junto.discussions.actions.private import pass_on
from junto.discussions.actions.waiting import put_off
from junto.discussions.models import Alias, HeldNotice, HeldPost, Message
from junto.discussions.rules import Decision, Post, Verdict
from junto.kit.rulings import Refused, no, require, yes
from junto.mail import actions as mail
from junto.people import actions as people
from junto.people.models import Person

LONGEST_EXCERPT = 1_000
WAITS_FOR = {
    Verdict.CONFIRM: HeldPost.For.AUTHOR,
    Verdict.ASK: HeldPost.For.AUTHOR,
    Verdict.WAIT: HeldPost.For.CLOCK,
    Verdict.HOLD: HeldPost.For.MODERATOR,
}


@transaction.atomic
def hold(*, post: Post, decision: Decision, alias: Alias | None = None, by: Person | None) -> HeldPost:
    """Keep a post until its author confirms it or a moderator decides, and write to those who are waited for."""
    require(yes() if alias else rules.is_new(post))
    held = _held_of(post, decision, alias)
    asks = rules.may_be_asked_to_confirm(post.email)
    held.save()
    record("discussions.post.held", about=held, by=by, rule=decision.rule, waits_for=held.waits_for)
    if decision.verdict in {Verdict.ASK, Verdict.WAIT}:
        put_off(held=held, post=post, decision=decision, by=by)
    elif held.waits_for == HeldPost.For.MODERATOR:
        tell_moderators(held)
        tell_author(held, letters.held_for_author(held))
    elif asks:
        tell_author(held, letters.please_confirm(held))
    return held


@transaction.atomic
def confirm(*, held: HeldPost, by: Person | None) -> Decision:
    """The author says that the post is theirs: it goes on through the chain from there. Raises Refused."""
    held = locked(held)
    require(rules.may_confirm(held))
    record("discussions.post.confirmed", about=held, by=by)
    if held.alias is not None:
        return _send_private(held, by)
    post = post_again(held)
    decision = rules.decide(post)
    if decision.verdict == Verdict.HOLD:
        now_for_moderators(held, decision)
    elif decision.verdict in {Verdict.ASK, Verdict.WAIT}:
        put_off(held=held, post=post, decision=decision, by=by)
    elif decision.verdict == Verdict.ACCEPT:
        accept_post(post=post, by=post.author)
        decide(held, HeldPost.Outcome.ACCEPTED, by)
    else:
        decide(held, HeldPost.Outcome.REJECTED, by, note=decision.reason)
    return decision


@transaction.atomic
def disown(*, held: HeldPost, by: Person | None) -> HeldPost:
    """The owner of the address says that the post is not theirs. Raises Refused."""
    held = locked(held)
    require(rules.may_confirm(held))
    decide(held, HeldPost.Outcome.DISCARDED, by, note="Not written by the owner of the address.")
    return held


@transaction.atomic
def accept_held(*, held: HeldPost, subject: str = "", by: Person) -> Message:
    """A moderator lets a post pass, under a new `subject` where one is given. Raises Refused where somebody else decided first."""
    held = locked(held)
    require(rules.may_decide(by, held))
    _retitle(held, subject, by)
    people.welcome(email=held.email, name=held.name, by=by)
    message = accept_post(post=post_again(held), by=by)
    decide(held, HeldPost.Outcome.ACCEPTED, by)
    tell_author(held, letters.accepted(held, message))
    _tell_the_others([held], by)
    return message


@transaction.atomic
def reject_held(*, held: HeldPost, reason: str, by: Person) -> HeldPost:
    """A moderator sends a post back with a reason. Raises Refused."""
    held = locked(held)
    require(rules.may_decide(by, held))
    if not reason.strip():
        raise Refused(no(gettext("Say why, in a sentence: the author gets it by mail.")))
    decide(held, HeldPost.Outcome.REJECTED, by, note=reason.strip())
    letter = letters.rejected(
        community=held.community, subject=held.subject, reason=reason.strip(), may_join=False, to=held.author
    )
    tell_author(held, letter)
    _tell_the_others([held], by)
    return held


@transaction.atomic
def discard_held(*, held: HeldPost, by: Person) -> HeldPost:
    """A moderator drops a post without a word to its author: it is spam. Raises Refused."""
    held = locked(held)
    require(rules.may_decide(by, held))
    decide(held, HeldPost.Outcome.DISCARDED, by)
    _tell_the_others([held], by)
    return held


@transaction.atomic
def discard_many(*, posts: Sequence[HeldPost], by: Person) -> list[HeldPost]:
    """Drop several posts at once, with one letter to the other moderators. Those decided on meanwhile are left alone."""
    dropped = []
    for held in map(locked, posts):
        if rules.may_decide(by, held):
            decide(held, HeldPost.Outcome.DISCARDED, by)
            dropped.append(held)
    _tell_the_others(dropped, by)
    return dropped


@transaction.atomic
def retitle_held(*, held: HeldPost, subject: str, by: Person) -> HeldPost:
    """Change the subject that a post will have, and let it wait on. Its own stays in the record. Raises Refused."""
    held = locked(held)
    require(rules.may_decide(by, held))
    if not subject.strip():
        raise Refused(no(gettext("Write the new subject after the word SUBJECT.")))
    _retitle(held, subject, by)
    return held


def _held_of(post: Post, decision: Decision, alias: Alias | None) -> HeldPost:
    return HeldPost(
        community=post.community,
        waits_for=WAITS_FOR[decision.verdict],
        raw=post.raw,
        message_id=post.message_id,
        fingerprint=post.fingerprint,
        came_by=post.came_by,
        alias=alias,
        arrival_id=post.arrival_id,
        author=post.author,
        email=post.email[:254],
        name=(post.author.display_name if post.author else post.mail.from_name)[:200],
        subject=" ".join(post.mail.subject.split())[:500],
        excerpt=post.mail.text[:LONGEST_EXCERPT],
        rule=decision.rule,
        reason=decision.reason,
        zone=Zone.PUBLIC if alias else rules.zone_of(post),
    )


def _send_private(held: HeldPost, by: Person | None) -> Decision:
    assert held.alias is not None
    post = post_again(held)
    ruling = rules.may_write_privately(post, held.alias)
    if not ruling:
        decide(held, HeldPost.Outcome.REJECTED, by, note=ruling.reason)
        return Decision("may_write_privately", Verdict.REJECT, ruling.reason)
    pass_on(post=post, alias=held.alias, by=by)
    decide(held, HeldPost.Outcome.ACCEPTED, by)
    return Decision("may_write_privately", Verdict.ACCEPT, "")


def _retitle(held: HeldPost, subject: str, by: Person) -> None:
    subject = " ".join(subject.split())[:500]
    if not subject or subject == held.subject_to_be:
        return
    record("discussions.post.retitled", about=held, by=by, before=held.subject_to_be, after=subject)
    held.new_subject = subject
    held.save(update_fields=["new_subject"])


def _tell_the_others(posts: Sequence[HeldPost], by: Person) -> None:
    """One letter to each other moderator who was asked about any of these posts."""
    notices = HeldNotice.objects.filter(held__in=posts, membership__address__stopped_at=None)
    others = notices.exclude(membership__person=by).select_related("membership__address", "membership__person")
    by_pk = {held.pk: held for held in posts}
    asked: dict[str, tuple[Person, list[HeldPost]]] = {}
    for notice in others.order_by("pk"):
        membership = notice.membership
        asked.setdefault(membership.address.email, (membership.person, []))[1].append(by_pk[notice.held_id])
    for email, (person, theirs) in asked.items():
        letter = letters.decided_by_another(theirs, by=by, to=person)
        mail.post(letter, to=email, about=f"discussions.held:{theirs[0].pk}")
