import pytest

from junto.kit.wording import Change, compare


def _texts(pieces):
    old = "".join(one.text for one in pieces if one.change is not Change.ADDED)
    return old, "".join(one.text for one in pieces if one.change is not Change.REMOVED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("a", ""),
        ("", "a b"),
        ("one two\nthree\n", "one 2\nthree\nfour"),
        ("x\n\n\ny", "x\ny"),
        ("same", "same"),
        ("ä ö ü", "ä o ü"),
    ],
)
def test_the_pieces_make_up_both_texts(old, new):
    assert _texts(compare(old, new)) == (old, new)


def test_only_the_word_that_changed_is_marked():
    changed = [(one.change.value, one.text) for one in compare("We meet monthly.", "We meet weekly.")]
    assert changed == [("same", "We meet "), ("removed", "monthly"), ("added", "weekly"), ("same", ".")]


def test_line_ends_of_a_browser_are_no_change():
    assert compare("a\nb", "a\r\nb")[0].change is Change.SAME


def test_a_long_text_that_is_all_new_is_compared_in_one_piece():
    old, new = " ".join(f"a{at}" for at in range(3000)), " ".join(f"b{at}" for at in range(3000))
    assert [one.change for one in compare(old, new)] == [Change.REMOVED, Change.ADDED]
