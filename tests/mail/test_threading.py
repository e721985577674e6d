import csv
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from junto.mail.threading import Item, Place, thread, wants_subjects

DAY = datetime(2026, 5, 1, tzinfo=UTC)


def item(key, *references, reply="", subject="Hello", day=0):
    return Item(key, key, reply, references, subject, DAY + timedelta(days=day))


def test_replies_stand_under_what_they_answer():
    places = thread([item("a"), item("b", "a", day=1), item("c", "a", "b", day=2)])
    assert places == {"a": Place("a", None, 0), "b": Place("a", "a", 1), "c": Place("a", "b", 2)}


def test_order_of_arrival_does_not_matter():
    items = [item("a"), item("b", "a", day=1), item("c", "a", "b", day=2)]
    assert thread(items) == thread(reversed(items))


def test_in_reply_to_serves_where_references_are_missing():
    assert thread([item("a"), item("b", reply="a", day=1)])["b"] == Place("a", "a", 1)


def test_answers_to_a_missing_message_are_one_thread():
    places = thread([item("b", "gone", day=1), item("c", "gone", day=2)])
    assert places["c"] == Place("b", None, 1)


def test_missing_link_is_bridged_by_the_references_of_others():
    places = thread([item("a"), item("c", "a", "gone", day=2)])
    assert places["c"] == Place("a", "a", 1)


def test_two_messages_that_answer_each_other_are_cut_at_the_earlier():
    places = thread([item("a", "b"), item("b", "a", day=1)])
    assert places == {"a": Place("a", None, 0), "b": Place("a", "a", 1)}


def test_a_message_that_answers_itself_starts_a_thread():
    assert thread([item("a", "a")])["a"] == Place("a", None, 0)


def test_subject_joins_only_when_asked_and_only_replies_within_the_window():
    items = [item("a"), item("b", subject="Re: hello", day=3), item("c", day=4), item("d", subject="RE: Hello", day=90)]
    assert len({p.root for p in thread(items).values()}) == 4
    assert [p.root for p in thread(items, by_subject=True).values()] == ["a", "a", "c", "d"]
    assert wants_subjects(items)


def test_a_long_chain_and_a_wide_thread_are_one_thread_each():
    chain = [item(str(n), str(n - 1)) for n in range(1, 60_000)]
    wide = [item(f"w{n}", "root") for n in range(60_000)]
    assert len({p.root for p in thread(chain + wide).values()}) == 2


@pytest.mark.material
def test_real_archives_fall_into_their_true_threads(material):
    """Share of pairs of messages in one true thread that meet here too, and the other way round."""
    together = found = true = 0
    for path in sorted((material / "mbox-archives/r-sig").glob("*.threads.tsv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        items = [Item(n, r["message_id"], r["in_reply_to"].split(";")[0], (), "", DAY) for n, r in enumerate(rows)]
        mine = thread(items)
        both = Counter((mine[n].root, r["thread_id"]) for n, r in enumerate(rows))
        together += sum(n * (n - 1) // 2 for n in both.values())
        found += sum(n * (n - 1) // 2 for n in Counter(p.root for p in mine.values()).values())
        true += sum(n * (n - 1) // 2 for n in Counter(r["thread_id"] for r in rows).values())
    assert together / found > 0.9
    assert together / true > 0.9
