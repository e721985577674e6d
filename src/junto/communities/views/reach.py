"""How far the posts of a community go: zones, and lists that it feeds."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from junto.communities import actions, queries
from junto.communities.forms import ReachForm
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
def reach(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose whether authors may name a zone, the zone of other posts, and the lists that get every post too."""
    community, person = queries.find_managed(request, slug)
    form = ReachForm(typed(request), community=community, person=person)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with transaction.atomic():
            actions.set_zones(
                community=community, has_zones=asked["has_zones"], default_zone=asked["default_zone"], by=person
            )
            actions.set_feeds(source=community, targets=form.targets(), by=person)
        messages.success(request, gettext("Saved. It holds for every post from now on."))
        return redirect("communities:reach", slug)
    context = {
        "community": community,
        "form": form,
        "fed_by": community.fed_by.order_by("name"),
    }
    return render(request, "communities/reach.html", context, status=status(request))
