from pathlib import Path

import pytest
from django.test import override_settings
from django.utils.safestring import mark_safe

from junto.mail.letter import slots
from junto.ui import letters


@pytest.fixture
def sample_room(tmp_path: Path, settings):
    folder = tmp_path / "sample" / "letters" / "hello"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Hello {{ name }},\n  and\nwelcome\n")
    (folder / "body.txt").write_text("Dear {{ name }}\n\n\n\n\n{{ link }}\n")
    (folder / "body.mjml").write_text(
        '{% extends "ui/letters/base.mjml" %}{% block body %}<mj-text><h1>Hello {{ name }}</h1></mj-text>'
        '<mj-text>{{ html|in_letter }}</mj-text><mj-button href="{{ link }}" css-class="go">Go</mj-button>{% endblock %}'
    )
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    letters._unescaped.cache_clear()
    with override_settings(TEMPLATES=templates):
        yield
    letters._unescaped.cache_clear()


def _render(**context: str) -> letters.Rendered:
    told = {"name": "Ben <b>O'Brien</b>", "link": "https://example.gov/?a=1&b=2", "html": "<p>one<br>two", **context}
    return letters.render("sample.hello", told)


def test_letter_has_subject_text_and_html(sample_room):
    letter = _render()
    assert letter.subject == "Hello Ben <b>O'Brien</b>, and welcome"
    assert letter.text == "Dear Ben <b>O'Brien</b>\n\nhttps://example.gov/?a=1&b=2\n"
    assert "<title>Hello Ben &lt;b&gt;" in letter.html


def test_values_are_escaped_in_html_and_finished_html_is_kept(sample_room):
    html = _render(name="<script>alert(1)</script>").html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "https://example.gov/?a=1&amp;b=2" in html


def test_html_that_is_no_xml_may_stand_in_a_letter_when_it_is_marked_safe(sample_room):
    assert "<p>one<br>two" in _render(html=mark_safe("<p>one<br>two")).html


def test_unmarked_html_in_a_letter_is_escaped(sample_room):
    assert "&lt;p&gt;one&lt;br&gt;two" in _render().html


def test_slots_of_the_mail_engine_pass_untouched(sample_room):
    link = f"https://example.gov/delivery/{slots.REF}/"
    letter = _render(link=link)
    assert link in letter.text
    assert link in letter.html


def test_letters_call_nobody_and_name_the_site(sample_room, settings):
    html = _render().html
    assert "googleapis" not in html
    assert "<script" not in html
    assert "<link" not in html
    assert settings.SITE_NAME in html
    assert 'lang="en"' in html
    assert "prefers-color-scheme: dark" in html
