import xml.etree.ElementTree as ElementTree

import pytest
from django.template.loader import render_to_string

from junto.ui import charts
from junto.ui.charts import Bar, Series

LEVELS = [Bar("Federal", 1200, "14 agencies"), Bar("State <or> territory", 300, "9 agencies"), Bar("Tribal", 0)]
MONTHS = ["Jan", "Feb", "Mar", "Apr"]


def _bars(**more):
    return charts.bars(title="Members by level", rows=LEVELS, what="Level", unit="Members", **more)


def _line(**more):
    lines = [Series("Posts", [4, None, 12, 7]), Series("Authors", [2, 3, 5, 5])]
    return charts.line(title="Posts a month", labels=MONTHS, series=lines, what="Month", **more)


def _tiles(**values):
    return charts.tiles(title="Members by state", values=values, unit="Members")


def _parsed(chart):
    return ElementTree.fromstring(chart.svg)  # drawn by the house itself


@pytest.mark.parametrize("chart", [_bars(), _line(), _tiles(CA=3, OH=1200)])
def test_every_drawing_is_well_formed_named_and_described_and_styles_nothing_inline(chart):
    drawing = _parsed(chart)
    assert drawing.get("role") == "img"
    named = [one.get("id") for one in drawing if one.tag in {"title", "desc"}]
    assert drawing.get("aria-labelledby").split() == named
    assert "style=" not in chart.svg
    assert "<script" not in chart.svg


def test_bars_are_as_long_as_their_numbers_and_names_are_made_safe():
    chart = _bars()
    assert [one.get("width") for one in _parsed(chart).iter("rect") if one.get("class") == "j-fill-1"] == [
        "100%",
        "25%",
        "0%",
    ]
    assert "State &lt;or&gt; territory" in chart.svg
    assert ">1,200<" in chart.svg
    assert chart.rows[0] == ["Federal", "1,200", "14 agencies"]


def test_a_chart_of_nothing_is_drawn():
    empty = charts.bars(title="Members", rows=[], what="Level", unit="Members")
    assert _parsed(empty) is not None
    assert _parsed(charts.line(title="Posts", labels=[], series=[], what="Month")) is not None
    assert _parsed(_tiles()) is not None


def test_a_line_breaks_where_nothing_was_counted():
    chart = _line()
    assert len(list(_parsed(chart).iter("polyline"))) == 2
    assert chart.rows[1] == ["Feb", "", "3"]
    assert chart.head == ["Month", "Posts", "Authors"]
    assert "Posts: 4 (Jan), 7 (Apr)" in chart.description


def test_lines_need_a_value_for_each_label_and_are_four_at_most():
    with pytest.raises(ValueError, match="up to four"):
        charts.line(title="x", labels=MONTHS, series=[Series("a", [1])], what="Month")
    with pytest.raises(ValueError, match="up to four"):
        charts.line(title="x", labels=["a"], series=[Series(str(at), [1]) for at in range(5)], what="Month")


@pytest.mark.parametrize(
    ("most", "expected"), [(0, [0, 1]), (3, [0, 1, 2, 3]), (70, [0, 20, 40, 60, 80]), (0.5, [0, 0.2, 0.4, 0.6])]
)
def test_lines_stand_on_round_numbers(most, expected):
    assert charts.ticks(most) == pytest.approx(expected)


def test_a_tile_says_its_number_and_its_step_by_marks_that_need_no_color():
    chart = _tiles(CA=3, OH=1200, QX=5)
    tiles = {one.find("text").text: one for one in _parsed(chart).iter("g") if one.find("text").get("class") is None}
    assert len(tiles) == 56
    assert tiles["OH"].findall("text")[1].text == "1.2k"
    assert len(tiles["OH"].findall("path")) == 4
    assert len(tiles["CA"].findall("path")) == 1
    assert "j-tile--0" in tiles["TX"].get("class")
    assert chart.rows == [["Ohio (OH)", "1,200"], ["QX", "5"], ["California (CA)", "3"]]


def test_no_two_tiles_stand_on_one_place():
    places = [(one.row, one.column) for one in charts.PLACES.values()]
    assert len(set(places)) == len(places)


def test_the_table_stands_behind_the_drawing():
    page = render_to_string("ui/charts/chart.html", {"chart": _bars()})
    assert "<details" in page
    assert '<th scope="row">State &lt;or&gt; territory</th>' in page
