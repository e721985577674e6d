"""A post becomes a message: threaded, stored, in the book, on its way to every member, and found by search."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from junto.audit.actions import record
from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import letters, queries, rules, tasks
from junto.discussions.actions.answering_questions import note_summary
from junto.discussions.models import Alias, Attachment, Message, Thread
from junto.discussions.rules import Post
from junto.kit import html
from junto.kit.locks import one_at_a_time
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.mail import shown, store
from junto.mail.letter import Audience
from junto.mail.reading import ParsedMail
from junto.people.models import Person

OLDEST_BELIEVED = timedelta(days=14)
MOST_REFERENCES = 50
PLAIN_TYPE = "application/octet-stream"


@transaction.atomic
def accept_post(*, post: Post, by: Person | None) -> Message:
    """Put a post into the archive and send it to everyone who wants each message.

    `by` is who let it pass: its author, or a moderator. The task that indexes it is a row of the same transaction: were it
    put on the queue after the commit, a kill between the two would keep the message out of search for good. Raises Refused where the same letter is there already, or
    where nobody is known under its From address.
    """
    one_at_a_time(f"discussions.message:{post.message_id}")
    require(rules.is_new(post))
    require(rules.has_an_author(post))
    thread = _thread_of(post)
    message = _message_of(post, thread)
    _keep_files(message, post)
    _count(thread, message)
    _acknowledge(message, post, reach=_fan_out(message, post))
    note_summary(message=message, by=post.author)
    record("discussions.message.posted", about=message, by=by, came_by=post.came_by)
    tasks.index_messages.enqueue([message.pk])
    _feed(message, post)
    return message


def _thread_of(post: Post) -> Thread:
    """The thread of the message that the post answers, or a new one with the next number of its community."""
    if post.parent is not None:
        return post.parent.thread
    community = Community.objects.select_for_update().get(pk=post.community.pk)
    number = community.next_number
    Community.objects.filter(pk=community.pk).update(next_number=F("next_number") + 1)
    at = _sent_at(post)
    typed = rules.typed(_subject(post.mail), timezone.localdate(at))
    return Thread.objects.create(
        community=post.community,
        number=number,
        subject=_subject(post.mail),
        started_at=at,
        last_at=at,
        author_name=_name(post),
        author_agency=_agency_label(post),
        zone=rules.zone_of(post),
        kind=typed.kind,
        closing_date=typed.closing_date,
    )


def _message_of(post: Post, thread: Thread) -> Message:
    mail, parent = post.mail, post.parent
    page = html.clean(mail.html) if mail.html else ""
    thread.community = post.community
    return Message.objects.create(
        community=post.community,
        thread=thread,
        author=post.author,
        author_name=_name(post),
        author_email=post.email,
        agency=post.author.agency if post.author else None,
        author_agency=_agency_label(post),
        message_id=post.message_id,
        in_reply_to=mail.in_reply_to[:500],
        references=mail.references[-MOST_REFERENCES:],
        parent=parent,
        depth=min(parent.depth + 1, 1000) if parent else 0,
        subject=_subject(mail),
        sent_at=_sent_at(post),
        received_at=post.received_at,
        text=mail.text,
        html=page,
        shown=shown.show(mail.text, mail.html),
        raw=post.raw,
        fingerprint=post.fingerprint,
        conversation=queries.conversation_of(mail),
        came_by=post.came_by,
        attachment_count=len(mail.files),
    )


def _keep_files(message: Message, post: Post) -> None:
    """Pictures of a post from the web stand in the message: their author was asked what they show. Those of a letter may be
    the logo of a signature, so they stay files."""
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            position=position,
            file_name=file.file_name[:255] or f"file-{position}",
            content_type=(file.content_type or PLAIN_TYPE)[:120].lower(),
            size=len(file.content),
            key=store.put(file.content),
            alt=file.description[:300],
            is_shown=post.came_by == "web" and file.content_type in rules.INERT_IMAGES,
        )
        for position, file in enumerate(post.mail.files, start=1)
    )


def _count(thread: Thread, message: Message) -> None:
    Thread.objects.filter(pk=thread.pk).update(
        message_count=F("message_count") + 1, last_at=Greatest(F("last_at"), message.sent_at), related_at=None
    )


def _fan_out(message: Message, post: Post) -> int:
    """Put the message on its way; to how many people it goes."""
    community = post.community
    raw, alias = store.get(post.raw), _alias_of(post)
    letter = letters.passed_through(message, mail=post.mail, raw=raw, alias=alias, seal=post.seal) or letters.post(
        message, mail=post.mail, raw=raw, alias=alias
    )
    keeps_own = post.membership is None or post.membership.wants_own_posts
    author = None if keeps_own or post.author is None else post.author.pk
    told = {
        "community": community.pk,
        "except_person": author,
        "thread": message.thread_id,
        "zone": message.thread.zone,
        "elsewhere": queries.communities_that_have(message),
    }
    mailing = mail.fan_out(
        letter,
        audience=Audience("discussions.post_readers", told),
        return_to=community.list_name,
        about=f"discussions.message:{message.pk}",
    )
    message.mailing_id = mailing.pk
    message.save(update_fields=["mailing_id"])
    return mailing.total


def _acknowledge(message: Message, post: Post, *, reach: int) -> None:
    """A receipt, for an author who wants one (LISTSERV: ACK)."""
    membership = post.membership
    if membership is not None and membership.is_active() and membership.wants_receipt:
        letter = letters.receipt(message, membership, reach=reach)
        mail.post(letter, to=membership.address.email, about=f"discussions.message:{message.pk}")


def _feed(message: Message, post: Post) -> None:
    """What is posted to a list also goes to the lists that it feeds, in the same zone at most; a circle ends by itself."""
    for target in post.community.feeds.filter(retired_at=None).order_by("pk"):
        fed = replace(
            post,
            community=target,
            membership=communities.membership_of(post.author, target),
            parent=queries.parent_of(target, post.mail),
            zone=message.thread.zone,
            held=None,
        )
        fed = rules.kept_apart(fed)
        if rules.is_new(fed):
            accept_post(post=fed, by=None)


def _alias_of(post: Post) -> Alias:
    """The address that stands for the author, made at their first post."""
    assert post.author is not None
    alias, _ = Alias.objects.get_or_create(community=post.community, person=post.author)
    alias.community = post.community
    return alias


def _name(post: Post) -> str:
    if post.author is not None and post.author.name:
        return post.author.name
    return (post.mail.from_name or post.email.partition("@")[0])[:200]


def _agency_label(post: Post) -> str:
    return post.author.agency_label if post.author else ""


def _subject(mail: ParsedMail) -> str:
    return " ".join(mail.subject.split())[:500] or "(no subject)"


def _sent_at(post: Post) -> datetime:
    """When the author says, unless that is in the future or long past: then when it arrived."""
    said = post.mail.sent_at
    if said is None or said > post.received_at or said < post.received_at - OLDEST_BELIEVED:
        return post.received_at
    return said
