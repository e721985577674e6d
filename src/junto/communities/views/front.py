"""What everybody may see of a community: the directory, its sub-pages, its members."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries, rules
from junto.communities.models import Page, Policy
from junto.people.models import Level, Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to
from junto.ui.meta import Meta, described

ORDERS = [
    ("", _("Suggested")),
    ("name", _("Name")),
    ("members", _("Most members")),
    ("newest", _("Newest")),
]
DIRECTORY_IN_WORDS = _("Communities of practice in government: find the people who do your job, and join them.")


@opens_to(Who.ANYONE)
def directory(request: HttpRequest) -> HttpResponse:
    """All visible communities: by words, topic, who may join, and what is open to the reader."""
    person = visitor(request)
    asked = _asked(request, person)
    found = queries.directory(asked=asked, person=person, page=_number(request, "page") or 1)
    again = {
        "q": asked.words,
        "topic": asked.topic,
        "policy": asked.policy,
        "sort": asked.order,
        "open": "1" if asked.is_open_to_me else "",
    }
    context = {
        "found": found,
        "asked": asked,
        "policies": Policy.choices,
        "orders": ORDERS,
        "person": person,
        "newer": _more(**again, page=found.newer) if found.newer else "",
        "older": _more(**again, page=found.older) if found.older else "",
        "may_create": rules.may_create(person),
        "meta": _meta_of_directory(request, asked, found),
    }
    return render(request, "communities/directory.html", context)


@opens_to(Who.ANYONE)
def page(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """A sub-page."""
    person = visitor(request)
    community = queries.find(slug, may=rules.may_see, person=person)
    may_manage = rules.may_manage(person, community)
    pages = [one for one in community.pages.order_by("position", "title") if may_manage or one.removed_at is None]
    shown = next((one for one in pages if one.slug == page), None)
    if shown is None:
        return redirect(_renamed(pages, page), permanent=True)
    shown.community = community
    context = {
        "community": community,
        "page": shown,
        "pages": [one for one in pages if one.removed_at is None],
        "may_manage": may_manage,
        "trail": [(gettext("About"), community.get_absolute_url())],
        "meta": _meta_of_page(request, shown),
    }
    return render(request, "communities/page.html", context)


@opens_to(Who.MEMBERS)
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs: faces, names, agencies, roles, and what they help with; a search; who is concealed for managers only."""
    person = visitor(request)
    community = queries.find(slug, may=rules.may_see_members, person=person)
    may_manage = rules.may_manage(person, community)
    sought = _sought(request)
    found = queries.members_page(community, sought, viewer=person, by_address=bool(may_manage))
    context = {
        "community": community,
        "found": found,
        "sought": sought,
        "levels": Level.choices,
        "is_narrowed": bool(sought.query()),
        "may_manage": may_manage,
        "may_ask": rules.may_take_part(person, community),
        "newer": _more(**sought.query()) or "?" if sought.after else "",
        "older": _more(**sought.query(), after=found.older) if found.older else "",
    }
    return render(request, "communities/members.html", context)


def _sought(request: HttpRequest) -> queries.SoughtMembers:
    """What stands in the address; a level that is not known is left out."""
    words, helps, agency = (request.GET.get(name, "").strip()[:200] for name in ("q", "helps", "agency"))
    level = request.GET.get("level", "")
    return queries.SoughtMembers(
        words, helps, agency, level if level in Level.values else "", _number(request, "after")
    )


def _asked(request: HttpRequest, person: Person | None) -> queries.Asked:
    """What stands in the address; a policy or an order that is not known is left out."""
    asked = request.GET
    policy, order = asked.get("policy", ""), asked.get("sort", "")
    return queries.Asked(
        words=asked.get("q", "").strip()[:200],
        topic=asked.get("topic", "").strip()[:100],
        policy=policy if policy in Policy.values else "",
        order=order if order in queries.ORDERS else "",
        is_open_to_me=bool(asked.get("open")) and person is not None,
    )


def _renamed(pages: Iterable[Page], slug: str) -> str:
    """Where the page stands now that had this address before. Raises Http404."""
    for one in pages:
        if slug in one.former_slugs:
            return one.get_absolute_url()
    raise Http404(gettext("There is no such page here."))


def _meta_of_directory(request: HttpRequest, asked: queries.Asked, found: queries.Directory) -> Meta | None:
    """Of the whole directory and of a topic; a search is nothing that a search engine should find."""
    if asked.words or asked.policy or asked.order or asked.is_open_to_me:
        return None
    return Meta(gettext("Communities"), request.path + _page_of(found), str(DIRECTORY_IN_WORDS))


def _meta_of_page(request: HttpRequest, page: Page) -> Meta | None:
    if page.community.is_hidden or page.removed_at:
        return None
    return Meta(page.title, request.path, described(strip_tags(page.body_html)))


def _page_of(found: queries.Directory) -> str:
    """The part of the address that tells one page of the directory from another."""
    asked = _more(topic=found.topic.slug if found.topic else "", page=found.newer + 1 if found.newer else 0)
    return asked if asked != "?" else ""


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0


def _more(**asked: str | int) -> str:
    return "?" + urlencode({name: value for name, value in asked.items() if value})
