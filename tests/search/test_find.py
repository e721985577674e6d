"""What is found, in which order, and by whom. Runs on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junto.search import actions, queries
from junto.search.documents import Document
from junto.search.models import IndexedDocument

pytestmark = pytest.mark.django_db


def document(number: int, **fields: object) -> Document:
    given = {
        "key": f"test:{number}",
        "kind": "message",
        "title": f"Letter {number}",
        "text": "Nothing much.",
        "url": f"/letters/{number}/",
        "label": "public",
        "at": datetime(2024, 1, 1 + number % 28, 12, tzinfo=UTC),
    }
    return Document(**(given | fields))  # type: ignore[arg-type]


def keys(words: str, **filters: object) -> list[str]:
    found = queries.find(words, **({"labels": ["public"]} | filters))  # type: ignore[arg-type]
    return [hit.key for hit in found.hits]


def test_every_word_must_be_there():
    actions.index([document(1, text="survey of call centers"), document(2, text="survey of websites")])
    assert keys("survey centers") == ["test:1"]


def test_words_are_found_in_their_other_forms():
    actions.index([document(1, text="Surveying the agencies")])
    assert keys("surveys agency") == ["test:1"]


def test_case_and_accents_make_no_difference():
    actions.index([document(1, text="Résumé of a CAFÉ meeting in Bogotá")])
    assert keys("resume café bogota") == ["test:1"]


def test_quotes_ask_for_a_phrase():
    actions.index([document(1, text="plain language act"), document(2, text="language that is plain")])
    assert keys('"plain language"') == ["test:1"]


def test_minus_excludes():
    actions.index([document(1, text="training budget"), document(2, text="training")])
    assert keys("training -budget") == ["test:2"]
    assert keys("-budget") == ["test:2"]


def test_star_asks_for_a_beginning():
    actions.index([document(1, text="procurement rules")])
    assert keys("procure*") == ["test:1"]
    assert keys("xprocure*") == []


def test_parts_of_addresses_are_words():
    actions.index([document(1, text="write to help@section508.gov, see https://www.epa.gov/a-z")])
    assert keys("section508.gov") == ["test:1"]
    assert keys("epa") == ["test:1"]
    assert keys("A-Z") == ["test:1"]


def test_title_weighs_more_than_text():
    actions.index(
        [
            document(1, title="Other", text="accessibility " + "word " * 20),
            document(2, title="Accessibility", text="word " * 20),
            document(3, title="Other", text="accessibility " + "word " * 20),
        ]
    )
    assert keys("accessibility")[0] == "test:2"


def test_author_can_be_searched_for():
    actions.index([document(1, author="Ada Alvarez")])
    assert keys("alvarez") == ["test:1"]


def test_marks_surround_the_words_and_everything_else_is_escaped():
    actions.index([document(1, title="<b>Survey</b> & more", text="<script>alert(1)</script> a survey, again")])
    [hit] = queries.find("surveys", labels=["public"]).hits
    assert "<mark>Survey</mark>" in hit.title
    assert "<b>" not in hit.title
    assert "&amp; more" in hit.title
    assert "<mark>survey</mark>" in hit.excerpt
    assert "<script>" not in hit.excerpt


def test_a_forged_mark_in_the_text_marks_nothing():
    actions.index([document(1, title="a \x02forged\x03 mark", text="\x02x\x03 survey \x00")])
    [hit] = queries.find("survey", labels=["public"]).hits
    assert hit.title.count("<mark>") == 0
    assert hit.excerpt.count("<mark>") == 1


def test_excerpt_shows_the_place_in_a_long_text():
    actions.index([document(1, text="filler " * 2000 + "needle " + "filler " * 2000)])
    [hit] = queries.find("needle", labels=["public"]).hits
    assert "<mark>needle</mark>" in hit.excerpt
    assert len(hit.excerpt) < 700


def test_only_the_labels_that_the_searcher_has_are_found():
    actions.index([document(1, text="secret"), document(2, text="secret", label="community:1")])
    assert keys("secret") == ["test:1"]
    assert keys("secret", labels=["community:2"]) == []
    assert keys("secret", labels=[]) == []
    assert sorted(keys("secret", labels=["public", "community:1"])) == ["test:1", "test:2"]
    assert keys("") == ["test:1"]


def test_filters_narrow():
    actions.index(
        [
            document(
                1, scope="cx", kind="message", author="José Núñez", agency="Environmental Protection Agency (EPA)"
            ),
            document(2, scope="web", kind="community", author="Ada Alvarez", agency="Department of State"),
        ]
    )
    assert keys("", scope="cx") == ["test:1"]
    assert keys("letter", kinds=["community"]) == ["test:2"]
    assert keys("", author="nunez") == ["test:1"]
    assert keys("", author="JOSÉ") == ["test:1"]
    assert keys("letter", agency="EPA") == ["test:1"]
    assert keys("", agency="environmental protection") == ["test:1"]


def test_wildcards_in_a_filter_are_only_characters():
    actions.index([document(1, author="Ada", agency="GSA")])
    assert keys("", author="%z%") == []
    assert keys("", agency="_") in ([], ["test:1"])


def test_dates_are_days_on_the_wall_and_both_ends_count():
    late = datetime(2024, 3, 6, 4, 30, tzinfo=UTC)  # still March 5 in New York
    actions.index([document(1, at=late), document(2, at=datetime(2024, 3, 7, 12, tzinfo=UTC)), document(3, at=None)])
    day = date(2024, 3, 5)
    assert keys("", after=day, before=day) == ["test:1"]
    assert keys("letter", after=date(2024, 3, 6)) == ["test:2"]
    assert keys("", after=date.min, before=date.max) == ["test:2", "test:1"]


def test_without_words_the_newest_come_first_and_undated_ones_last():
    actions.index([document(1), document(3), document(2), document(4, at=None)])
    assert keys("") == ["test:3", "test:2", "test:1", "test:4"]


def test_pages_follow_each_other_without_gap():
    actions.index([document(n, text="shared words here") for n in range(25)])
    first = queries.find("shared", labels=["public"], limit=10)
    assert first.total == 25
    assert not first.is_capped
    everything = [key for start in (0, 10, 20) for key in keys("shared", limit=10, start=start)]
    assert len(set(everything)) == 25


def test_count_stops_at_the_cap(monkeypatch):
    monkeypatch.setattr(queries, "CAP", 5)
    actions.index([document(n, text="common") for n in range(9)])
    for words in ("common", ""):
        found = queries.find(words, labels=["public"])
        assert (found.total, found.is_capped) == (5, True)


def test_page_past_the_end_is_empty_and_still_counts():
    actions.index([document(n, text="common") for n in range(3)])
    found = queries.find("common", labels=["public"], start=20)
    assert (found.hits, found.total) == ([], 3)


def test_indexing_again_replaces():
    actions.index([document(1, text="before")])
    actions.index([document(1, text="after", title="Renamed")])
    assert keys("before") == []
    assert keys("after renamed") == ["test:1"]
    assert IndexedDocument.objects.count() == 1


def test_key_twice_in_one_batch_keeps_the_last():
    actions.index([document(1, text="first"), document(1, text="second")])
    assert keys("second") == ["test:1"]
    assert keys("first") == []


def test_removed_is_not_found():
    actions.index([document(1), document(2)])
    assert actions.remove(["test:1", "test:99"]) == 1
    assert keys("letter") == ["test:2"]


def test_bulk_is_found_like_the_rest():
    assert actions.bulk_index(document(n, text=f"bulk{n}") for n in range(1200)) == 1200
    assert keys("bulk777") == ["test:777"]


def test_text_past_the_cap_is_not_found():
    actions.index([document(1, text="word " * 10_000 + " beyond")])
    assert keys("beyond") == []


def test_symbols_alone_find_nothing():
    actions.index([document(1)])
    for words in ("&", '"', "* - ()", "\x00"):
        assert keys(words) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(["AND", "OR", "NOT", "NEAR(", ")", '"', "*", "^", "-", ":", "title:", "a", "'", "\\", "{x}", "!", "&", "|", "<->", "%s", "a*"]),
            max_size=12,
        ).map(" ".join),
    )
)  # fmt: skip
def test_no_input_raises_or_reaches_what_is_private(words):
    actions.index([document(1), document(2, label="community:1")])
    for field in ({}, {"author": words}, {"agency": words}, {"scope": words}):
        assert "test:2" not in keys(words, **field)


def test_very_many_are_indexed_and_replaced_like_a_few():
    many = [document(number, text=f"Señor word{number} at a-b/c", author="Zoë") for number in range(250)]
    assert actions.bulk_index(many) == 250
    assert keys("senor word249") == keys("word249 zoe") == ["test:249"]
    assert actions.bulk_index([document(number, text=f"Other word{number}") for number in range(200)]) == 200
    assert keys("senor word7") == []
    assert keys("other word7") == ["test:7"]
    assert keys("senor word249") == ["test:249"]
    assert IndexedDocument.objects.count() == 250
