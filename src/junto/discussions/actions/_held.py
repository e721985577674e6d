"""What several actions on held posts share: the row, the post that it was, the decision, and whom it is told."""

from __future__ import annotations

from django.utils import timezone

from junto.audit.actions import record
from junto.communities.models import Zone
from junto.discussions import letters, queries
from junto.discussions.models import HeldNotice, HeldPost
from junto.discussions.rules import Decision, Post
from junto.mail import actions as mail
from junto.mail import reading, store
from junto.mail.letter import Letter
from junto.people.models import Person


def locked(held: HeldPost) -> HeldPost:
    """The row as it is now, and ours until the transaction ends."""
    return HeldPost.objects.select_for_update(of=("self",)).select_related("community", "decided_by").get(pk=held.pk)


def post_again(held: HeldPost) -> Post:
    """A held post as it stood before the chain, read from its raw letter. It counts as proven: its author or a
    moderator has looked at it."""
    raw = store.get(held.raw)
    post = queries.post_of(
        community=held.community,
        mail=reading.read(raw),
        raw=held.raw,
        size=len(raw),
        sender=held.email,
        received_at=held.held_at,
        is_proven=True,
        came_by=held.came_by,
        arrival_id=held.arrival_id,
        held=held,
        zone="" if held.zone == Zone.PUBLIC else held.zone,
    )
    if held.new_subject and post.fingerprint:  # which is taken of the letter as it came
        post.mail.subject = held.new_subject
    return post


def decide(held: HeldPost, outcome: HeldPost.Outcome, by: Person | None, note: str = "") -> None:
    held.outcome, held.decided_by, held.decided_at, held.decision_note = outcome, by, timezone.now(), note
    held.save(update_fields=["outcome", "decided_by", "decided_at", "decision_note"])
    record(f"discussions.post.{outcome.value}", about=held, by=by, reason=note)


def now_for_moderators(held: HeldPost, decision: Decision) -> None:
    held.waits_for, held.rule, held.reason = HeldPost.For.MODERATOR, decision.rule, decision.reason
    held.save(update_fields=["waits_for", "rule", "reason"])
    tell_moderators(held)


def tell_moderators(held: HeldPost) -> None:
    """To each moderator a letter of their own: its reply address names the post and them."""
    contents = queries.contents_of(held)
    for membership in queries.moderators_of(held.community, held.zone):
        notice, _ = HeldNotice.objects.get_or_create(held=held, membership=membership)
        notice.held = held
        letter = letters.held_for_moderators(notice, contents)
        mail.post(letter, to=membership.address.email, about=f"discussions.held:{held.pk}")


def tell_author(held: HeldPost, letter: Letter) -> None:
    mail.post(letter, to=held.email, about=f"discussions.held:{held.pk}")
