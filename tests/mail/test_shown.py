import nh3
import pytest

from junto.mail.shown import mask_addresses, show

FOLD = '<details class="j-quote"><summary>Show quoted text</summary>'


def test_trailing_quotation_is_folded_with_its_attribution():
    html = show("Yes.\n\nOn Monday Ben wrote:\n> Is it?\n", "")
    assert html == f"<p>Yes.</p>{FOLD}<p>On Monday Ben wrote:</p><blockquote><p>Is it?</p></blockquote></details>"


def test_short_quotation_between_answers_stays_open():
    assert "<details" not in show("> Is it?\nYes.", "")


def test_text_is_escaped_and_links_are_safe():
    html = show('<script>x</script> https://epa.gov/?a=1&b="2" javascript:alert(1)', "")
    assert "<script" not in html
    assert 'href="https://epa.gov/?a=1&amp;b="' in html
    assert 'href="javascript' not in html


def test_signature_is_set_apart():
    assert show("Hi\n-- \nBen\nEPA", "") == '<p>Hi</p><div class="j-signature"><p>Ben<br>EPA</p></div>'


def test_columns_keep_their_blanks():
    assert show("a    b\n1    2", "").startswith("<pre>")


def test_quotations_of_html_are_folded_once():
    html = show("", '<p>Yes</p><blockquote type="cite"><p>a</p><blockquote type="cite">b</blockquote></blockquote>')
    assert html.count(FOLD) == html.count("</details>") == 1
    assert html.startswith("<p>Yes</p>" + FOLD)


def test_images_leave_their_words():
    assert show("", '<p><img src="https://spy.example/x.gif" alt="Our <b> team"></p>') == "<p>Our &lt;b&gt; team</p>"


def test_scripts_and_styles_are_gone():
    html = show("", '<p onclick="x()" style="a:b">ok<script>x()</script></p><a href="javascript:x()">y</a>')
    assert html == '<p>ok</p><a rel="noopener noreferrer nofollow">y</a>'


def test_strangers_see_no_addresses():
    html = mask_addresses('<p>ben@epa.gov <a href="mailto:ben@epa.gov">ben@epa.gov</a></p>')
    assert html == "<p>b…@epa.gov <a>b…@epa.gov</a></p>"


@pytest.mark.parametrize(
    "text",
    [
        "> quoted line\n" * 50_000,
        "On " + "a " * 50_000,
        "@@@@" * 250_000,
        "a.a.a." * 170_000,
        "https://" * 100_000,
        ">" * 500_000,
        "\n \n" * 200_000,
        "-- \n" * 100_000,
    ],
)
def test_text_made_to_stall_a_reader_is_shown_to_its_end(text):
    """What takes quadratic time here takes an hour."""
    page = mask_addresses(show(f"{text}\nThe last line.", ""))
    assert "The last line." in page


def test_deep_html_is_shown():
    html = show("", "<div>" * 20_000 + "x")
    assert "x" in nh3.clean(html)
