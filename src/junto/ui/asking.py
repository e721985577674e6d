"""What a request asks of a page with a form or a list: what was typed, and what to answer with."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

_MOST_DIGITS = 8


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is given: all that was posted, even nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def is_preview(request: HttpRequest) -> bool:
    """Whether the button “Preview” was pressed, which saves nothing."""
    return request.method == "POST" and "preview" in request.POST


def status(request: HttpRequest) -> int:
    """Of a page that shows a form: 422 where what was typed could not be taken."""
    return 422 if request.method == "POST" else 200


def in_place(request: HttpRequest) -> bool:
    """Whether htmx asks for a part, to put into the page that is open."""
    return request.headers.get("HX-Request") == "true"


def page_number(request: HttpRequest) -> int:
    """The page of a list that the address names; the first where it names none."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 1
