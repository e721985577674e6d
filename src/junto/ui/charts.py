"""Charts drawn on the server: bars, lines and a map of tiles, each with a table behind it.

A chart is a value. Templates show it with `{% include "ui/charts/chart.html" with chart=chart %}`. Numbers carry the
meaning, patterns and shapes repeat it, color comes last; nothing is styled inline, so a strict content policy lets all of
it through. Lengths are in em and in parts of the width, so that text keeps its size on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from junto.ui.states import PLACES

MOST_SERIES = 4
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and a few words behind the number."""

    label: str
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a number for each point along the way; None where nothing was counted."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with a title, and the same numbers as a table: `head` names the columns, each row begins with its name."""

    name: str
    title: str
    description: str
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str


def bars(*, title: str, rows: Sequence[Bar], what: str, unit: str, description: str = "", name: str = "") -> Chart:
    """Horizontal bars, in the order given. `what` heads the names (“Level”), `unit` the numbers (“Members”)."""
    most = max((one.value for one in rows), default=0) or 1
    drawn = [
        {
            "label": one.label,
            "number": figure(one.value),
            "note": one.note,
            "width": f"{max(100 * one.value / most, 0):.4g}",
            "text_y": f"{3 * place + 1.1:.4g}",
            "bar_y": f"{3 * place + 1.5:.4g}",
        }
        for place, one in enumerate(rows)
    ]
    told = description or ", ".join(f"{one.label}: {figure(one.value)}" for one in rows)
    has_notes = any(one.note for one in rows)
    table = [[one.label, figure(one.value), *([one.note] if has_notes else [])] for one in rows]
    head = [what, unit, *([_("More")] if has_notes else [])]
    return _chart("bars", name, title, told, head, table, {"bars": drawn, "height": max(3 * len(rows), 1)})


def line(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    what: str,
    unit: str = "",
    description: str = "",
    name: str = "",
) -> Chart:
    """Up to four lines over the same labels (“Jan 2026” …), from zero upwards. Raises ValueError for more lines, or
    where a line has not one value for each label."""
    if len(series) > MOST_SERIES or any(len(one.values) != len(labels) for one in series):
        raise ValueError("up to four lines, each with a value for each label")
    marks = ticks(max((value for one in series for value in one.values if value is not None), default=0))
    key = 1.8 * len(series) if len(series) > 1 else 0
    low, high = key + 15, key + 1.5
    drawn = [_line(one, place, marks[-1], low, high) for place, one in enumerate(series)]
    grid = [{"y": f"{low - (low - high) * mark / marks[-1]:.4g}", "number": figure(mark)} for mark in marks]
    table = [
        [label, *("" if one.values[at] is None else figure(one.values[at] or 0) for one in series)]
        for at, label in enumerate(labels)
    ]
    more = {
        "lines": drawn,
        "grid": grid,
        "names": _names(labels),
        "base": f"{low + 1.5:.4g}",
        "unit": unit,
        "height": f"{low + 2:.4g}",
        "top": f"{high:.4g}",
        "deep": f"{low - high:.4g}",
        "has_key": bool(key),
    }
    told = description or _in_words(labels, series)
    return _chart("line", name, title, told, [what, *(one.name for one in series)], table, more)


def tiles(*, title: str, values: Mapping[str, int], unit: str, description: str = "", name: str = "") -> Chart:
    """A map of states and territories as tiles of one size, by USPS code. Codes of no place here stand in the table only."""
    counts = [value for code, value in values.items() if code in PLACES and value > 0]
    edges = _edges(counts)
    drawn = [_tile(code, values.get(code, 0), edges) for code in PLACES]
    known = sorted(values.items(), key=lambda one: (-one[1], one[0]))
    table = [
        [f"{PLACES[code].name} ({code})" if code in PLACES else code, figure(count)] for code, count in known if count
    ]
    told = description or ", ".join(f"{row[0]}: {row[1]}" for row in table[:5])
    return _chart(
        "tiles", name, title, told, [_("State or territory"), unit], table, {"tiles": drawn, "key": _key(edges)}
    )


def figure(value: float) -> str:
    """A number with separators; one decimal where it is no whole number."""
    return str(intcomma(int(value) if float(value).is_integer() else f"{value:.1f}"))


def ticks(most: float) -> list[float]:
    """Up to six round numbers from zero to at least `most`: 0, 20, 40, 60."""
    if most <= 0:
        return [0, 1]
    rough = most / 4
    base = 10 ** floor(log10(rough))
    step = next(base * times for times in (1, 2, 2.5, 5, 10) if base * times >= rough)
    step = max(step, 1) if most >= 1 else step
    return [step * at for at in range(ceil(most / step) + 1)]


def _chart(
    kind: str,
    name: str,
    title: str,
    description: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    more: dict[str, Any],
) -> Chart:
    key = slugify(name or title) or "chart"
    drawn = render_to_string(f"ui/charts/{kind}.svg", {"name": key, "title": title, "description": description, **more})
    return Chart(key, title, description, mark_safe(drawn), head, rows, kind)  # noqa: S308  # a template escaped it


def _line(series: Series, place: int, most: float, low: float, high: float) -> dict[str, Any]:
    """Points in thousandths of the width, and in em from the top; runs between gaps are lines of their own."""
    last = max(len(series.values) - 1, 1)
    points = [
        None
        if value is None
        else (1000 * at / last, low - (low - high) * max(value, 0) / most, 1000 * (1 - value / most))
        for at, value in enumerate(series.values)
    ]
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(f"{point[0]:.4g},{point[2]:.4g}")
    marks = [{"x": f"{one[0] / 10:.4g}", "y": f"{one[1]:.4g}"} for one in points if one]
    return {
        "name": series.name,
        "number": place + 1,
        "runs": [" ".join(run) for run in runs if len(run) > 1],
        "marks": marks if len(marks) <= 40 else marks[-1:],
        "key_y": f"{1.8 * place + 1.1:.4g}",
        "sign_y": f"{1.8 * place + 0.75:.4g}",
    }


def _tile(code: str, count: int, edges: Sequence[int]) -> dict[str, Any]:
    place, step = PLACES[code], _step(count, edges)
    return {
        "code": code,
        "title": place.name,
        "number": _short(count),
        "step": step,
        "x": place.column * 30,
        "y": place.row * 36,
        "pips": _pips(step),
    }


def _step(count: int, edges: Sequence[int]) -> int:
    """How many marks a tile wears: none where nobody is."""
    return sum(count >= edge for edge in edges) if count > 0 else 0


def _pips(step: int) -> list[int]:
    """Where the marks of a tile begin, from its left edge."""
    return [3 + 6 * at for at in range(step)]


def _names(labels: Sequence[str]) -> list[dict[str, str]]:
    """The first, the last and one in the middle: more do not fit below a chart on a phone."""
    last = len(labels) - 1
    shown = sorted({0, last // 2, last}) if last > 1 else range(len(labels))
    anchors = {0: "start", last: "end"} if last else {0: "start"}
    return [
        {"x": f"{100 * at / max(last, 1):.4g}", "label": labels[at], "anchor": anchors.get(at, "middle")}
        for at in shown
        if at >= 0
    ]


def _in_words(labels: Sequence[str], series: Sequence[Series]) -> str:
    told = []
    for one in series:
        known = [(label, value) for label, value in zip(labels, one.values, strict=True) if value is not None]
        if known:
            (first, began), (last, ended) = known[0], known[-1]
            told.append(f"{one.name}: {figure(began)} ({first}), {figure(ended)} ({last})")
    return "; ".join(told)


def _edges(counts: Sequence[int]) -> list[int]:
    """From which number on a tile wears one, two, three or four marks: round numbers, evenly on the scale of powers."""
    most = max(counts, default=0)
    if most < 1:
        return [1]
    found = [1, *(_round(most ** (step / _STEPS)) for step in range(1, _STEPS))]
    return sorted(set(found))


def _round(value: float) -> int:
    base = 10 ** floor(log10(value)) if value >= 1 else 1
    return max(int(round(value / base) * base), 1)


def _key(edges: Sequence[int]) -> list[dict[str, Any]]:
    """What the marks mean: “1 to 4”, “5 or more”."""
    spans = [(low, high - 1) for low, high in pairwise(edges)]
    words = [figure(low) if low == high else f"{figure(low)}–{figure(high)}" for low, high in spans]
    return [
        {"step": at, "words": word, "x": 78 * (at - 1), "pips": _pips(at)}
        for at, word in enumerate([*words, f"{figure(edges[-1])}+"], start=1)
    ]


def _short(value: int) -> str:
    """At most four characters, for a tile: 987, 1.2k, 12k."""
    if value < 1_000:
        return str(value)
    return f"{value / 1000:.1f}k" if value < 9_950 else f"{value / 1000:.0f}k"
