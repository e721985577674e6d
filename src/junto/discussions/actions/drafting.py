"""Drafts: kept while somebody writes, with the files that go with them; gone when they are sent.

None of this goes into the book: what somebody thought of saying and did not say is nobody’s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from django.db import transaction
from django.utils import timezone

from junto.communities.models import Community
from junto.discussions import queries, rules
from junto.discussions.models import Draft, DraftFile, PostType, Thread
from junto.kit.rulings import require
from junto.mail.reading.parts import safe_name
from junto.people.models import Person

LONGEST_KEPT = 200_000
_LENGTHS = {"subject": 500, "closing_date": 20, "body": LONGEST_KEPT}


class Upload(Protocol):
    """A file as a form brings it."""

    name: str | None
    size: int | None
    content_type: str | None

    def read(self) -> bytes: ...


class Words(NamedTuple):
    """What the writer says of a picture: what it shows, or that it is decoration."""

    alt: str
    is_decoration: bool


@transaction.atomic
def save_draft(
    *,
    community: Community,
    thread: Thread | None,
    typed: Mapping[str, str],
    ticket: str = "",
    keeps_empty: bool = False,
    by: Person,
) -> Draft | None:
    """Keep what somebody has typed, whether or not it could be sent like that; the last save counts.

    None where there is nothing to keep: the form with this `ticket` was sent already, or nothing is written (then a draft
    without files is gone, unless `keeps_empty`). Raises Refused.
    """
    require(rules.may_keep_draft(by, community))
    if queries.posted_with(community, ticket, by) is not None:
        return None
    kept = {name: typed.get(name, "").replace("\x00", "")[:length] for name, length in _LENGTHS.items()}
    kind = typed.get("kind", "")
    is_empty = not (kept["subject"].strip() or kept["body"].strip())
    if is_empty and not keeps_empty and not _has_files(by, community, thread):
        Draft.objects.filter(person=by, community=community, place=queries.place_of_draft(thread)).delete()
        return None
    draft, _ = Draft.objects.update_or_create(
        person=by,
        community=community,
        place=queries.place_of_draft(thread),
        defaults={
            **kept,
            "thread": thread,
            "kind": kind if kind in PostType.values else "",
            "saved_at": timezone.now(),
        },
    )
    return draft


@transaction.atomic
def attach(*, draft: Draft, files: Sequence[Upload], by: Person) -> list[str]:
    """Put files to a draft. Returns why some of them were not taken, in sentences for people. Raises Refused."""
    require(rules.may_use_draft(by, draft))
    Draft.objects.select_for_update().get(pk=draft.pk)
    sizes = list(draft.files.values_list("size", flat=True))
    position = max(draft.files.values_list("position", flat=True), default=0)
    problems = []
    for file in files:
        name, size = safe_name(file.name or "", rules.PLAIN_FILE), file.size or 0
        if not (ruling := rules.may_attach(draft.community, sizes, name=name, size=size)):
            problems.append(ruling.reason)
            continue
        content, position = file.read(), position + 1
        kind = rules.true_type(file.content_type or "", content)
        DraftFile.objects.create(
            draft=draft, position=position, file_name=name, content_type=kind, size=size, content=content
        )
        sizes.append(size)
    return problems


@transaction.atomic
def detach(*, draft: Draft, position: int, by: Person) -> None:
    """Take a file off a draft again. Raises Refused."""
    require(rules.may_use_draft(by, draft))
    draft.files.filter(position=position).delete()


@transaction.atomic
def describe(*, draft: Draft, words: Mapping[int, Words], by: Person) -> None:
    """Note what the pictures of a draft show, by their position. Raises Refused."""
    require(rules.may_use_draft(by, draft))
    for file in draft.files.filter(position__in=words).defer("content"):
        told = words[file.position]
        alt = " ".join(told.alt.replace("\x00", "").split())[: rules.LONGEST_ALT]
        is_decoration = told.is_decoration and not alt
        if (alt, is_decoration) != (file.alt, file.is_decoration):
            file.alt, file.is_decoration = alt, is_decoration
            file.save(update_fields=["alt", "is_decoration"])


@transaction.atomic
def discard_draft(*, draft: Draft, by: Person) -> None:
    """Throw away what somebody wrote, with its files. Raises Refused."""
    require(rules.may_use_draft(by, draft))
    draft.delete()


def _has_files(person: Person, community: Community, thread: Thread | None) -> bool:
    place = queries.place_of_draft(thread)
    return DraftFile.objects.filter(draft__person=person, draft__community=community, draft__place=place).exists()
