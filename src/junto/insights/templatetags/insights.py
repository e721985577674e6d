"""Numbers in tables."""

from __future__ import annotations

from django import template

from junto.ui.charts import figure

register = template.Library()


@register.filter
def told(value: float | None) -> str:
    """A number with separators; a dash where nothing can be told."""
    return "–" if value is None else figure(value)
