"""Pictures of a community's pages: the files, the gallery, and what happens to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junto.communities import actions, queries, rules
from junto.communities.forms import AltForm, DressForm, PictureForm
from junto.communities.models import Community, Picture
from junto.kit.pictures import NoPicture
from junto.mail.store import NotStored
from junto.people.queries import visitor
from junto.ui.asking import typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.ANYONE)
@require_safe
def picture(request: HttpRequest, slug: str, number: int, small: bool = False) -> HttpResponse:
    """The file, for whoever may see the community. It never changes, so that browsers may keep it."""
    community = queries.find(slug, may=rules.may_see, person=visitor(request))
    found = _find(community, number)
    try:
        content = queries.bytes_of_picture(found, small=small)
    except NotStored as error:
        raise Http404("The file of this picture is not in the store.") from error
    kept = "private, max-age=3600" if community.is_hidden else "public, max-age=604800, immutable"
    return HttpResponse(
        content,
        content_type=found.content_type,
        headers={
            "Content-Disposition": content_disposition_header(False, found.file_name) or "inline",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": kept,
        },
    )


@opens_to(Who.MANAGERS)
def pictures(request: HttpRequest, slug: str) -> HttpResponse:
    """The gallery, and a form for one more."""
    community, person = queries.find_managed(request, slug)
    form = PictureForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            added = actions.add_picture(
                community=community, content=file.read(), file_name=file.name, alt=form.cleaned_data["alt"], by=person
            )
        except NoPicture as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The picture is here. Its line of Markdown puts it into a text."))
            return redirect(f"{request.path}#picture-{added.pk}")
    return _gallery(request, community, form)


@opens_to(Who.MANAGERS)
@require_POST
def dressing(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose banner and logo."""
    community, person = queries.find_managed(request, slug)
    form = DressForm(request.POST, community=community)
    if not form.is_valid():
        messages.error(request, _("Choose pictures of this community."))
        return redirect("communities:pictures", slug)
    chosen = form.cleaned_data
    actions.dress(community=community, banner=chosen["banner"], logo=chosen["logo"], by=person)
    messages.success(request, _("Saved."))
    return redirect(community)


@opens_to(Who.MANAGERS)
def picture_words(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say anew what a picture shows; where it is used."""
    community, person = queries.find_managed(request, slug)
    found = _find(community, number)
    form = AltForm(typed(request), initial={"alt": found.alt})
    if request.method == "POST" and form.is_valid():
        actions.describe_picture(picture=found, alt=form.cleaned_data["alt"], by=person)
        messages.success(request, _("Saved."))
        return redirect("communities:pictures", slug)
    context = {**_about(community, found), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "communities/picture.html", context, status=status)


@opens_to(Who.MANAGERS)
def picture_deletion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask, and say where the picture is used; then delete it."""
    community, person = queries.find_managed(request, slug)
    found = _find(community, number)
    if request.method == "POST":
        actions.delete_picture(picture=found, by=person)
        messages.success(request, _("The picture is gone. Where it stood, its words stand now."))
        return redirect("communities:pictures", slug)
    return render(request, "communities/picture_deletion.html", _about(community, found))


def _gallery(request: HttpRequest, community: Community, form: PictureForm) -> HttpResponse:
    context = {
        "community": community,
        "form": form,
        "dress": DressForm(community=community),
        "pictures": queries.gallery(community),
        "trail": [(_("About"), community.get_absolute_url())],
    }
    return render(request, "communities/pictures.html", context, status=422 if form.errors else 200)


def _about(community: Community, found: Picture) -> dict[str, object]:
    back = (_("Pictures"), f"{community.get_absolute_url()}manage/pictures/")
    return {
        "community": community,
        "picture": found,
        "uses": queries.uses(found),
        "trail": [(_("About"), community.get_absolute_url()), back],
    }


def _find(community: Community, number: int) -> Picture:
    found = get_object_or_404(Picture, community=community, pk=number)
    found.community = community
    return found
