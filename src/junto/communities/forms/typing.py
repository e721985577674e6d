"""What every form begins with."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

LONGEST_NUMBER = 18


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is given: all that was posted, even nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
