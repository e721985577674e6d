"""Markdown of pages and posts, rendered to HTML that has passed the sanitiser."""

from __future__ import annotations

from markdown_it import MarkdownIt

from junto.kit.html import clean

_ENGINE = MarkdownIt("commonmark", {"html": True, "linkify": False, "typographer": False}).enable(
    ["table", "strikethrough"]
)


def render(text: str) -> str:
    """Safe HTML. Raw HTML inside the Markdown goes through the same sanitiser."""
    return clean(_ENGINE.render(text))
