"""The button “Also useful”: alone in the answer to htmx, and once under each message, where a template would cost too much."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from junto.discussions.rules import said

register = template.Library()
register.filter("said", said)

_BUTTON = (
    '<button class="j-useful" type="submit" form="marks" formaction="{0}usefulness/" name="useful" value="{1}" '
    'aria-pressed="{2}" hx-post="{0}usefulness/" hx-include="#marks" hx-swap="outerHTML">{3}'
    '<span class="j-useful__count">{4}</span><span class="usa-sr-only">: {5}</span></button>'
)


@register.simple_tag
def useful(base: str, count: str, is_marked: bool, author: str) -> SafeString:
    """Mark a message as useful, or take the mark back. It belongs to the form `marks`, and works without a script."""
    words = gettext("Useful to you") if is_marked else gettext("Also useful")
    shown = f" {count}" if count else ""
    return format_html(_BUTTON, base, "0" if is_marked else "1", "true" if is_marked else "false", words, shown, author)
