"""Posting: a letter that arrived, or what was written on the web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junto.audit.actions import record
from junto.communities import actions as communities
from junto.communities.models import Community
from junto.discussions import letters, queries, rules
from junto.discussions.actions.accepting import accept_post
from junto.discussions.actions.braking import note_command
from junto.discussions.actions.holding import hold
from junto.discussions.actions.waiting import advise
from junto.discussions.models import Draft, DraftFile, HeldPost, Message, Thread
from junto.discussions.rules import Decision, Post, Verdict
from junto.kit.rulings import Refused, no, require
from junto.mail import reading, store
from junto.mail.letter import Letter
from junto.people.models import Person


@transaction.atomic
def receive(*, post: Post, by: Person | None) -> Decision:
    """Lead a post through the chain, and do what the verdict says. Nobody who wrote in good faith is left without a word."""
    decision = rules.decide(post)
    match decision.verdict:
        case Verdict.ACCEPT:
            accept_post(post=post, by=by)
            advise(post=post, by=None)
        case Verdict.HOLD | Verdict.CONFIRM | Verdict.ASK | Verdict.WAIT:
            hold(post=post, decision=decision, by=by)
        case Verdict.REJECT:
            _send_back(post, decision, by)
        case Verdict.REDIRECT if decision.rule == rules.is_a_reply_to_a_digest.__name__:
            _answer(post, decision, letters.redirected_digest_reply(post), by)
            record("discussions.digest_reply.redirected", about=post.community, by=by)
        case Verdict.REDIRECT:
            _answer(post, decision, letters.redirected_command(post), by)
            note_command(post=post, by=by)
        case Verdict.DISCARD:
            record(
                "discussions.post.discarded", about=post.community, by=by, reason=decision.reason, rule=decision.rule
            )
    return decision


def start(
    *, community: Community, subject: str, body: str, ticket: str = "", draft: Draft | None = None, by: Person
) -> Message | HeldPost:
    """A new discussion from the web. `body` is Markdown; a `ticket` sent twice posts once. The files of the `draft` go with it,
    and the draft is gone then. Raises Refused."""
    require(rules.may_start(by, community))
    return _post(community, subject, body, ticket, parent=None, draft=draft, by=by)


def reply(*, thread: Thread, body: str, ticket: str = "", draft: Draft | None = None, by: Person) -> Message | HeldPost:
    """A reply from the web to the latest message of a thread, with the files of its `draft`. Raises Refused."""
    require(rules.may_reply(by, thread))
    parent = thread.messages.order_by("sent_at", "id").last()
    subject = thread.subject if thread.subject.lower().startswith("re:") else f"Re: {thread.subject}"
    if parent is not None:
        parent.thread = thread
    return _post(thread.community, subject, body, ticket, parent=parent, draft=draft, by=by)


@transaction.atomic
def _post(
    community: Community,
    subject: str,
    body: str,
    ticket: str,
    *,
    parent: Message | None,
    draft: Draft | None,
    by: Person,
) -> Message | HeldPost:
    Community.objects.select_for_update().get(pk=community.pk)  # two presses of one button wait for each other here
    if (there := queries.posted_with(community, ticket, by)) is not None:
        return there
    files = _files_to_send(draft, by)
    post = _written(community, subject, body, ticket, parent, files, by)
    decision = rules.decide(post, rules.WEB_CHAIN)
    if decision.verdict == Verdict.REJECT:
        raise Refused(no(rules.said(decision.reason)))
    if draft is not None:
        draft.delete()
    if decision.verdict in {Verdict.HOLD, Verdict.WAIT}:
        return hold(post=post, decision=decision, by=by)
    return accept_post(post=post, by=by)


def _files_to_send(draft: Draft | None, by: Person) -> list[DraftFile]:
    """The files of a draft with their bytes. Raises Refused where nobody has said yet what a picture shows."""
    if draft is None:
        return []
    require(rules.may_use_draft(by, draft))
    files = list(draft.files.order_by("position"))
    if any(rules.needs_words(file) for file in files):
        raise Refused(no(_("Say what each picture shows, or that it is decoration.")))
    return files


def _written(
    community: Community,
    subject: str,
    body: str,
    ticket: str,
    parent: Message | None,
    files: Sequence[DraftFile],
    by: Person,
) -> Post:
    """What was written on the web, as the letter that it would have been, kept raw like any other."""
    message_id = queries.web_message_id(ticket or uuid4().hex, by)
    raw = letters.written_on_the_web(
        community=community, by=by, subject=subject, body=body, message_id=message_id, parent=parent, files=files
    )
    post = queries.post_of(
        community=community,
        mail=reading.read(raw),
        raw=store.put(raw),
        size=len(raw),
        sender=by.email,
        received_at=timezone.now(),
        is_proven=True,
        came_by="web",
    )
    return replace(post, author=by, parent=parent)


def _send_back(post: Post, decision: Decision, by: Person | None) -> None:
    letter = letters.rejected(
        community=post.community,
        subject=post.mail.subject,
        reason=rules.said_later(decision.reason),
        may_join=decision.rule == rules.author_is_an_outsider.__name__,
        to=post.author,
    )
    _answer(post, decision, letter, by)
    record("discussions.post.rejected", about=post.community, by=by, reason=decision.reason, rule=decision.rule)


def _answer(post: Post, decision: Decision, letter: Letter, by: Person | None) -> None:
    """Write to the author, if the letter names one. Strangers, who may be robots, hear the same once a day (RFC 3834, 2)."""
    if post.email:
        once = "" if post.is_from_a_member else f"{decision.rule}:{post.community.pk}"
        about = f"communities.community:{post.community.pk}"
        communities.answer(letter=letter, to=post.email, about=about, once_a_day=once, by=by)
