"""Feeds for feed readers, and the page on which a member finds the address of their own."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from junto.communities import actions as community_actions
from junto.communities import queries as communities
from junto.discussions import queries, rules
from junto.discussions.views.reading import trail_of
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to
from junto.ui.feeds import answer


@opens_to(Who.READERS)
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What was said last in a community, for whoever may read it; Atom (RFC 4287)."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_read, person=person)
    return answer(request, queries.feed_of(community, person, path=request.path), is_private=person is not None)


@opens_to(Who.SIGNED_LINK)
@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The feed of one member, at an address that only they know: what they may read, for as long as they may."""
    membership = queries.membership_of_feed(token)
    if not (ruling := rules.may_read_by_feed(membership)):
        return HttpResponse(ruling.reason, status=410, content_type="text/plain; charset=utf-8")
    key = f"members/{membership.pk}"
    found = queries.feed_of(membership.community, membership.person, path=request.path, key=key)
    return answer(request, found, is_private=True)


@never_cache
@opens_to(Who.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def feed_address(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The address of one's own feed, and a button that ends it and makes another."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_start, person=person)
    membership = communities.membership_of(person, community)
    assert person is not None
    assert membership is not None
    if request.method == "POST":
        community_actions.renew_feed(membership=membership, by=person)
        messages.success(request, "Your feed has a new address. The old one no longer works.")
        return redirect("discussions:feed-address", slug)
    context = {
        "community": community,
        "own": f"{settings.SITE_URL}{queries.private_path(membership)}",
        "public": f"{settings.SITE_URL}{reverse('discussions:feed', args=[slug])}",
        "is_read_by_all": rules.is_read_by_all(community),
        "trail": trail_of(community),
    }
    return render(request, "discussions/feed_address.html", context)
