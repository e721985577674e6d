"""The library on the web: reading is for everybody, hiding for managers and whoever runs the site."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.communities.models import Community
from junto.library import actions, queries, rules
from junto.library.models import Piece, PieceKind
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui import feeds
from junto.ui.asking import page_number
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta, described

LEFT_OUT = "left-out"


@opens_to(Who.ANYONE)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All pieces, newest first, by topic, kind and author."""
    asked = _asked(request)
    found = queries.library(asked, page=page_number(request))
    words = gettext("News, resources and guides for people in government, by topic.")
    meta = None if asked.author else Meta(gettext("Library"), request.path + _query(request), words)
    context = {"found": found, "asked": asked, "kinds": PieceKind.choices, "meta": meta}
    return render(request, "library/library.html", context)


@opens_to(Who.ANYONE)
@require_safe
def piece(request: HttpRequest, slug: str) -> HttpResponse:
    """One piece."""
    person = visitor(request)
    found = queries.find_piece(slug, person=person)
    is_hidden = rules.is_hidden(found, None)
    is_open = found.is_public and not is_hidden
    context = {
        "piece": found,
        "is_hidden": is_hidden,
        "may_hide": rules.may_hide(person, None),
        "communities": queries.communities_near(found),
        "others": queries.pieces_near(found),
        "meta": Meta(found.title, request.path, described(found.summary), "article") if is_open else None,
    }
    return render(request, "library/piece.html", context)


@opens_to(Who.ANYONE)
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody published under a name."""
    found = queries.find_author(slug)
    context = {
        "author": found,
        "found": queries.pieces_by(found, page=page_number(request)),
        "meta": Meta(found.name, request.path + _query(request), described(found.bio)),
    }
    return render(request, "library/author.html", context)


@opens_to(Who.STAFF)
@require_POST
def hiding(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Take a piece out of the whole library, or put it back."""
    person = visitor(request)
    found = queries.find_piece(slug, person=person)
    _hide_or_restore(request, found, None, person)
    return redirect(found)


@opens_to(Who.ANYONE)
@require_safe
def shelf(request: HttpRequest, slug: str) -> HttpResponse:
    """The pieces that share a topic with a community; for its managers also those that they left out."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_see, person=person)
    may_hide = rules.may_hide(person, community)
    asked = _asked(request)
    hidden = bool(may_hide) and asked.show == LEFT_OUT
    context = {
        "community": community,
        "found": queries.shelf_of(community, asked, page=page_number(request), hidden=hidden),
        "asked": asked,
        "kinds": PieceKind.choices,
        "may_hide": may_hide,
        "shows_hidden": hidden,
        "meta": _meta_of_shelf(request, community) if not hidden and not asked.author else None,
    }
    return render(request, "library/shelf.html", context)


@opens_to(Who.MANAGERS)
@require_POST
def shelf_hiding(request: HttpRequest, slug: str, piece: str) -> HttpResponseBase:
    """Leave a piece out of the community's shelf, or put it back."""
    person = visitor(request)
    community = communities.find(slug, may=community_rules.may_manage, person=person)
    found = queries.find_piece(piece, person=person)
    _hide_or_restore(request, found, community, person)
    address = _asked(request).address(page_number(request))
    return redirect(f"{reverse('shelf:pieces', args=[slug])}{address if address != '.' else ''}")


@opens_to(Who.ANYONE)
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What came last onto the shelf of a community (Atom)."""
    community = communities.find(slug, may=community_rules.may_see, person=visitor(request))
    return feeds.answer(request, queries.feed_of(community, path=request.path), is_private=community.is_hidden)


def _hide_or_restore(request: HttpRequest, piece: Piece, community: Community | None, person: Person | None) -> None:
    if request.POST.get("wish") == "restore":
        actions.restore(piece=piece, community=community, by=person)
        messages.success(request, gettext("“%(title)s” stands in the library again.") % {"title": piece.title})
        return
    actions.hide(piece=piece, community=community, by=person)
    words = gettext("“%(title)s” was left out. You can put it back at any time.")
    messages.success(request, words % {"title": piece.title})


def _asked(request: HttpRequest) -> queries.Asked:
    told = {name: request.GET.get(name, "").strip()[:100] for name in ("topic", "kind", "author", "show")}
    return queries.Asked(**told)


def _query(request: HttpRequest) -> str:
    """The part of the address that makes this page another than its neighbours."""
    address = queries.Asked(request.GET.get("topic", "")[:100], request.GET.get("kind", "")[:100]).address(
        page_number(request)
    )
    return address if address != "." else ""


def _meta_of_shelf(request: HttpRequest, community: Community) -> Meta | None:
    if community.is_hidden:
        return None
    title = gettext("Library of %(community)s") % {"community": community.name}
    return Meta(title, request.path + _query(request), described(community.summary))
