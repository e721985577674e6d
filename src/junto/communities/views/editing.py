"""Pages on which managers write what the community's page says. A preview needs no script: it is a second button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from junto.communities import actions, queries, rules
from junto.communities.forms import CommunityForm, NewCommunityForm, PageForm, ResourceFormSet, typed
from junto.communities.models import Community, Page
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
            form.add_error("list_name", "Another community took this name just now. Choose another one.")
        else:
            messages.success(request, f"{community} exists. Invite its managers, and say what it does.")
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
        messages.success(request, "Saved.")
        return redirect("communities:front", slug)
    return _form(request, community, form, "Edit the community’s page", text="description")


@opens_to(Who.MANAGERS)
def resources(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of resources."""
    community, person = _find(request, slug)
    rows = list(community.resource_links.order_by("position", "pk").values("title", "url", "note"))
    formset = ResourceFormSet(typed(request), initial=rows)
    if request.method == "POST" and formset.is_valid():
        kept = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
        actions.set_resources(
            community=community, links=[(row["title"], row["url"], row["note"]) for row in kept], by=person
        )
        messages.success(request, "Saved.")
        return redirect("communities:front", slug)
    context = {"community": community, "formset": formset, "trail": trail(community)}
    return render(request, "communities/resources.html", context, status=_status(request))


@opens_to(Who.MANAGERS)
def new_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a new sub-page."""
    community, person = _find(request, slug)
    return _write_page(request, community, None, person)


@opens_to(Who.MANAGERS)
def edit_page(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """Write a sub-page anew."""
    community, person = _find(request, slug)
    return _write_page(request, community, get_object_or_404(Page, community=community, slug=page), person)


@opens_to(Who.MANAGERS)
@require_POST
def delete_page(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """Take a sub-page away."""
    community, person = _find(request, slug)
    actions.delete_page(page=get_object_or_404(Page, community=community, slug=page), by=person)
    messages.success(request, "The page is gone. The book keeps its text.")
    return redirect("communities:manage", slug)


def _write_page(request: HttpRequest, community: Community, page: Page | None, person: Person) -> HttpResponse:
    initial = {"slug": page.slug, "title": page.title, "body": page.body, "position": page.position} if page else None
    form = PageForm(typed(request), initial=initial, community=community, page=page)
    if request.method == "POST" and form.is_valid() and not _is_preview(request):
        written = actions.write_page(community=community, page=page, by=person, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect(written)
    heading = f"Edit “{page.title}”" if page else "Write a new page"
    return _form(request, community, form, heading, text="body", page=page)


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
