"""Drafts: the one at a place, all of a person, their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from junto.communities.models import Community
from junto.discussions.models import Draft, DraftFile, HeldPost, Message, Thread
from junto.discussions.queries.marks import size_in_words
from junto.discussions.rules import is_picture, needs_words
from junto.kit.prepared import Prepared
from junto.mail import reading, store
from junto.people.models import Person

MOST_LISTED = 50
_EXCERPT = 200
_DRAFT: Prepared[Draft] = Prepared(
    lambda person, community, place: Draft.objects.filter(person=person, community=community, place=place)
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as “My drafts” lists it. `href` leads to where one goes on writing, `discard` to the page that asks."""

    title: str
    place: str
    excerpt: str
    saved_at: datetime
    is_reply: bool
    is_homeless: bool
    href: str
    discard: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DraftFileRow:
    """A file as the composer lists it."""

    position: int
    name: str
    size: str
    is_picture: bool
    needs_words: bool
    alt: str
    is_decoration: bool
    href: str


@dataclass(slots=True)
class Picture:
    """A picture that stands in a message: where it is, and what it shows in words (nothing, for decoration)."""

    href: str
    alt: str = field(default="")


def place_of_draft(thread: Thread | None) -> str:
    """What a draft’s place is called: one for each thread, and one for new discussions."""
    return f"reply:{thread.pk}" if thread is not None else Draft.NEW


def draft_at(person: Person, community: Community, thread: Thread | None) -> Draft | None:
    """What this person has written here and not sent. One query; without the bytes of its files none more is needed."""
    found = _DRAFT.first(person=person.pk, community=community.pk, place=place_of_draft(thread))
    if found is not None:
        found.community, found.thread = community, thread
    return found


def drafts_of(person: Person) -> list[DraftRow]:
    """Everything that somebody has written and not sent, the latest first; one query."""
    found = Draft.objects.filter(person=person).select_related("community", "thread").order_by("-saved_at", "-pk")
    return [_row(draft) for draft in found[:MOST_LISTED]]


def find_draft(slug: str, pk: int) -> Draft:
    """A draft at a community, with its writer. Raises Http404."""
    draft = Draft.objects.filter(community__slug=slug, pk=pk).select_related("community", "thread", "person").first()
    if draft is None:
        raise Http404(gettext("There is no such draft."))
    return draft


def find_draft_file(draft: Draft, position: int) -> DraftFile:
    """A file with its bytes. Raises Http404."""
    file = draft.files.filter(position=position).first()
    if file is None:
        raise Http404(gettext("There is no such file."))
    return file


def files_of_draft(draft: Draft | None) -> list[DraftFile]:
    """The files of a draft, in order, without their bytes; one query, none where there is no draft."""
    return list(draft.files.defer("content").order_by("position")) if draft is not None else []


def rows_of_files(draft: Draft | None, files: Sequence[DraftFile]) -> list[DraftFileRow]:
    return [_file_row(file) for file in files] if draft is not None else []


def pictures_in(pictures: Sequence[Picture]) -> SafeString:
    """The pictures of a message as HTML, each with its words."""
    tag = '<figure class="j-picture"><a href="{}"><img src="{}" alt="{}" loading="lazy"></a></figure>'
    plain = '<figure class="j-picture"><img src="{}" alt="" loading="lazy"></figure>'
    pieces = [
        format_html(tag, one.href, one.href, one.alt) if one.alt else format_html(plain, one.href) for one in pictures
    ]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def web_message_id(ticket: str, person: Person) -> str:
    """The Message-ID of what one form of one person posts: sent twice, it is the same."""
    return f"web.{ticket}.{person.pk}@{settings.LIST_DOMAIN}"


def posted_with(community: Community, ticket: str, person: Person) -> Message | HeldPost | None:
    """What an earlier press of the same button made; None for a form that was not sent yet."""
    if not ticket:
        return None
    message_id = web_message_id(ticket, person)
    message = Message.objects.filter(community=community).with_message_id(message_id).select_related("thread").first()
    if message is not None:
        message.thread.community = community
        return message
    return HeldPost.objects.filter(community=community, message_id=message_id).first()


def says(posted: Message | HeldPost, body: str) -> bool:
    """Whether a post has these very words, so that sending them again means nothing more. Words that cannot be read count
    as the same: better one post than two."""
    try:
        return reading.read(store.get(posted.raw)).text.split() == body.split()
    except store.NotStored:
        return True


def _row(draft: Draft) -> DraftRow:
    is_reply = draft.place != Draft.NEW
    is_homeless = is_reply and draft.thread is None
    return DraftRow(
        title=_title(draft),
        place=draft.community.name,
        excerpt=" ".join(draft.body.split())[:_EXCERPT],
        saved_at=draft.saved_at,
        is_reply=is_reply,
        is_homeless=is_homeless,
        href="" if is_homeless else _way_to(draft),
        discard=reverse("discussions:discard-draft", args=[draft.community.slug, draft.pk]),
        text=draft.body if is_homeless else "",
    )


def _title(draft: Draft) -> str:
    return draft.thread.subject if draft.thread is not None else draft.subject.strip()


def _way_to(draft: Draft) -> str:
    slug = draft.community.slug
    if draft.thread is not None:
        return f"{reverse('discussions:thread', args=[slug, draft.thread.number])}#reply"
    return reverse("discussions:new", args=[slug])


def _file_row(file: DraftFile) -> DraftFileRow:
    slug = file.draft.community.slug
    return DraftFileRow(
        position=file.position,
        name=file.file_name,
        size=size_in_words(file.size),
        is_picture=is_picture(file),
        needs_words=needs_words(file),
        alt=file.alt,
        is_decoration=file.is_decoration,
        href=reverse("discussions:draft-file", args=[slug, file.draft_id, file.position]),
    )
