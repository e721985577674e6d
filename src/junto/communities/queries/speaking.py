"""Which language a reader of letters speaks."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

from junto.people.queries import find_by_email


def language_at(email: str) -> str:
    """The language of whoever has this address; empty, which stands for the site's, where nobody is known by it."""
    person = find_by_email(email)
    return person.language if person else ""


def in_language(language: str) -> AbstractContextManager[None]:
    """Sentences are put together in this language, or where it is empty in the site's, whoever asks for them."""
    return translation.override(language or settings.LANGUAGE_CODE)
