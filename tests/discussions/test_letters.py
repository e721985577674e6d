from __future__ import annotations

import pytest

from junto.discussions import letters
from junto.discussions.letters import previews
from junto.mail import compose

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", letters.PREVIEWS)
def test_every_letter_has_subject_text_and_html_and_can_be_composed(name):
    letter = letters.PREVIEWS[name]()
    assert letter.kind == f"discussions.{name}"
    assert letter.subject
    assert "{{" not in letter.text + letter.html + letter.subject
    assert "&amp;" not in letter.text
    assert "<body" in letter.html
    compose.compose(letter)


def test_an_excerpt_keeps_its_lines_and_its_markup_is_text():
    held = previews.sample_held("")
    held.excerpt = "one <b>\ntwo & three"
    letter = letters.please_confirm(held)
    assert "one <b>\ntwo & three" in letter.text
    assert "one &lt;b&gt;<br>two &amp; three" in letter.html


@pytest.mark.parametrize("name", ["hints", "waits", "goes_to_many", "held_for_author", "accepted", "receipt", "storm"])
def test_html_names_the_post_that_the_letter_is_about_as_the_text_does(name):
    letter = letters.PREVIEWS[name]()
    assert "“QUESTION: How do you measure wait times?”" in letter.text
    assert "“QUESTION: How do you measure wait times?”" in letter.html
    assert f"“{letter.subject}”" not in letter.html


@pytest.mark.parametrize("name", letters.PREVIEWS)
def test_a_button_can_be_read_where_the_screen_is_dark(name):
    html = letters.PREVIEWS[name]().html
    assert html.count("background:#14506b") == 0 or 'class="go"' in html


def test_the_footer_of_a_post_can_be_read_where_the_screen_is_dark():
    html = letters.PREVIEWS["post"]().html
    assert "prefers-color-scheme: dark" in html
    assert 'class="j-foot"' in html
