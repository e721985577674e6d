"""What somebody has here with files of its own: a photo, and what they have written and not sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from junto.discussions.models import Draft, DraftFile
from junto.mail import store
from junto.people import queries as people
from junto.people.models import Person
from junto.records.queries.naming import plain_name

_DRAFT = ("kind", "subject", "closing_date", "body", "saved_at")
_FILE = ("file_name", "content_type", "size", "alt", "is_decoration")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def photo_about(person: Person) -> dict[str, str] | None:
    """The photo as plain values, with its place in the ZIP file; None where there is none."""
    profile = people.profile_of(person)
    if not profile.photo_key:
        return None
    ending = _ENDINGS.get(profile.photo_type, "bin")
    return {"file": f"photo.{ending}", "content_type": profile.photo_type}


def drafts_about(person: Person) -> list[dict[str, Any]]:
    """What somebody has not sent, as plain values, each file with its place in the ZIP file. Two queries, and no bytes."""
    drafts = Draft.objects.filter(person=person).select_related("community", "thread").order_by("saved_at", "pk")
    files: dict[int, list[dict[str, Any]]] = {}
    for file in _files_of(person).defer("content"):
        told = {name: getattr(file, name) for name in _FILE}
        files.setdefault(file.draft_id, []).append({"file": _place_of(file), **told})
    return [
        {
            "community": draft.community.name,
            "replies_to": draft.thread.subject if draft.thread else None,
            **{name: getattr(draft, name) for name in _DRAFT},
            "files": files.get(draft.pk, []),
        }
        for draft in drafts
    ]


def files_about(person: Person) -> Iterator[tuple[str, bytes]]:
    """Each file that `photo_about` and `drafts_about` name, with its bytes, one at a time; a photo that the store has lost
    is left out."""
    if photo := photo_about(person):
        with suppress(store.NotStored):
            yield photo["file"], store.get(people.profile_of(person).photo_key)
    for file in _files_of(person).iterator(chunk_size=1):
        yield _place_of(file), bytes(file.content)


def _files_of(person: Person) -> Any:
    return DraftFile.objects.filter(draft__person=person).order_by("draft_id", "position")


def _place_of(file: DraftFile) -> str:
    return f"drafts/{file.draft_id}-{file.position}-{plain_name(file.file_name)}"
