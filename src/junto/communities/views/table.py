"""The table of members for managers: look, choose, do something with many at once, take it out as a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from junto.communities import actions, queries, rules
from junto.communities.forms import (
    DEEDS,
    LONGEST_NUMBER,
    ChosenForm,
    DeliveryOfManyForm,
    MembersForm,
    ReasonForm,
)
from junto.communities.models import Community, Deed, Membership, Role
from junto.communities.queries import Sought
from junto.communities.views.desk import done
from junto.kit.rulings import Refused
from junto.people.models import Person
from junto.ui.asking import typed
from junto.ui.doors import Who, opens_to

NAMED = 20


@opens_to(Who.MANAGERS)
@require_safe
def member_table(request: HttpRequest, slug: str) -> HttpResponse:
    """Who matches, in which order, fifty at a time."""
    community, _ = queries.find_managed(request, slug)
    form = MembersForm(_question(request))
    table = queries.members_table(community, form.asked(), page=_number(request.GET.get("page", "")))
    context = {
        "community": community,
        "form": form,
        "table": table,
        "asked": table.asked.query(),
        "deeds": DEEDS,
        "newer": _page(table.asked, table.page - 1) if table.page > 1 else "",
        "older": _page(table.asked, table.page + 1) if table.page < table.last else "",
        "is_narrowed": bool({key for key in table.asked.query() if key != "sort"}),
    }
    return render(request, "communities/member_table.html", context)


@opens_to(Who.MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def members_deed(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks, with counts and names, and one button; the button does it. Opening the page changes nothing."""
    community, person = queries.find_managed(request, slug)
    asked = MembersForm(_question(request)).asked()
    chosen = ChosenForm(request.POST if request.method == "POST" else _question(request))
    if not chosen.is_valid():
        messages.error(request, " ".join(str(words) for errors in chosen.errors.values() for words in errors))
        return redirect(_table(community, asked))
    what = chosen.cleaned_data["deed"]
    keys = _keys(community, asked, chosen, what, person)
    form = _form_of(what)(typed(request) if "sure" in request.POST else None)
    if "sure" in request.POST and form.is_valid():
        if _number(request.POST.get("count", "")) == len(keys):
            return _do(request, what, community, keys, form, person)
        messages.warning(request, gettext("The number of members has changed meanwhile. Look at it once more."))
    context = {
        "community": community,
        "form": form,
        "asked": asked.query(),
        "back": _table(community, asked),
        **_about_deed(what, keys, is_all=chosen.cleaned_data["all"]),
    }
    return render(request, "communities/members_deed.html", context, status=422 if form.errors else 200)


@opens_to(Who.MANAGERS)
@require_POST
def members_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everybody who matches as CSV (RFC 4180), streamed. Who took it out is in the book."""
    community, person = queries.find_managed(request, slug)
    asked = MembersForm(_question(request)).asked()
    count = queries.asked_members(community, asked).count()
    actions.note_export(community=community, count=count, by=person)
    lines = _lines(queries.members_in_rows(community, asked))
    name = f"{community.slug}-members-{timezone.localdate().isoformat()}.csv"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8; header=present",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    """Begins with the mark by which Excel knows UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)


def _question(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET


def _keys(community: Community, asked: Sought, chosen: ChosenForm, what: str, person: Person) -> list[int]:
    """The members whom the deed is about: of those chosen, who are members now and whom it would change."""
    told = chosen.cleaned_data
    found = (
        queries.asked_members(community, asked) if told["all"] else queries.chosen_members(community, told["member"])
    ).active()
    if what == "remove":
        found = found.exclude(role=Role.MANAGER).exclude(person=person)
    if what == "moderator":
        found = found.filter(role=Role.MEMBER)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _about_deed(what: str, keys: list[int], *, is_all: bool) -> dict[str, Any]:
    """What the page says before its button is pressed: what will happen, and to whom."""
    return {
        "what": what,
        "label": dict(DEEDS)[what],
        "count": len(keys),
        "names": _named(keys),
        "more": max(0, len(keys) - NAMED),
        "keys": () if is_all else keys,
        "is_all": is_all,
        "most": rules.MOST_APPOINTED,
        "is_too_many": what == "moderator" and len(keys) > rules.MOST_APPOINTED,
    }


def _named(keys: list[int]) -> list[Membership]:
    rows = Membership.objects.filter(pk__in=keys[:NAMED]).select_related("person", "address__agency")
    return list(rows.order_by("person__name", "pk"))


def _form_of(what: str) -> type[Form]:
    return {"delivery": DeliveryOfManyForm, "remove": ReasonForm}.get(what, Form)


def _do(
    request: HttpRequest, what: str, community: Community, keys: Collection[int], form: Form, person: Person
) -> HttpResponse:
    does: dict[str, Callable[..., Deed]] = {
        "delivery": actions.set_delivery_of_many,
        "remove": actions.remove_many,
        "welcome": actions.welcome_many_again,
        "moderator": actions.appoint_many,
    }
    more = {"role": Role.MODERATOR} if what == "moderator" else form.cleaned_data
    try:
        deed = does[what](community=community, keys=keys, by=person, **more)
    except Refused as refusal:
        messages.error(request, refusal.ruling.reason)
        return redirect("communities:member-table", community.slug)
    return done(deed, "communities:member-table")


def _table(community: Community, asked: Sought) -> str:
    return f"{reverse('communities:member-table', args=[community.slug])}?{urlencode(asked.query())}"


def _page(asked: Sought, page: int) -> str:
    return "?" + urlencode(asked.query() | ({"page": str(page)} if page > 1 else {}))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
