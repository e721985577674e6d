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
