"""Pages on which managers write what the community's page says. A preview needs no script: it is a second button."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from junto.communities import actions, queries, rules
from junto.communities.forms import CommunityForm, NewCommunityForm
from junto.communities.models import Community
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.queries import visitor
from junto.ui.asking import is_preview, status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.STAFF)
def new(request: HttpRequest) -> HttpResponse:
    """Found a community."""
    person = visitor(request)
    require(rules.may_create(person))
    assert person is not None, "may_create lets nobody in who is not signed in"
    form = NewCommunityForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            community = actions.create(by=person, **form.cleaned_data)
        except IntegrityError:
            form.add_error("list_name", gettext("Another community took this name just now. Choose another one."))
        else:
            messages.success(
                request,
                gettext("%(community)s exists. Invite its managers, and say what it does.") % {"community": community},
            )
            return redirect("communities:manage", community.slug)
    return render(request, "communities/new.html", {"form": form}, status=status(request))


@opens_to(Who.MANAGERS)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What the front page says: name, summary, description, guidelines, topics."""
    community, person = queries.find_managed(request, slug)
    form = CommunityForm(typed(request), instance=community)
    if request.method == "POST" and form.is_valid() and not is_preview(request):
        topics = form.cleaned_data.pop("topics")
        fresh = Community.objects.get(pk=community.pk)
        actions.edit(community=fresh, topics=topics, by=person, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("communities:front", slug)
    context = {
        "community": community,
        "form": form,
        "is_preview": is_preview(request),
        "preview": markdown.render(request.POST.get("description", "")) if is_preview(request) else "",
    }
    return render(request, "communities/edit.html", context, status=200 if is_preview(request) else status(request))
