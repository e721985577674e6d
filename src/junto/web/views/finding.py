"""What leads search engines and feed readers here: robots.txt, the sitemap, and the feeds of what is public."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from junto.communities.models import Topic
from junto.discussions import queries as discussions
from junto.ui import feeds
from junto.ui.doors import Who, opens_to
from junto.web.queries import sitemap as queries

KEPT_OUT = (
    "/search/", "/me/", "/sign-in/", "/communities/*/manage/", "/communities/*/join/", "/communities/*/leave/",
    "/communities/*/members/", "/delivery/", "/unsubscribe/", "/confirm/", "/posts/", "/feeds/", "/outbox/", "/mail/",
    "/exceptions/", "/dev/",
)  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@opens_to(Who.ANYONE)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt (RFC 9309): what is personal, and what a signed link opens, stays out."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('web:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=3600)
@opens_to(Who.ANYONE)
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Everything in one file, or an index of files where that is too much."""
    places, threads = queries.places(), queries.thread_count()
    if len(places) + threads <= queries.ON_A_PAGE:
        return _urls([*places, *queries.threads(1)])
    files = (reverse("web:sitemap-file", args=[n]) for n in range(queries.thread_files(threads) + 1))
    lines = "".join(f"<sitemap><loc>{_absolute(path)}</loc></sitemap>\n" for path in files)
    return _xml(f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{lines}</sitemapindex>\n")


@cache_control(public=True, max_age=3600)
@opens_to(Who.ANYONE)
@require_safe
def sitemap_file(request: HttpRequest, number: int) -> HttpResponse:
    """One file of the index: 0 are the communities and pages, the others discussions."""
    if number > queries.MOST_FILES:
        raise Http404("There is no such part of the sitemap.")
    found = list(queries.threads(number)) if number else queries.places()
    if not found:
        raise Http404("There is no such part of the sitemap.")
    return _urls(found)


@opens_to(Who.ANYONE)
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """What was said last wherever anybody may read."""
    return feeds.answer(request, discussions.public_feed(None, path=request.path), is_private=False)


@opens_to(Who.ANYONE)
@require_safe
def topic_feed(request: HttpRequest, topic: str) -> HttpResponseBase:
    """What was said last in the public communities of a topic."""
    found = get_object_or_404(Topic, slug=topic)
    return feeds.answer(request, discussions.public_feed(found, path=request.path), is_private=False)


def _urls(places: Iterable[queries.Place]) -> HttpResponse:
    lines = "".join(
        f"<url><loc>{_absolute(place.path)}</loc>"
        + (f"<lastmod>{place.changed_at.isoformat(timespec='seconds')}</lastmod>" if place.changed_at else "")
        + "</url>\n"
        for place in places
    )
    return _xml(f"{_HEAD}<urlset {_NAMESPACE}>\n{lines}</urlset>\n")


def _xml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _absolute(path: str) -> str:
    return escape(f"{settings.SITE_URL}{path}")
