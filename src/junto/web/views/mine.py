"""What is kept about me: see it, take it along, leave."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from junto.communities import queries as communities
from junto.people.models import Person
from junto.people.queries import visitor
from junto.records import queries, rules
from junto.records.actions import handing_back, leaving
from junto.ui.doors import Who, opens_to
from junto.web.forms.people import LeavingForm


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
