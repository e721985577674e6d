"""The history of a part of a community's page: every version, two of them compared, one brought back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junto.communities import actions, queries
from junto.communities.models import Version
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
@require_safe
def history(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """Who wrote what when; with `from` and `to` what changed between two versions."""
    community, _person = queries.find_managed(request, slug)
    part = queries.written(community, kind, number)
    versions = queries.versions(community, kind, number)
    older, newer = _number(request, "from"), _number(request, "to")
    if not (older and newer) and len(versions) > 1:
        older, newer = versions[1].number, versions[0].number
    context = {
        "community": community,
        "part": part,
        "versions": versions,
        "older": older,
        "newer": newer,
        "comparison": queries.comparison(versions, older, newer),
        "trail": [(_("About"), community.get_absolute_url())],
    }
    return render(request, "communities/history.html", context)


@opens_to(Who.MANAGERS)
@require_POST
def restoration(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """Bring a version back. It becomes the newest one; the others stay."""
    community, person = queries.find_managed(request, slug)
    part = queries.written(community, kind, number)
    wanted = _number(request, "version")
    version = get_object_or_404(Version.objects.of(community, kind, number).select_related("community"), number=wanted)
    try:
        actions.restore_version(version=version, by=person)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such part of the page.")) from error
    messages.success(request, _("Version %(number)d is back, as the newest one.") % {"number": wanted})
    return redirect(part.url)


def _number(request: HttpRequest, name: str) -> int:
    value = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
