"""How a feed or a calendar is answered: whole, or with 304 where the reader has it already (RFC 9110, 13)."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from junto.kit import atom

FRESH = 300


def answer(request: HttpRequest, feed: atom.Feed, *, is_private: bool) -> HttpResponseBase:
    """The feed, good for five minutes. What is private is kept by no shared cache, and by no search engine."""
    content = atom.render(feed)
    return answer_with(request, content, content_type=atom.CONTENT_TYPE, updated=feed.updated, is_private=is_private)


def answer_with(
    request: HttpRequest, content: bytes, *, content_type: str, updated: datetime | None = None, is_private: bool
) -> HttpResponseBase:
    """The same for bytes that a program asks for again and again; `updated` is when they changed last, where that is known."""
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    if updated:
        response["Last-Modified"] = http_date(updated.timestamp())
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, max_age=FRESH, **({"private": True} if is_private else {"public": True}))
    known = get_conditional_response(request, etag, int(updated.timestamp()) if updated else None, response)
    return known if known is not None else response
