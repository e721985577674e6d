"""Template tags of the house."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
from zlib import crc32

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from junto.kit import calendar

register = template.Library()
_PLACES = frozenset(
    {
        "communities:directory",
        "site-events:list",
        "library:pieces",
        "people:profile",
        "web:about",
        "web:accessibility",
        "web:experts",
        "web:me",
        "web:search",
    }
)
"""The views to which links of the frame lead."""


@register.filter
def in_letter(html: str) -> SafeString:
    """Put finished HTML into body.mjml. It passes MJML untouched: MJML reads XML, and breaks on an unclosed tag."""
    packed = urlsafe_b64encode(str(conditional_escape(html)).encode()).decode()
    return mark_safe(f"xJuntoHtml{packed}x")  # noqa: S308  # letters and digits only


@register.filter
def day(at: datetime) -> str:
    """“Nov 3, 2026” in the site's time zone, as the reader's language writes it; costs a tenth of the date filter."""
    return calendar.day(timezone.localtime(at))


@register.filter
def initials(name: str) -> str:
    """The letters on somebody's round mark: “AA” for Ada M. Alvarez, “?” for nobody."""
    words = [word for word in name.replace(",", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def tint(name: str) -> int:
    """Which of the four tints somebody's round mark has: always the same for a name."""
    return crc32(name.encode()) % 4 + 1


@register.simple_tag
def face(name: str, size: str = "", photo: str = "") -> SafeString:
    """The component `face` for lists: rendered once for each name, and not again for each row."""
    return _face(name, size, photo)


@register.simple_tag
def state(kind: str, word: str) -> SafeString:
    """The component `state` for lists: rendered once for each word, and not again for each row."""
    return _state(kind, str(word))


@register.simple_tag
def person(name: str, agency: str = "", role: str = "", href: str = "") -> SafeString:
    """The component `person` for lists: rendered once for each, and not again for each row."""
    return _person(name, agency, role, href)


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """A part of the frame around each page, templates/ui/<part>.html: rendered once for each language and place.

    It knows `place` (the name of the view, where a link of the frame leads there), `is_signed_in` and `site_name`.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    place = match.view_name if match and match.view_name in _PLACES else ""
    user = context.get("user")
    return _frame(part, get_language() or "", place, bool(user and user.is_authenticated), settings.SITE_NAME)


@lru_cache(maxsize=500)
def _frame(part: str, language: str, place: str, is_signed_in: bool, site_name: str) -> SafeString:
    told = {"place": place, "is_signed_in": is_signed_in, "site_name": site_name}
    with translation.override(language):
        return mark_safe(render_to_string(f"ui/{part}.html", told).strip())  # noqa: S308


@lru_cache(maxsize=2_000)
def _person(name: str, agency: str, role: str, href: str) -> SafeString:
    told = {"name": name, "agency": agency, "role": role, "href": href}
    return mark_safe(render_to_string("ui/components/person.html", told).strip())  # noqa: S308


@lru_cache(maxsize=2_000)
def _face(name: str, size: str, photo: str) -> SafeString:
    told = {"name": name, "size": size, "photo": photo}
    return mark_safe(render_to_string("ui/components/face.html", told).strip())  # noqa: S308


@lru_cache(maxsize=500)
def _state(kind: str, word: str) -> SafeString:
    return mark_safe(render_to_string("ui/components/state.html", {"kind": kind, "word": word}).strip())  # noqa: S308


@register.filter
def iso(at: datetime) -> str:
    """A moment for the `datetime` of <time>, in the site's time zone."""
    return timezone.localtime(at).isoformat(timespec="seconds")


@register.filter
def asks_required(form: BaseForm) -> bool:
    """Whether a form has several fields and some that must be filled in, so that its asterisks need explaining."""
    shown = form.visible_fields()
    return getattr(form, "required_note", True) and len(shown) > 1 and any(f.field.required for f in shown)
