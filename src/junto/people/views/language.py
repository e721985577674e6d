"""Choosing the language in which the site speaks."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from junto.people import actions, queries
from junto.people.models import Person
from junto.people.views.requests import safe_path
from junto.ui.doors import Who, opens_to


@csrf_exempt
@require_POST
@opens_to(Who.ANYONE)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and for letters with the person where somebody is signed in.

    The form stands at the foot of every page, so it carries no token, which would be a cookie for whoever only reads.
    Instead it is believed from pages of this site only, as browsers tell (Fetch Metadata, Origin).
    """
    if not _comes_from_here(request):
        return redirect("web:home")
    onward = HttpResponseRedirect(safe_path(request.POST.get("next", "")) or reverse("web:home"))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if person := queries.visitor(request):
            actions.set_language(person=person, language=language, by=person)
        remember_language(onward, language)
    return onward


def _comes_from_here(request: HttpRequest) -> bool:
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def speak_with(request: HttpRequest, person: Person, response: HttpResponse) -> HttpResponse:
    """Somebody signs in: their language comes to this browser, or, where they never chose one, this browser's to them."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if person.language:
        remember_language(response, person.language)
    elif chosen in dict(settings.LANGUAGES):
        actions.set_language(person=person, language=chosen, by=person)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Write the cookie that LocaleMiddleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=True,
        secure=settings.SITE_URL.startswith("https://"),
        samesite="Lax",
    )
