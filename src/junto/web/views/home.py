"""Home, for strangers and for members; my communities; pages about the site."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from junto.people import queries as people
from junto.ui.doors import Who, opens_to
from junto.web.queries import home as queries


@opens_to(Who.ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = people.visitor(request)
    if person is None:
        return render(request, "web/home.html", queries.for_strangers())
    return render(request, "web/home_member.html", {"person": person, **queries.for_member(person)})


@opens_to(Who.SIGNED_IN)
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """My memberships with delivery choice, and my addresses."""
    person = people.visitor(request)
    assert person is not None
    return render(
        request,
        "web/me.html",
        {
            "person": person,
            "addresses": list(person.addresses.select_related("agency").order_by("email")),
            **queries.for_member(person),
        },
    )


@opens_to(Who.ANYONE)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/about.html", {"list_domain": settings.LIST_DOMAIN, "contact": settings.CONTACT})


@opens_to(Who.ANYONE)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html", {"contact": settings.CONTACT})


@opens_to(Who.ANYONE)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /search/", "Disallow: /me/", "Disallow: /sign-in/", "Disallow: /delivery/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@opens_to(Who.ANYONE)
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """/.well-known/security.txt (RFC 9116). Where nobody is named, it leads to the about page."""
    contact = f"mailto:{settings.CONTACT}" if settings.CONTACT else f"{settings.SITE_URL}{reverse('web:about')}"
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
