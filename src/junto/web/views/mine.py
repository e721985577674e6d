"""What is kept about me: see it, take it along, leave; and an address that goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from junto.communities import actions as community_actions
from junto.communities import queries as communities
from junto.kit.rulings import Refused
from junto.people import actions as people
from junto.people.models import Address, Person
from junto.people.queries import visitor
from junto.records import queries, rules
from junto.records.actions import handing_back, leaving
from junto.ui.doors import Who, opens_to
from junto.web.forms.people import LeavingForm, MoveForm
from junto.web.queries import mine


def _myself(request: HttpRequest) -> Person:
    person = visitor(request)
    assert person is not None, "the door lets only people in"
    return person


@never_cache
@opens_to(Who.SIGNED_IN)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is kept about me, in plain words with counts, and where to correct it."""
    me = _myself(request)
    return render(request, "web/data.html", {"me": me, "kept": queries.kept_about(me)})


@never_cache
@opens_to(Who.SIGNED_IN)
@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything about me as ZIP, or the facts as JSON. A deed, because the book says that it was done."""
    me = _myself(request)
    if request.POST.get("form") == "json":
        answer = HttpResponse(handing_back.facts_as_json(person=me, by=me), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer
    whole = handing_back.hand_back(person=me, site_name=settings.SITE_NAME, by=me)
    return FileResponse(whole, as_attachment=True, filename="my-data.zip", content_type="application/zip")


@never_cache
@opens_to(Who.SIGNED_IN)
def leave(request: HttpRequest) -> HttpResponse:
    """End my account, after a page that says what goes, what stays, and that it cannot be undone."""
    me = _myself(request)
    may, form = rules.may_leave_site(me, me), LeavingForm(request.POST or None)
    if request.method == "POST" and may and form.is_valid():
        leaving.leave_site(person=me, keeps_name=form.cleaned_data["keeps_name"] == "yes", by=me)
        logout(request)
        return render(request, "web/left.html")
    context = {
        "form": form,
        "may": may,
        "memberships": communities.memberships_to_end(me),
        "frees_addresses": not communities.was_ever_removed(me),
    }
    return render(request, "web/leaving.html", context)


@never_cache
@opens_to(Who.SIGNED_IN)
def remove_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before one of my addresses goes. Memberships that use it are moved to another first, with a button of their own."""
    me = _myself(request)
    told = mine.removal(me, pk)
    form = MoveForm(request.POST if "to" in request.POST else None, addresses=told["others"])
    if request.method == "POST":
        try:
            if told["used"]:
                if form.is_valid():
                    return _moved(request, told["address"], form.cleaned_data["to"], me)
            else:
                return _removed(request, told, me)
        except Refused as refusal:
            form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
    return render(request, "web/remove_address.html", {**told, "form": form})


def _moved(request: HttpRequest, old: Address, new: Address, me: Person) -> HttpResponse:
    count = community_actions.move_memberships(from_address=old, to_address=new, by=me)
    said = ngettext(
        "%(n)d membership gets its mail at %(address)s now.",
        "%(n)d memberships get their mail at %(address)s now.",
        count,
    )
    messages.success(request, said % {"n": count, "address": new.email})
    return redirect("web:remove-address", old.pk)


def _removed(request: HttpRequest, told: dict[str, Any], me: Person) -> HttpResponse:
    email = told["address"].email
    people.remove_address(address=told["address"], is_used=bool(told["used"]), is_kept=told["is_kept"], by=me)
    messages.success(request, gettext("%(address)s is no longer one of your addresses.") % {"address": email})
    return redirect("web:me")
