"""Letters made to keep a worker busy: each of these took a pattern minutes, hours, or for ever. A failure is a test that
does not end."""

from __future__ import annotations

import pytest

from junto.communities.inbound import reading
from junto.communities.inbound.commands import COMMANDS
from junto.communities.models import Community
from junto.discussions.rules import coach, own_words
from junto.discussions.rules.short import is_little

LONG = 200_000


def _much(words: str) -> str:
    return (words * LONG)[:LONG]


@pytest.mark.parametrize(
    "words",
    [
        "CUI//" * 60 + "x",
        "PRIVILEGED & CONFIDENTIAL & " * 60 + "x",
        "CUI//" + " " * LONG + "x",
        _much("a"),
        "The best. " + _much("A&"),
        "best " + _much("A&A "),
    ],
)
def test_the_coach_reads_any_words(words):
    assert coach.advice(coach.Draft("Hello everyone here", words, words), Community()) is not None


@pytest.mark.parametrize(
    "html",
    [
        *map(_much, ("<div", "<img", "<a", "<a>", "<a><b>", "<img alt='a")),
        f'<img alt="{_much(" a")}>',
        f"<img width={_much(' ')}>",
    ],
)
def test_the_coach_reads_any_page(html):
    assert coach.advice(coach.Draft("Hello everyone here", "x", "x", html), Community()) is not None


@pytest.mark.parametrize("subject", [*map(_much, (" ", "-", "re: ", "["))])
def test_the_coach_reads_any_subject(subject):
    assert coach.advice(coach.Draft(subject, "x", "x"), Community()) is not None


@pytest.mark.parametrize("line", [*map(_much, ("-", "[", "]", "> ", "re: ", "[external] ", "caution ", "on x "))])
def test_commands_are_read_from_any_letter(line):
    for text in (line, f"{line}\n" * 3):
        assert not reading.read(line, text, COMMANDS).is_cut
        reading.first_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "> x" + "\n" * LONG + "sent from my phone\n" * 10_000,
        "on monday ben wrote:\n" * 50_000,
        ("wrote: " * 40 + ":" * 70 + " " * LONG + "x\n") * 4,
    ],
)
def test_own_words_are_found_in_any_letter(text):
    assert isinstance(own_words(text), str)


def test_a_name_below_many_blanks_is_looked_for_once():
    assert not is_little("Some words of substance\n" + " " * LONG + "Ben x", names=["Ben"], is_reply=True)
