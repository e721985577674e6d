"""Pages that gather from many rooms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junto.ui.doors import Who, opens_to


@opens_to(Who.ANYONE)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from elsewhere, or stood open for too long."""
    return render(
        request,
        "403.html",
        {"reason": "The page stood open for too long. Go back, reload it, and send again."},
        status=403,
    )
