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


@pytest.fixture
def lots():
    lots = store.Lots()
    yield lots
    lots.close()


def test_letters_of_a_lot_come_back_each_as_it_was(lots):
    letters = [b"From here\n>From there", b"", b"\x00\xff" * 500, b"last"]
    keys = lots.put(letters[:2]) + lots.put(letters[2:])
    assert [store.get(key) for key in keys] == letters
    assert len({key.partition(":")[0] for key in keys}) == 1
    assert max(map(len, keys)) <= 80


def test_lot_is_on_disk_with_one_fsync(lots, monkeypatch):
    lots.put([b"first"])
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    lots.put([b"x"] * 50)
    assert len(synced) == 1


def test_lot_that_the_disk_did_not_take_leaves_nothing_and_the_next_one_begins_another_file(lots, monkeypatch):
    [first] = lots.put([b"first"])
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:7]) if len(content) > 40 else _full())
    with pytest.raises(OSError, match="full"):
        lots.put([b"y" * 100])
    monkeypatch.undo()
    [second] = lots.put([b"second"])
    assert (store.get(first), store.get(second)) == (b"first", b"second")
    assert first.partition(":")[0] != second.partition(":")[0]
    assert store._path(first.partition(":")[0]).stat().st_size == 78 + len(b"first")


def _full():
    raise OSError("the disk is full")


def test_file_of_a_lot_that_has_grown_large_is_followed_by_another(lots, monkeypatch):
    monkeypatch.setattr(store, "LARGEST_LOT", 10)
    keys = lots.put([b"a" * 20]) + lots.put([b"b"])
    assert len({key.partition(":")[0] for key in keys}) == 2


@pytest.mark.parametrize("change", [":78+4", ":78+6", ":70+5", ":79+4", ":0+5"])
def test_place_in_a_lot_where_no_letter_lies_is_not_stored(lots, change):
    [key] = lots.put([b"Hello"])
    with pytest.raises(store.NotStored):
        store.get(key.replace(":78+5", change))
