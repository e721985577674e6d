"""A person's page, the directory of people, and a question to one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
    response = render(request, "web/person.html", queries.person_page(pk, visitor(request)))
    response["X-Robots-Tag"] = "noindex"
    return response


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
            messages.success(request, f"Your question is on its way to {told['person']}. The answer comes by mail.")
            return redirect("web:person", pk)
    return render(request, "web/ask.html", {**told, "form": form})
