import pytest

from junto.communities import letters


@pytest.mark.parametrize("name", letters.PREVIEWS)
def test_every_letter_has_a_subject_a_text_and_html_with_nothing_left_open(name):
    letter = letters.PREVIEWS[name]()
    assert letter.kind == f"communities.{name}"
    assert letter.subject
    assert "\n" not in letter.subject
    assert letter.text.strip()
    assert letter.html
    for part in (letter.subject, letter.text, letter.html):
        assert "{{" not in part
        assert "None" not in part
    assert letter.automatic in {"auto-generated", "auto-replied"}


def test_every_folder_of_a_letter_has_a_preview():
    from pathlib import Path

    folder = Path(letters.__file__).parents[1] / "templates" / "communities" / "letters"
    assert {one.name for one in folder.iterdir()} == set(letters.PREVIEWS)


def test_what_a_stranger_writes_is_escaped_in_html_and_left_alone_in_text(cop):
    letter = letters.forwarded(
        cop, sender="eve@mail.example.com", name="<b>Eve", subject="<i>", text="<script>alert(1)</script>"
    )
    assert "<script>" in letter.text
    assert "<script>" not in letter.html
    assert "<b>Eve" not in letter.html
