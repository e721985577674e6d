"""The search page."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from junto.people import queries as people
from junto.ui.doors import Who, opens_to
from junto.web.forms.search import KINDS, SearchForm
from junto.web.queries import search as queries
from junto.web.queries.suggesting import suggest


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


@never_cache
@opens_to(Who.ANYONE)
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """What the search field offers while somebody types, as JSON: lines, and a sentence for screen readers."""
    lines = suggest(request.GET.get("q", "")[:200], queries.searchable_by(people.visitor(request)))
    said = gettext("No suggestions. Press Enter to search.")
    if lines:
        said = ngettext("%(n)d suggestion. Use the arrow keys.", "%(n)d suggestions. Use the arrow keys.", len(lines))
    answer = JsonResponse(
        {"lines": [asdict(one) for one in lines], "said": said % {"n": len(lines)} if lines else said}
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer
