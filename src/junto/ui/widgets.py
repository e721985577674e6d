"""Inputs, lists of choices and text areas as HTML, word for word as Django’s templates write them.

Those take two or three templates for an input and two for each choice, which was half of what a page with a form cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def draw_input(widget: Mapping[str, Any]) -> SafeString:
    """`<input>` of any type."""
    value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget))


def draw_select(widget: Mapping[str, Any]) -> SafeString:
    """`<select>` with its choices, in groups where they have some."""
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _index in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), groups)


def draw_textarea(widget: Mapping[str, Any]) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), widget["value"] or ""
    )


def _group(name: str | None, options: list[Mapping[str, Any]]) -> SafeString:
    choices = format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>',
        ((str(one["value"]), _attributes(one), one["label"]) for one in options),
    )
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, choices) if name else choices


def _attributes(widget: Mapping[str, Any]) -> SafeString:
    """In their order; True is an attribute without a value, False none."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value)),)
            for name, value in widget["attrs"].items()
            if value is not False
        ),
    )


_INPUTS = ("checkbox", "date", "datetime", "email", "file", "hidden", "input", "number", "password", "text", "url")
DRAWN: Mapping[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{f"django/forms/widgets/{name}.html": draw_input for name in _INPUTS},
    "django/forms/widgets/select.html": draw_select,
    "django/forms/widgets/textarea.html": draw_textarea,
}
"""By the name of Django’s template."""
