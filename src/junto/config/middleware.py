"""Turns a refusal into a page: 403 with the reason, or 404 where even existence is private."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junto.kit.rulings import Refused


class RefusalsBecomePages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if exception.ruling.hidden:
            return render(request, "404.html", status=404)
        return render(request, "403.html", {"reason": exception.ruling.reason}, status=403)
