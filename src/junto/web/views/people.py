"""A person's page, the directory of people, and a question to one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from junto.discussions import actions
from junto.kit.rulings import Refused
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to
from junto.web.forms.people import ExpertsForm, QuestionForm
from junto.web.queries import people as queries


@opens_to(Who.ANYONE)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody tells this visitor of themselves, what both belong to, and what the visitor may read of theirs."""
    told = queries.person_page(pk, visitor(request), seen_by=request.GET.get("as", ""))
    response = render(request, "web/person.html", told)
    response["X-Robots-Tag"] = "noindex"
    return response


@opens_to(Who.ANYONE)
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo of somebody, for whom they show it to. Who may not see it cannot tell it from one that is not there."""
    found = queries.photo_of(pk, visitor(request))
    return HttpResponse(
        found.content,
        content_type=found.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline",
            "Cache-Control": "private, max-age=3600",
            "X-Robots-Tag": "noindex",
        },
    )


@opens_to(Who.ANYONE)
@require_safe
def experts(request: HttpRequest) -> HttpResponse:
    """People who say what they can help with. Robots need not index them."""
    form = ExpertsForm(request.GET)
    sought = form.sought()
    found = queries.experts(sought, visitor(request))
    context = {"form": form, "found": found, "sought": sought, "older": queries.older_of(found, sought)}
    response = render(request, "web/experts.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@opens_to(Who.SIGNED_IN)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to somebody by mail; neither sees the other's address."""
    me = visitor(request)
    assert me is not None, "the door lets only people in"
    told = queries.asked_person(pk, me)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(person=told["person"], shared=told["shared"], **form.cleaned_data, by=me)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = gettext("Your question is on its way to %(name)s. The answer comes by mail.")
            messages.success(request, said % {"name": told["person"]})
            return redirect("web:person", pk)
    return render(request, "web/ask.html", {**told, "form": form})
