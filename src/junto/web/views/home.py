"""Home, for strangers and for members; my communities; pages about the site."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from junto.discussions import queries as discussions
from junto.people import queries as people
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta
from junto.web.queries import home as queries
from junto.web.queries import mine


@opens_to(Who.ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = people.visitor(request)
    if person is None:
        words = gettext(
            "Communities of practice for people who work in government: ask those who do your job elsewhere."
        )
        meta = Meta(settings.SITE_NAME, request.path, words)
        return render(request, "web/home.html", {"meta": meta, **queries.for_strangers()})
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
            "addresses": mine.addresses(person),
            "drafts": discussions.drafts_of(person),
            **queries.my_communities(person),
        },
    )


@opens_to(Who.ANYONE)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    words = gettext("How to join a community, write to it, and choose how its mail comes.")
    meta = Meta(gettext("How it works"), request.path, words)
    told = {"list_domain": settings.LIST_DOMAIN, "contact": settings.CONTACT, "meta": meta}
    return render(request, "web/about.html", told)


@opens_to(Who.ANYONE)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    words = gettext("What this site does so that everybody can use it, and whom to tell.")
    meta = Meta(gettext("Accessibility"), request.path, words)
    return render(request, "web/accessibility.html", {"contact": settings.CONTACT, "meta": meta})


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
