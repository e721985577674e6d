"""The last step of every way to sign in: a new session for this browser, and where it goes on."""

from __future__ import annotations

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from junto.people import actions
from junto.people.actions.sessions import begin
from junto.people.models import Person
from junto.people.views.language import speak_with
from junto.people.views.requests import browser_words, rounded_network, safe_path

WAY = "people.way"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def let_in(request: HttpRequest, person: Person, *, way: str, onward: str) -> HttpResponse:
    """Sign somebody in: the session gets another key, which nobody can have put into this browser before."""
    auth.login(request, person, backend=_BACKEND)
    begin(request.session, now=timezone.now())
    request.session[WAY] = way
    request.session.save()
    actions.note_signed_in(
        person=person,
        session_key=request.session.session_key or "",
        way=way,
        browser=browser_words(request),
        network=rounded_network(request),
        by=person,
    )
    messages.success(request, gettext("You are signed in."))
    return speak_with(request, person, _goes_on(request, person, safe_path(onward)))


def _goes_on(request: HttpRequest, person: Person, onward: str) -> HttpResponse:
    if person.name:
        return redirect(onward or reverse("web:me"))
    messages.info(request, gettext("Tell other members your name."))
    return redirect(f"{reverse('people:profile')}?{urlencode({'next': onward})}" if onward else "people:profile")
