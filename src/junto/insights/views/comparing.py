"""Communities side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from junto.insights import queries, rules
from junto.insights.views.reading import download
from junto.kit.rulings import require
from junto.kit.sheets import to_csv
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to


@opens_to(Who.STAFF)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The same measures for each community that the reader manages, or for all; sorted as they like."""
    return render(request, "insights/compare.html", {"found": _find(request), "sort": request.GET.get("sort", "")})


@opens_to(Who.STAFF)
@require_safe
def compare_file(request: HttpRequest) -> HttpResponse:
    """The table as CSV."""
    found = _find(request)
    content = to_csv([column.label for column in found.columns], found.cells())
    return download(content, "communities.csv", "text/csv; charset=utf-8")


def _find(request: HttpRequest) -> queries.Comparison:
    person = visitor(request)
    require(rules.may_compare(person))
    assert person is not None, "may_compare lets nobody in who is not signed in"
    return queries.comparison(person, sort=request.GET.get("sort", ""))
