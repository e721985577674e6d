"""Documents that may be about the same as a line of text."""

from __future__ import annotations

import pytest

from junto.search import actions
from junto.search.alike import alike, words_that_matter
from junto.search.documents import Document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indexed(db):
    titles = ("Measuring wait times in call centers", "Parking at the conference", "Survey of callers who wait")
    actions.index(
        Document(key=f"x:{n}", kind="message", title=title, text="", url=f"/{n}/", label="public")
        for n, title in enumerate(titles)
    )


def test_most_of_the_words_are_enough():
    assert alike("How do you measure the wait?", labels=["public"]) == ["x:0"]
    assert alike("Does anyone measure how long callers wait?", labels=["public"])[0] in {"x:0", "x:2"}


def test_one_word_of_several_is_not():
    assert alike("Conference hotel rates", labels=["public"]) == []
    assert alike("Parking", labels=["public"]) == ["x:1"]


def test_labels_and_kinds_are_kept():
    assert alike("measure wait", labels=["community:1"]) == []
    assert alike("measure wait", labels=["public"], kinds=["page"]) == []
    assert alike("measure wait", labels=[]) == []


@pytest.mark.parametrize("nasty", ["", '"', "' OR 1=1 --", "NEAR(a b)", "*", "the and of", "\x00", "a" * 5_000])
def test_anything_may_be_asked(nasty):
    assert isinstance(alike(nasty, labels=["public"]), list)


def test_words_that_say_nothing_are_left_out():
    assert words_that_matter("How do you measure the Wait-Times, please?") == ["measure", "wait", "times"]
