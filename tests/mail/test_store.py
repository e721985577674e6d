from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from junto.mail import store


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_what_was_kept_comes_back():
    assert store.get(store.put(b"Hello")) == b"Hello"


def test_file_that_a_crash_cut_short_is_written_anew(home):
    key = store.put(b"Hello, colleagues")
    (home / "mail" / key).write_bytes(b"Hel")
    assert store.put(b"Hello, colleagues") == key
    assert store.get(key) == b"Hello, colleagues"


def test_same_letter_kept_by_many_at_once_is_whole_and_fails_for_nobody(home):
    content = b"x" * 3_000_000
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: store.put(content), range(24)))
    [key] = keys
    assert store.get(key) == content
    assert [path.name for path in (home / "mail" / key).parent.iterdir()] == [key.rpartition("/")[2]]


def test_entry_of_a_file_is_on_disk_also_where_another_process_has_just_written_it(monkeypatch):
    key = store.put(b"Hello")
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    assert store.put(b"Hello") == key
    assert synced
