"""The look of letters: three templates (subject.txt, body.txt, body.mjml) become subject, text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(kind: str, context: dict[str, Any]) -> Rendered:
    """Render the letter in templates/<room>/letters/<name>/ for the kind "<room>.<name>".

    body.mjml extends ui/letters/base.mjml.
    Values are escaped in HTML and left as they are in text and subject.
    """
    raise NotImplementedError
