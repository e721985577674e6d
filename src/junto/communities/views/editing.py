"""Pages on which managers write what the community's page says. A preview needs no script: it is a second button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from junto.communities import actions, queries, rules
from junto.communities.forms import CommunityForm, NewCommunityForm, typed
from junto.communities.models import Community
from junto.communities.views.desk import trail
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.models import Person
from junto.people.queries import visitor
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
    return render(request, "communities/new.html", {"form": form}, status=_status(request))


@opens_to(Who.MANAGERS)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What the front page says, who may join and read, and how the list behaves."""
    community, person = _find(request, slug)
    form = CommunityForm(typed(request), instance=community)
    if request.method == "POST" and form.is_valid() and not _is_preview(request):
        topics = form.cleaned_data.pop("topics")
        fresh = Community.objects.get(pk=community.pk)
        actions.edit(community=fresh, topics=topics, by=person, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("communities:front", slug)
    return _form(request, community, form, gettext("Edit the community’s page"), text="description")


def _form(
    request: HttpRequest, community: Community, form: BaseForm, heading: str, *, text: str, **more: Any
) -> HttpResponse:
    is_preview = _is_preview(request)
    context = {
        "community": community,
        "form": form,
        "heading": heading,
        "preview": markdown.render(request.POST.get(text, "")) if is_preview else "",
        "is_preview": is_preview,
        "trail": trail(community),
        **more,
    }
    return render(request, "communities/edit.html", context, status=200 if is_preview else _status(request))


def _is_preview(request: HttpRequest) -> bool:
    return request.method == "POST" and "preview" in request.POST


def _find(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    person = visitor(request)
    community = queries.find(slug, may=rules.may_manage, person=person)
    assert person is not None, "may_manage lets nobody in who is not signed in"
    return community, person


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
