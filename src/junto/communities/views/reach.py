"""How far the posts of a community go: zones, and lists that it feeds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from junto.communities import actions, queries
from junto.communities.forms import ReachForm
from junto.communities.views.desk import done
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
def reach(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose whether authors may name a zone, the zone of other posts, and the lists that get every post too."""
    community, person = queries.find_managed(request, slug)
    form = ReachForm(typed(request), community=community, person=person)
    if request.method == "POST" and form.is_valid():
        zones = {name: form.cleaned_data[name] for name in ("has_zones", "default_zone")}
        deed = actions.set_reach(community=community, targets=form.targets(), words=form.told(), by=person, **zones)
        if deed:
            return done(deed, "communities:reach")
        messages.info(request, gettext("Nothing was changed."))
        return redirect("communities:reach", slug)
    context = {
        "community": community,
        "form": form,
        "fed_by": community.fed_by.order_by("name"),
    }
    return render(request, "communities/reach.html", context, status=status(request))
