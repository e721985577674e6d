"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junto.people import queries as people
from junto.ui.doors import Who, opens_to
from junto.web.forms.search import SearchForm
from junto.web.queries import search as queries


@opens_to(Who.ANYONE)
def search(request: HttpRequest) -> HttpResponse:
    """Words and filters in the address, results below. Robots need not index it."""
    searchable = queries.searchable_by(people.visitor(request))
    form = SearchForm(request.GET, communities=searchable.places)
    results = None
    if form.is_valid() and any(form.cleaned_data.values()):
        results = queries.results(form.cleaned_data, searchable, start=queries.start_of(request.GET.get("start", "")))
    response = render(request, "web/search.html", {"form": form, "results": results})
    response["X-Robots-Tag"] = "noindex"
    return response
