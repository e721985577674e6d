"""Keeps everything in one file, and brings it back.

The file is a .tar.gz: the database as one consistent snapshot, then the mail store, files, register, DKIM keys and secret key,
and last a manifest with the SHA-256 of each. The snapshot is taken first: the stores only grow, and a letter is in its
store before the database speaks of it, so that nothing the snapshot names can be missing. Saving needs no pause.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from junto import __version__
from junto.audit.actions import record
from junto.kit.rulings import require
from junto.people.models import Person
from junto.records import rules
from junto.records.actions import _postgres as postgres

FORM = 1
MANIFEST = "manifest.json"
FOLDERS = ("mail", "files", "register", "dkim")
KEY = "secret-key"
_DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
_PIECE = 1_000_000
_UNREADABLE = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, KeyError, TypeError)


class NotSaved(ValueError):
    """Nothing was saved; the message says why."""


class NotRestored(ValueError):
    """Nothing was restored and nothing changed; the message says why."""


def save(path: Path, *, by: Person | None = None) -> dict[str, Any]:
    """Write everything into one new file, readable by its owner only: it holds the secret key. Returns the manifest.

    Raises NotSaved and Refused.
    """
    require(rules.may_back_up(by))
    if path.exists():
        raise NotSaved(f"{path} is already there. Name a new file, so that no backup is overwritten.")
    if not path.parent.is_dir():
        raise NotSaved(f"There is no folder {path.parent}. Make it first, or name another.")
    record("records.home.saved", by=by, file=path.name)
    with tempfile.TemporaryDirectory(prefix=".junto-backup-", dir=path.parent) as folder:
        draft = Path(folder) / "whole"
        manifest = _write(draft, Path(folder))
        draft.rename(path)
    return manifest


def restore(path: Path, *, by: Person | None = None) -> dict[str, Any]:
    """Bring a saved file back into an empty home and an empty database. Returns its manifest.

    Every digest is checked before anything changes. Raises NotRestored and Refused.
    """
    require(rules.may_back_up(by))
    _must_be_empty()
    manifest = _checked(path)
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as folder:
        _extract(path, Path(folder))
        _install(Path(folder), home)
    record("records.home.restored", by=by, file=path.name, saved_at=manifest["saved_at"])
    return manifest


def _write(draft: Path, folder: Path) -> dict[str, Any]:
    files: dict[str, dict[str, Any]] = {}
    with _private(draft) as raw:
        with (
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=4) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            for name, source in _sources(folder):
                files[name] = _add(archive, name, source)
            manifest = {
                "form": FORM,
                "junto": __version__,
                "saved_at": timezone.now().isoformat(),
                "database": connection.vendor,
                "files": files,
            }
            text = json.dumps(manifest, indent=1).encode()
            archive.addfile(_entry(MANIFEST, len(text)), BytesIO(text))
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _private(path: Path) -> IO[bytes]:
    """A new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names in the archive and the files they come from; the database first."""
    snapshot = folder / "database"
    _snapshot(snapshot)
    yield _DATABASES[connection.vendor], snapshot
    snapshot.unlink()
    home = Path(settings.HOME)
    if (home / KEY).is_file():
        yield KEY, home / KEY
    for top in FOLDERS:
        for path in sorted((home / top).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != ".draft":
                yield path.relative_to(home).as_posix(), path


def _snapshot(path: Path) -> None:
    if connection.vendor == "postgresql":
        try:
            postgres.dump(path)
        except postgres.ToolFailed as error:
            raise NotSaved(str(error)) from None
        return
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as live, closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _add(archive: tarfile.TarFile, name: str, source: Path) -> dict[str, Any]:
    with source.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        reader = _Hashing(file)
        archive.addfile(_entry(name, size), reader)
    return {"sha256": reader.total.hexdigest(), "bytes": size}


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
    return entry


class _Hashing:
    """A file that keeps the digest of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.total = file, sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.total.update(piece)
        return piece


def _must_be_empty() -> None:
    home = Path(settings.HOME)
    full = [name for name in FOLDERS if (home / name).is_dir() and any((home / name).iterdir())]
    if full:
        raise NotRestored(
            f"{home} is not empty: it holds {', '.join(full)}. Restore into a new JUNTO_HOME. Nothing was changed."
        )
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        is_used = database.exists() and database.stat().st_size > 0
    else:
        is_used = bool(connection.introspection.table_names())
    if is_used:
        raise NotRestored("The database is not empty. Restore into a new home or a new database. Nothing was changed.")


def _checked(path: Path) -> dict[str, Any]:
    """The manifest of a file whose every digest is right. Reads all of it, writes nothing."""
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] = {}
    try:
        with _opened(path) as archive:
            for entry in archive:
                _must_be_safe(entry)
                content = archive.extractfile(entry)
                assert content is not None
                if entry.name == MANIFEST:
                    manifest = json.loads(content.read(200_000_000))
                else:
                    found[entry.name] = {"sha256": _digest(content), "bytes": entry.size}
        told, form, vendor = manifest["files"], manifest["form"], manifest["database"]
    except FileNotFoundError:
        raise NotRestored(f"There is no file {path}.") from None
    except _UNREADABLE as error:
        raise NotRestored(f"{path} is no backup of Junto, or is damaged ({error}). Nothing was changed.") from None
    if form != FORM:
        raise NotRestored(
            f"{path} was saved in form {form}; this Junto reads form {FORM}. Use the Junto that saved it."
        )
    if vendor != connection.vendor:
        raise NotRestored(
            f"{path} holds a {vendor} database, and this home uses {connection.vendor}. Set JUNTO_DATABASE_URL to match."
        )
    if found != told:
        wrong = sorted(name for name in {*found, *told} if found.get(name) != told.get(name))
        raise NotRestored(
            f"{path} is damaged: {len(wrong)} files differ from its manifest, first {wrong[0]}. Nothing was changed."
        )
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    with gzip.open(path, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
        yield archive
        while packed.read(_PIECE):  # what follows the end is read too, so that its checksum is verified
            pass


def _must_be_safe(entry: tarfile.TarInfo) -> None:
    parts = entry.name.split("/")
    is_known = parts[0] in FOLDERS if len(parts) > 1 else entry.name in {MANIFEST, KEY, *_DATABASES.values()}
    if not entry.isreg() or not is_known or any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"it holds “{entry.name[:80]}”, which no backup does")


def _digest(content: IO[bytes]) -> str:
    total = sha256()
    while piece := content.read(_PIECE):
        total.update(piece)
    return total.hexdigest()


def _extract(path: Path, folder: Path) -> None:
    with _opened(path) as archive:
        for entry in archive:
            _must_be_safe(entry)
            target, content = folder / entry.name, archive.extractfile(entry)
            assert content is not None
            target.parent.mkdir(parents=True, exist_ok=True)
            with _private(target) as file:
                shutil.copyfileobj(content, file, _PIECE)
                file.flush()
                os.fsync(file.fileno())


def _install(folder: Path, home: Path) -> None:
    """Move what was extracted to its place; the database last, so that a home with one is a whole home."""
    moved: list[Path] = []
    try:
        for name in FOLDERS:
            if (folder / name).is_dir():
                if (home / name).is_dir():
                    (home / name).rmdir()
                (folder / name).rename(home / name)
                moved.append(home / name)
        _install_database(folder)
    except BaseException:
        for path in moved:
            shutil.rmtree(path)
        raise
    if (folder / KEY).is_file():
        (folder / KEY).replace(home / KEY)


def _install_database(folder: Path) -> None:
    if connection.vendor == "postgresql":
        try:
            postgres.load(folder / _DATABASES["postgresql"])
        except postgres.ToolFailed as error:
            raise NotRestored(f"{error} Nothing was changed.") from None
        return
    snapshot, database = folder / _DATABASES["sqlite"], Path(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(snapshot)) as copy:
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise NotRestored("The database inside the backup is damaged. Nothing was changed.")
    connection.close()
    for leftover in ("-wal", "-shm"):
        Path(f"{database}{leftover}").unlink(missing_ok=True)
    snapshot.replace(database)
