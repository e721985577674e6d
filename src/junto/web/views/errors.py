"""Error pages: human words, and a way on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junto.ui.doors import Who, opens_to


@opens_to(Who.ANYONE)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from elsewhere, or stood open for too long."""
    words = "The page stood open for too long. Go back, reload it, and send again."
    return render(request, "403.html", {"reason": words}, status=403)
