"""Lots are part of a backup and come back with it."""

from __future__ import annotations

import tarfile

import pytest

from junto.mail import store
from junto.records.actions import backup

pytestmark = pytest.mark.django_db(transaction=True)


def test_letters_in_lots_are_in_the_backup(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path / "home"
    monkeypatch.setattr(backup, "_snapshot", lambda path: path.write_bytes(b"the database"))
    lots = store.Lots()
    [key] = lots.put([b"Hello"])
    backup.save(tmp_path / "saved.tar.gz")
    lots.put([b"what comes later"])
    lots.close()
    with tarfile.open(tmp_path / "saved.tar.gz") as saved:
        saved.extractall(tmp_path / "restored", filter="data")
    settings.HOME = tmp_path / "restored"
    assert store.get(key) == b"Hello"
