"""The look of letters: three templates (subject.txt, body.txt, body.mjml) become subject, text and HTML."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.template.loader import render_to_string
from django.utils import translation
from mjml import mjml2html

_ENCLOSED = re.compile(r"xJuntoHtml([A-Za-z0-9_=-]*)x")
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(kind: str, context: dict[str, Any], *, language: str = "") -> Rendered:
    """Render the letter in templates/<room>/letters/<name>/ for the kind "<room>.<name>".

    body.mjml extends ui/letters/base.mjml, where `letter_subject` is the subject of this letter; `subject` stays what the
    context says, often that of the post which the letter is about. HTML from elsewhere stands in it as `{{ html|in_letter }}`.
    Values are escaped in HTML and left as they are in text and subject. It speaks the language of its reader, or the site's,
    whoever asks for it. Raises ValueError for MJML that is no XML.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        return _rendered(kind, context)


def _rendered(kind: str, context: dict[str, Any]) -> Rendered:
    room, _, name = kind.partition(".")
    folder = f"{room}/letters/{name}"
    told = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    subject = " ".join(_plain(f"{folder}/subject.txt", told).split())
    text = _BLANKS.sub("\n\n", _plain(f"{folder}/body.txt", told)).strip() + "\n"
    mjml = render_to_string(f"{folder}/body.mjml", {**told, "letter_subject": subject})
    return Rendered(subject, text, _ENCLOSED.sub(_opened, mjml2html(mjml)))


def _plain(template_name: str, context: dict[str, Any]) -> str:
    return str(_unescaped().get_template(template_name).render(context))


def _opened(match: re.Match[str]) -> str:
    return urlsafe_b64decode(match[1]).decode()


@cache
def _unescaped() -> DjangoTemplates:
    """Templates of text: nothing is escaped, for nothing there is markup."""
    return DjangoTemplates(
        {
            "NAME": "letters",
            "APP_DIRS": True,
            "DIRS": settings.TEMPLATES[0].get("DIRS", []),
            "OPTIONS": {"autoescape": False, "builtins": ["junto.ui.templatetags.junto"]},
        }
    )
