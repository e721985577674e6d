"""What was saved comes back whole, into an empty home only, and a damaged file changes nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

import junto
from junto.audit.models import Entry
from junto.communities.models import Readers
from junto.kit.rulings import Refused
from junto.mail import store
from junto.records.actions import backup
from junto.search import actions as search
from junto.search.documents import Document

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = """
import json, sys, django
django.setup()
from pathlib import Path
from django.test import Client
from junto.records.actions import backup
try:
    backup.restore(Path(sys.argv[1]))
except backup.NotRestored as error:
    print(json.dumps({"refused": str(error)}))
    raise SystemExit
from junto.communities.models import Community
from junto.mail import store
page = Client(HTTP_HOST="localhost").get("/search/", {"q": "saved"})
print(json.dumps({
    "status": page.status_code,
    "found": "<mark>saved</mark>" in page.content.decode(),
    "communities": list(Community.objects.values_list("slug", flat=True)),
    "letter": store.get(sys.argv[2]).decode(),
}))
"""


def restored(file: Path, home: Path, letter: str = "", database_url: str = "") -> dict[str, object]:
    """Restore in a process of its own, with a home of its own, and ask the home a few things."""
    environment = os.environ | {
        "JUNTO_HOME": str(home),
        "JUNTO_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "junto.config.settings",
        "PYTHONPATH": str(Path(junto.__file__).parents[1]),
        "JUNTO_DEBUG": "on",
    }
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, str(file), letter], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def new_database():
    """The address of an empty database of the kind in use; empty text for SQLite, which lies in the home."""
    if connection.vendor != "postgresql":
        yield ""
        return
    given, name = connection.settings_dict, f"test_restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    yield f"postgres://{given['USER']}{password}@{given['HOST'] or ''}:{given['PORT'] or 5432}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def letter(cop):
    """A community with a letter in the store and a document in the index."""
    cop.readers = Readers.PUBLIC
    cop.save()
    document = Document("m:1", "message", "A saved letter", "words", "/x/", f"community:{cop.pk}", scope=cop.slug)
    search.index([document])
    return store.put(b"raw letter")


@pytest.fixture
def saved(letter, tmp_path):
    path = tmp_path / "saved.tar.gz"
    backup.save(path)
    return path


def rewritten(path: Path, change) -> Path:
    """A copy of a backup whose entries went through `change(name, content)`."""
    other = path.with_name("changed.tar.gz")
    with tarfile.open(path) as old, tarfile.open(other, "w:gz") as new:
        for entry in old:
            for name, content in change(entry.name, old.extractfile(entry).read()):
                told = tarfile.TarInfo(name)
                told.size = len(content)
                new.addfile(told, io.BytesIO(content))
    return other


def test_restored_home_answers(saved, letter, cop, tmp_path, new_database):
    told = restored(saved, tmp_path / "new", letter, new_database)
    assert told == {"status": 200, "found": True, "communities": [cop.slug], "letter": "raw letter"}


def test_file_is_for_its_owner_only_and_names_every_file(saved, letter):
    assert saved.stat().st_mode & 0o077 == 0
    with tarfile.open(saved) as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile("manifest.json"))
    assert f"mail/{letter}" in names
    assert set(names) == {*manifest["files"], "manifest.json"}
    assert Entry.objects.filter(fact="records.home.saved").exists()


def test_nothing_is_left_beside_the_file(saved):
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_file_that_is_there_is_not_overwritten(saved):
    before = saved.read_bytes()
    with pytest.raises(backup.NotSaved, match="already there"):
        backup.save(saved)
    assert saved.read_bytes() == before


def test_home_with_mail_in_it_is_refused(saved, tmp_path, new_database):
    home = tmp_path / "used"
    (home / "mail").mkdir(parents=True)
    (home / "mail" / "x").write_text("mine")
    told = restored(saved, home, database_url=new_database)
    assert "is not empty" in str(told["refused"])
    assert not list(home.glob("*.sqlite3"))


def test_database_in_use_is_refused(saved):
    for folder in backup.FOLDERS:
        (Path(settings.HOME) / folder).rename(Path(settings.HOME) / f"{folder}.aside") if (
            Path(settings.HOME) / folder
        ).exists() else None
    try:
        with pytest.raises(backup.NotRestored, match="database is not empty"):
            backup.restore(saved)
    finally:
        for folder in backup.FOLDERS:
            aside = Path(settings.HOME) / f"{folder}.aside"
            if aside.exists():
                aside.rename(Path(settings.HOME) / folder)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "text", "missing", "changed", "stranger", "newer"])
def test_damaged_file_changes_nothing(saved, tmp_path, damage, new_database):
    raw = saved.read_bytes()
    bad = saved.with_name("bad.tar.gz")
    if damage == "truncated":
        bad.write_bytes(raw[: len(raw) // 2])
    elif damage == "flipped":
        bad.write_bytes(raw[:-6] + bytes([raw[-6] ^ 255]) + raw[-5:])
    elif damage == "text":
        bad.write_bytes(gzip.compress(b"no archive"))
    elif damage == "missing":
        bad = rewritten(saved, lambda name, content: [] if name.startswith("mail/") else [(name, content)])
    elif damage == "changed":
        bad = rewritten(saved, lambda name, content: [(name, b"x" if name.startswith("mail/") else content)])
    elif damage == "stranger":
        bad = rewritten(saved, lambda name, content: [("mail/../../evil", b"x"), (name, content)])
    else:
        bad = rewritten(saved, lambda name, content: [(name, content.replace(b'"form": 1', b'"form": 9'))])
    home = tmp_path / "new"
    told = restored(bad, home, database_url=new_database)
    assert "refused" in told
    assert not list(home.glob("*.sqlite3"))
    assert not (home / "mail").exists()
    assert not (tmp_path / "evil").exists()


def test_missing_file_is_named(tmp_path, new_database):
    told = restored(tmp_path / "nowhere.tar.gz", tmp_path / "new", database_url=new_database)
    assert "There is no file" in str(told["refused"])


def test_who_does_not_run_the_site_may_neither_save_nor_restore(ben, tmp_path):
    for verb in (backup.save, backup.restore):
        with pytest.raises(Refused):
            verb(tmp_path / "x", by=ben)
