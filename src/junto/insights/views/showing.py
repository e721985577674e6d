"""The sponsor’s page, for its managers and for whoever holds the link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.insights import actions, queries, rules
from junto.insights.forms import ThreadsForm
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to


@never_cache
@opens_to(Who.SIGNED_LINK)
@require_safe
def shown(request: HttpRequest, token: str) -> HttpResponse:
    """The sponsor’s page, without signing in. It shows, and changes nothing."""
    link = queries.link_by_token(token)
    if not (ruling := rules.may_open(link)):
        return _unlisted(render(request, "insights/gone.html", {"reason": ruling.reason}, status=410))
    context = {"community": link.community, "sheet": queries.sponsor_sheet(link.community), "link": link}
    return _unlisted(render(request, "insights/shown.html", context))


@opens_to(Who.MANAGERS)
@require_safe
def sponsor(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page with what a manager can do with it: make and withdraw the link, name discussions."""
    community = _find(request, slug)[0]
    return _page(request, community, _form(community))


@opens_to(Who.MANAGERS)
@require_POST
def threads(request: HttpRequest, slug: str) -> HttpResponse:
    """Name discussions on the sponsor’s page."""
    community, person = _find(request, slug)
    form = _form(community, request.POST)
    if not form.is_valid():
        return _page(request, community, form, status=422)
    actions.choose_threads(community=community, threads=form.cleaned_data["threads"], by=person)
    messages.success(request, _("Saved. The page names what you chose."))
    return redirect("insights:sponsor", slug)


@opens_to(Who.MANAGERS)
@require_POST
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a link that opens the page for 90 days; one that stands stops working."""
    community, person = _find(request, slug)
    actions.make_link(community=community, by=person)
    messages.success(request, _("The link is made. Copy it, and give it to your sponsor."))
    return redirect("insights:sponsor", slug)


@opens_to(Who.MANAGERS)
def withdrawal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask, then withdraw the link."""
    community, person = _find(request, slug)
    found = queries.find_link(community, number)
    if request.method == "POST":
        actions.withdraw_link(link=found, by=person)
        messages.success(request, _("The link is withdrawn, and opens nothing any more."))
        return redirect("insights:sponsor", slug)
    context = {"community": community, "link": found, "ruling": rules.may_withdraw(person, found)}
    return render(request, "insights/withdrawal.html", context | {"trail": _trail(community)})


def _page(request: HttpRequest, community: Community, form: ThreadsForm, *, status: int = 200) -> HttpResponse:
    standing = queries.link_of(community)
    context: dict[str, Any] = {
        "community": community,
        "sheet": queries.sponsor_sheet(community),
        "form": form,
        "link": standing,
        "address": queries.address_of(standing) if standing and standing.is_open() else "",
        "trail": _trail(community)[:1],
    }
    return render(request, "insights/sponsor.html", context, status=status)


def _form(community: Community, posted: Any = None) -> ThreadsForm:
    offered = [one.thread for one in queries.offered_threads(community)]
    chosen = [thread.pk for thread in queries.chosen_threads(community)]
    return ThreadsForm(posted, offered=offered, initial={"threads": chosen})


def _trail(community: Community) -> list[tuple[str, str]]:
    return [
        (_("Insights"), reverse("insights:page", args=[community.slug])),
        (_("Sponsor’s page"), reverse("insights:sponsor", args=[community.slug])),
    ]


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Nobody finds it by searching, and the address does not travel to other sites."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _find(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    person = visitor(request)
    community = communities.find(slug, may=rules.may_manage, person=person)
    assert person is not None, "may_manage lets nobody in who is not signed in"
    return community, person
