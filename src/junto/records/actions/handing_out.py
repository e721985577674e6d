"""Hands out what a community knows, in open formats that outlive this program.

messages.mbox (mboxrd), members.csv (RFC 4180), community.json, versions.jsonl, audit.jsonl, attachments/, pictures/, and
manifest.json with the SHA-256 of each file. The folder is filled beside its place and moved there when it is whole.
docs/reference/exports.md tells of each.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from junto import __version__
from junto.audit.actions import record
from junto.communities.models import Community, Membership
from junto.kit.rulings import require
from junto.kit.sheets import harmless
from junto.mail import store
from junto.people.models import Person
from junto.records import queries, rules
from junto.records.actions._mbox import write_mbox
from junto.records.queries.naming import plain_name

_COLUMNS = (
    "address",
    "name",
    "agency",
    "job_title",
    "role",
    "delivery",
    "state",
    "joined_at",
    "ended_at",
    "came_by",
    "reason",
)


class NotEmpty(ValueError):
    """The folder already holds something; nothing was written."""


def export(community: Community, folder: Path, *, by: Person | None = None) -> dict[str, Any]:
    """Write everything of one community into an empty or new folder. Returns the manifest. Raises NotEmpty, Refused."""
    require(rules.may_export(by, community))
    if folder.exists() and not folder.is_dir():
        raise NotEmpty(f"{folder} is a file. Name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty. Name a new folder, so that nothing is mixed up or overwritten.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".junto-export-", dir=folder.parent) as name:
        draft = Path(name) / "whole"
        draft.mkdir(mode=0o750)
        manifest = _write_all(community, draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    record("records.community.exported", about=community, by=by, counts=manifest["counts"])
    return manifest


def _write_all(community: Community, folder: Path) -> dict[str, Any]:
    pictures = _write_pictures(community, folder)
    _write_json(folder / "community.json", queries.settings_of(community) | {"pictures": pictures})
    counts = {
        "messages": _write_messages(community, folder / "messages.mbox"),
        "members": _write_members(community, folder / "members.csv"),
        "attachments": _write_attachments(community, folder / "attachments"),
        "versions": _write_lines(queries.versions_of(community), folder / "versions.jsonl"),
        "pictures": sum(one["file"] is not None for one in pictures),
        "audit_entries": _write_lines(_entries(community), folder / "audit.jsonl"),
    }
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "community": community.slug,
        "written_at": timezone.now().isoformat(),
        "written_by": f"Junto {__version__}",
        "counts": counts,
        "files": {
            path.relative_to(folder).as_posix(): {"sha256": _digest(path), "bytes": path.stat().st_size}
            for path in files
        },
    }
    _write_json(folder / "manifest.json", manifest)
    return manifest


def _digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    total = sha256()
    with path.open("rb") as file:
        while piece := file.read(1_000_000):
            total.update(piece)
    return total.hexdigest()


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n", encoding="utf-8")


def _write_messages(community: Community, path: Path) -> int:
    with path.open("wb") as file:
        return write_mbox(queries.messages_of(community), file)


def _write_members(community: Community, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for membership in queries.members_of(community):
            writer.writerow([harmless(value) for value in _row(membership)])
            count += 1
    return count


def _row(membership: Membership) -> Iterable[str]:
    person = membership.person
    return (
        membership.address.email, person.name, person.agency.name if person.agency else "", person.job_title,
        membership.role, membership.delivery, membership.state, _iso(membership.joined_at), _iso(membership.ended_at),
        membership.came_by, membership.reason,
    )  # fmt: skip


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _write_attachments(community: Community, folder: Path) -> int:
    folder.mkdir()
    count = 0
    for attachment in queries.attachments_of(community):
        name = plain_name(attachment.file_name)
        number = attachment.message.thread.number
        try:
            content = store.get(attachment.key)
        except store.NotStored:
            continue
        (folder / f"{number}-{attachment.message_id}-{attachment.position}-{name}").write_bytes(content)
        count += 1
    return count


def _write_pictures(community: Community, folder: Path) -> list[dict[str, Any]]:
    """Each picture as plain values, its file beside them; of one that the store has lost, `file` is None."""
    (folder / "pictures").mkdir()
    told = []
    for picture in queries.pictures_of(community):
        one = queries.told_of_picture(picture)
        try:
            (folder / one["file"]).write_bytes(store.get(picture.key))
        except store.NotStored:
            one["file"] = None
        told.append(one)
    return told


def _write_lines(rows: Iterable[dict[str, Any]], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n")
            count += 1
    return count


def _entries(community: Community) -> Iterator[dict[str, Any]]:
    names = ("at", "fact", "about_type", "about_id", "about", "by_id", "by", "reason", "details")
    for entry in queries.entries_about(community):
        yield {name: getattr(entry, name) for name in names}
