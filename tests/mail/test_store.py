from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from junto.mail import mbox, store

ARCHIVE = (
    b"From a@b Mon Mar  4 10:00:00 2024\nSubject: One\n\n>From here\n>>From there\n> From nowhere\n\n"
    b"From a@b Mon Mar  4 11:00:00 2024\nSubject: Two\n\nHello\n"
)


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


@pytest.fixture
def pack(tmp_path):
    path = tmp_path / "a.mbox"
    path.write_bytes(ARCHIVE)
    return store.put_pack(path), list(mbox.slices(path))


def test_a_letter_comes_out_of_a_pack_as_it_was_sent(pack):
    key, (one, two) = pack
    assert store.get(f"{key}:{one.begin}+{one.length}") == (
        b"Subject: One\n\nFrom here\n>From there\n> From nowhere\n\n"
    )
    assert store.get(f"{key}:{two.begin}+{two.length}") == b"Subject: Two\n\nHello\n"


def test_the_same_archive_is_kept_once(pack, tmp_path):
    again = tmp_path / "other name"
    again.write_bytes(ARCHIVE)
    assert store.put_pack(again) == pack[0]


def test_notebooks_quote_nothing_and_nothing_is_taken_off(tmp_path):
    path = tmp_path / "LIST.LOG"
    path.write_bytes(b"=" * 73 + b"\nSubject: One\n\n>From here\n")
    (one,) = mbox.slices(path)
    assert b"\n>From here" in store.get(f"{store.put_pack(path)}:{one.begin}+{one.length}")


@pytest.mark.parametrize("piece", [":0+999999", ":99999+1", ":-1+5", ":0", ":0+5/../../x", ":0+5\n"])
def test_what_is_not_in_a_pack_is_not_stored(pack, piece):
    with pytest.raises(store.NotStored):
        store.get(pack[0] + piece)
