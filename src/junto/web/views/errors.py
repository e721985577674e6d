"""Error pages: human words, and a way on."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from junto.communities import queries as communities
from junto.library import queries as library
from junto.ui.doors import Who, opens_to

log = logging.getLogger(__name__)
BARE = (
    "<!doctype html><html lang=en><title>Something went wrong</title>"
    "<h1>Something went wrong here</h1><p>It is not your fault. Please try again in a few minutes.</p>"
)


@opens_to(Who.ANYONE)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from elsewhere, or stood open for too long."""
    words = gettext("The page stood open for too long. Go back, reload it, and send again.")
    return render(request, "403.html", {"reason": words}, status=403)


@opens_to(Who.ANYONE)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """An address that a community once had leads to where it is now; any other is told as not found."""
    moved = communities.old_address(request.path) or library.old_address(request.path)
    if moved is not None and request.path != moved.get_absolute_url():
        return HttpResponsePermanentRedirect(moved.get_absolute_url())
    words = str(exception) if isinstance(exception, communities.DeadLink) else ""
    return render(request, "404.html", {"words": words}, status=404)


@opens_to(Who.ANYONE)
def broken(request: HttpRequest) -> HttpResponse:
    """Something failed here. The page asks the database nothing; where even it fails, bare words remain."""
    request.user = None  # type: ignore[assignment]
    try:
        return render(request, "500.html", status=500)
    except Exception:
        log.exception("The page for failures failed")
        return HttpResponse(BARE, status=500, content_type="text/html; charset=utf-8")
