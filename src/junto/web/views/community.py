"""A community's front page: what the community says of itself, with its latest discussions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from junto.communities import queries as communities
from junto.communities import rules
from junto.discussions import queries as discussions
from junto.events import queries as events
from junto.people import queries as people
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta, described
from junto.web.queries import home


@opens_to(Who.ANYONE)
@require_safe
def community_front(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole page; discussions only for those who may read them. An older address answers 301."""
    person = people.visitor(request)
    try:
        community = communities.find(slug, may=rules.may_see, person=person)
    except Http404:
        moved = communities.old_address(request.path) or communities.old_address(slug)
        if moved is None:
            raise
        return redirect(moved, permanent=True)
    told = communities.front_page(community, person, undo=request.GET.get("undo", "")[:40])
    rows = home.latest_rows(community, person) if told["may_read"] else []
    more = {
        "rows": rows,
        "takes_part": rules.may_take_part(person, community),
        "next_events": events.next_in(community, person=person),
        "feed_path": discussions.feed_path(community, person) if told["may_read"] else "",
        "meta": None if community.is_hidden else Meta(community.name, request.path, described(community.summary)),
    }
    return render(request, "web/community.html", {**told, **more})
