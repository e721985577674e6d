"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junto.people import queries as people
from junto.ui.doors import Who, opens_to
from junto.web.forms.search import KINDS, SearchForm
from junto.web.queries import search as queries


@opens_to(Who.ANYONE)
def search(request: HttpRequest) -> HttpResponse:
    """Words and filters in the address, results below. Robots need not index it."""
    searchable = queries.searchable_by(people.visitor(request))
    form = SearchForm(request.GET, communities=searchable.places)
    results = None
    if form.is_valid() and any(form.cleaned_data.values()):
        start = queries.start_of(request.GET.get("start", ""))
        results = queries.results(form.cleaned_data, searchable, start=start, kinds=KINDS)
    context = {"form": form, "results": results, "suggestions": queries.suggestions(searchable)}
    response = render(request, "web/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
