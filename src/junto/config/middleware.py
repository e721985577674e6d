"""Turns a refusal into a page: 403 with the reason, or 404 where even existence is private.

A page that is not there gets our own 404 even where JUNTO_DEBUG is on, because the demo is for newcomers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from junto.kit.rulings import Refused
from junto.people.actions.sessions import prolong
from junto.people.models import Person
from junto.web.views import errors

log = logging.getLogger("junto.web")


class RefusalsBecomePages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, Http404):
            return errors.not_found(request, exception)
        if not isinstance(exception, Refused):
            return None
        if exception.ruling.hidden:
            return render(request, "404.html", status=404)
        return render(request, "403.html", {"reason": exception.ruling.reason}, status=403)


class VisitsAreNoted:
    """Notes, after the answer is made, that somebody who is signed in uses the site: once an hour at most, in one update.

    It asks for no person whom the page did not ask for, and a database that is busy costs nobody their page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "_cached_user", None)
        if isinstance(person, Person) and person.is_active:
            try:
                Person.objects.note_visit(person, now=timezone.now())
            except DatabaseError as error:
                log.warning("A visit was not noted: %s", error)
        return response


class SessionsAreProlonged:
    """Moves the end of a session on while its browser is used: one write in each twelfth of the idle time, an hour at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "_cached_user", None) is None:
            return response
        try:
            prolong(request.session, now=timezone.now())
        except (DatabaseError, SessionInterrupted) as error:
            log.warning("A session was not prolonged: %s", error)
        return response


class NulsAreRefused:
    """No text holds a NUL, and PostgreSQL refuses one wherever it is asked: a question with a NUL is answered 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            words = "The address holds a character that no text can hold. Take %00 out of it and try again."
            return HttpResponseBadRequest(words, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
