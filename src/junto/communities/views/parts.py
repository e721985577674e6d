"""Writing the parts of a community's page, in place or on a page of its own: the same view answers with the part (htmx)
or with a whole page. A preview needs no script: it is a second button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junto.communities import actions, queries
from junto.communities.forms import PageForm, ResourceForm, SectionForm, WritingForm
from junto.communities.models import Community, Page, PartKind, Section
from junto.kit.wording import compare
from junto.people.models import Person
from junto.ui.asking import in_place, typed
from junto.ui.doors import Who, opens_to


@dataclass(frozen=True, slots=True)
class Writing:
    """One part that is being written: `number` is 0 for the text on top, None for a part that is new. `save` returns where
    the part stands then; `shown` is the template of the part as readers see it."""

    community: Community
    kind: str
    number: int | None
    form: Form
    heading: str
    save: Callable[[dict[str, Any]], str]
    shown: str = ""
    back: str = ""

    @property
    def anchor(self) -> str:
        """The id of the element that is replaced in place."""
        return "lead" if self.kind == PartKind.LEAD else f"{self.kind}-{self.number or 'new'}"


@opens_to(Who.MANAGERS)
def lead(request: HttpRequest, slug: str) -> HttpResponse:
    """The text on top of the community's page."""
    community, person = queries.find_managed(request, slug)
    latest = queries.latest_number(community, PartKind.LEAD, 0)
    form = WritingForm(typed(request), initial={"body": community.description, "based_on": latest})

    def save(asked: dict[str, Any]) -> str:
        fresh = Community.objects.get(pk=community.pk)
        actions.write_lead(community=fresh, by=person, **asked)
        return f"{community.get_absolute_url()}#lead"

    heading = _("Edit the text on top")
    return _answer(request, Writing(community, "lead", 0, form, heading, save, "communities/_parts/about.html"))


@opens_to(Who.MANAGERS)
def section(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """A section of the community's page, or a new one."""
    community, person = queries.find_managed(request, slug)
    found = get_object_or_404(Section, community=community, pk=number) if number is not None else None
    latest = queries.latest_number(community, PartKind.SECTION, found.pk) if found else 0
    initial = {"title": found.title, "body": found.body, "based_on": latest} if found else None
    form = SectionForm(typed(request), initial=initial)

    def save(asked: dict[str, Any]) -> str:
        written = actions.write_section(community=community, section=found, by=person, **asked)
        return f"{community.get_absolute_url()}#section-{written.pk}"

    heading = _("Edit “%(title)s”") % {"title": found.title} if found else _("Add a section")
    return _answer(
        request, Writing(community, "section", number, form, heading, save, "communities/_parts/section.html")
    )


@opens_to(Who.MANAGERS)
def new_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a new sub-page."""
    community, person = queries.find_managed(request, slug)
    return _write_page(request, community, None, person)


@opens_to(Who.MANAGERS)
def edit_page(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """Write a sub-page anew."""
    community, person = queries.find_managed(request, slug)
    return _write_page(request, community, get_object_or_404(Page, community=community, slug=page), person)


@opens_to(Who.MANAGERS)
def resources(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The list of resources, each with its buttons, and a form for one more or for one of them."""
    community, person = queries.find_managed(request, slug)
    chosen: Any = queries.find_part(community, "resource", number) if number is not None else None
    initial = {"title": chosen.title, "url": chosen.url, "note": chosen.note} if chosen else None
    form = ResourceForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.write_resource(community=community, resource=chosen, by=person, **form.cleaned_data)
        if not in_place(request):
            messages.success(request, _("Saved."))
            return redirect("communities:resources", slug)
        form, chosen = ResourceForm(), None
    return resource_list(request, community, form=form, chosen=chosen)


@opens_to(Who.MANAGERS)
@require_POST
def place(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """Move a part up or down."""
    community, person = queries.find_managed(request, slug)
    part = queries.find_part(community, kind, number)
    actions.move_part(part=part, up=request.POST.get("way") == "up", by=person)
    return _moved(request, community, kind, f"#{kind}-{number}")


@opens_to(Who.MANAGERS)
@require_POST
def removal(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """Take a part off the page; the page then offers to put it back."""
    community, person = queries.find_managed(request, slug)
    part = queries.find_part(community, kind, number)
    actions.remove_part(part=part, by=person)
    return _moved(request, community, kind, f"?undo={kind}-{number}#undo", removed=(kind, part))


@opens_to(Who.MANAGERS)
@require_POST
def put_back(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """Put a part back on the page."""
    community, person = queries.find_managed(request, slug)
    actions.put_back_part(part=queries.find_part(community, kind, number), by=person)
    if not in_place(request):
        messages.success(request, _("It is back on the page."))
    return _moved(request, community, kind, f"#{kind}-{number}")


def resource_list(
    request: HttpRequest, community: Community, *, form: Form, chosen: Any = None, removed: Any = None
) -> HttpResponse:
    """The list with its form; as a part, or as a page."""
    context = {
        "community": community,
        "resources": list(community.resource_links.shown().order_by("position", "pk")),
        "form": form,
        "chosen": chosen,
        "just_removed": removed,
        "may_manage": True,
        "in_place": in_place(request),
    }
    if in_place(request):
        shown = "resources" if "shown" in request.GET else "resource_list"
        return render(request, f"communities/_parts/{shown}.html", context)
    return render(request, "communities/resources.html", context, status=422 if form.errors else 200)


def _moved(request: HttpRequest, community: Community, kind: str, where: str, removed: Any = None) -> HttpResponse:
    if kind == "resource" and in_place(request):
        return resource_list(request, community, form=ResourceForm(), removed=removed)
    return redirect(f"{community.get_absolute_url()}{where}")


def _write_page(request: HttpRequest, community: Community, page: Page | None, person: Person) -> HttpResponse:
    latest = queries.latest_number(community, PartKind.PAGE, page.pk) if page else 0
    initial = {"slug": page.slug, "title": page.title, "body": page.body, "based_on": latest} if page else None
    form = PageForm(typed(request), initial=initial, community=community, page=page)

    def save(asked: dict[str, Any]) -> str:
        return actions.write_page(community=community, page=page, by=person, **asked).get_absolute_url()

    heading = _("Edit “%(title)s”") % {"title": page.title} if page else _("Write a new page")
    back = reverse("communities:page", args=[community.slug, page.slug]) if page else ""
    number = page.pk if page else None
    return _answer(
        request, Writing(community, "page", number, form, heading, save, "communities/_parts/article.html", back)
    )


def _answer(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Show the form, a preview, what somebody else saved meanwhile, or the part as it is now."""
    if in_place(request) and "shown" in request.GET:
        return _shown(request, writing)
    if request.method != "POST" or "preview" in request.POST or not writing.form.is_valid():
        return _form(request, writing)
    try:
        where = writing.save(writing.form.cleaned_data)
    except actions.Overtaken as overtaken:
        return _form(request, writing, overtaken=overtaken)
    if not in_place(request):
        messages.success(request, _("Saved."))
        return redirect(where)
    if writing.kind == PartKind.PAGE and where != writing.back:
        return HttpResponse(headers={"HX-Redirect": where})
    return _shown(request, writing, is_saved=True)


def _form(request: HttpRequest, writing: Writing, overtaken: actions.Overtaken | None = None) -> HttpResponse:
    community, form = writing.community, writing.form
    is_preview = request.method == "POST" and "preview" in request.POST
    context = {
        "community": community,
        "form": form,
        "writing": writing,
        "heading": writing.heading,
        "is_preview": is_preview,
        "preview": queries.render(community, request.POST.get("body", "")) if is_preview else "",
        "pictures": queries.gallery(community),
        "in_place": in_place(request),
        "back": writing.back
        or community.get_absolute_url() + (f"#{writing.anchor}" if writing.number is not None else ""),
        "trail": [(_("About"), community.get_absolute_url())],
        "may_manage": True,
        **(_conflict(request, form, overtaken) if overtaken else {}),
    }
    if in_place(request):
        return render(request, "communities/_parts/editing.html", context)
    wrong = overtaken is not None or (request.method == "POST" and not is_preview)
    return render(request, "communities/write.html", context, status=422 if wrong else 200)


def _conflict(request: HttpRequest, form: Form, overtaken: actions.Overtaken) -> dict[str, Any]:
    """Both texts; saving again builds on the newer one."""
    form.data = {**request.POST.dict(), "based_on": str(overtaken.latest.number)}
    return {
        "theirs": overtaken.latest,
        "changes": compare(overtaken.latest.body, request.POST.get("body", "").replace("\r\n", "\n")),
    }


def _shown(request: HttpRequest, writing: Writing, *, is_saved: bool = False) -> HttpResponse:
    community = Community.objects.get(pk=writing.community.pk)
    part = queries.find_part(community, writing.kind, writing.number or 0) if writing.number else None
    context = {
        "community": community,
        "section": part,
        "page": part,
        "may_manage": True,
        "is_saved": is_saved,
        "takes_focus": True,
    }
    return render(request, writing.shown, context)
