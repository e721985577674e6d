"""Taking in the members of another list: first what would become of each line, then one button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junto.communities import actions, queries
from junto.communities.forms import RosterForm
from junto.ui.asking import status
from junto.ui.doors import Who, opens_to

SHOWN = 200
FIRST_TO_LOOK_AT = ("unreadable", "refused", "waits", "new", "there")


@opens_to(Who.MANAGERS)
def members_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Paste or upload, look at every line with its reason, then take it. Nothing changes before the second button."""
    community, person = queries.find_managed(request, slug)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    context: dict[str, Any] = {"community": community, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "communities/roster.html", context, status=status(request))
    text = _text_of(form)
    does = actions.take_roster if "take" in request.POST else queries.preview_roster
    try:
        found = does(community=community, text=text, by=person)
    except queries.NotARoster as problem:
        form.add_error(None, str(problem))
        return render(request, "communities/roster.html", context, status=422)
    context |= _shown(found) | {"is_taken": "take" in request.POST, "text": text}
    return render(request, "communities/roster.html", context)


def _text_of(form: RosterForm) -> str:
    file = form.cleaned_data["file"]
    return queries.roster_text(file.read()) if file is not None else str(form.cleaned_data["text"])


def _shown(found: Any) -> dict[str, Any]:
    """What needs a look comes first; of many lines the first two hundred are shown, and all are counted."""
    rows = sorted(found.rows, key=lambda row: (FIRST_TO_LOOK_AT.index(row.outcome), row.line))
    return {
        "found": found,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "counts": [(outcome.label, count) for outcome, count in found.counts.items() if count],
        "taken": sum(row.is_taken for row in found.rows),
    }
