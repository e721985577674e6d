"""The insights of one community: the page, its tables as files, who sees them, and counting anew."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.insights import actions, queries, rules, tasks
from junto.insights.forms import AudienceForm, PeriodForm
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to

ASKED_FOR = 60
"""Seconds within which a first count is not asked for again."""


@opens_to(Who.MANAGERS)
@require_safe
def insights(request: HttpRequest, slug: str) -> HttpResponse:
    """Growth, reach, discussions, answers, taking part and delivery over a span of time."""
    community, found = _find(request, slug)
    if found.tally is None:
        _count_soon(community)
    may_manage = rules.may_manage(visitor(request), community)
    context = {
        "community": community,
        "found": found,
        "form": PeriodForm(initial={"period": found.period.key}),
        "audience_form": AudienceForm(initial={"is_open": community.shows_insights}) if may_manage else None,
        "may_manage": may_manage,
        "may_compare": may_manage and rules.may_compare(visitor(request)),
    }
    return render(request, "insights/page.html", context)


@opens_to(Who.MANAGERS)
@require_safe
def table(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One table of the page as CSV."""
    community, found = _find(request, slug)
    wanted = found.table(name)
    if wanted is None:
        raise Http404(_("There is no such table here."))
    return download(queries.as_csv(wanted), f"{community.slug}-{wanted.name}.csv", "text/csv; charset=utf-8")


@opens_to(Who.MANAGERS)
@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of the page, each as CSV, in one ZIP."""
    community, found = _find(request, slug)
    return download(queries.as_zip(found), f"{community.slug}-insights.zip", "application/zip")


@opens_to(Who.MANAGERS)
@require_POST
def counting(request: HttpRequest, slug: str) -> HttpResponse:
    """Count anew, soon."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_manage, person=person)
    tasks.recount.enqueue(community.pk)
    messages.success(request, _("The numbers are counted anew. Look again in a minute."))
    return redirect("insights:page", slug)


@opens_to(Who.MANAGERS)
@require_POST
def audience(request: HttpRequest, slug: str) -> HttpResponse:
    """Members see the numbers, or managers alone."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_manage, person=person)
    assert person is not None, "may_manage lets nobody in who is not signed in"
    form = AudienceForm(request.POST)
    is_open = form.is_valid() and form.cleaned_data["is_open"]
    actions.open_to_members(community=community, is_open=is_open, by=person)
    told = _("Members see these numbers from now on.") if is_open else _("Only managers see these numbers from now on.")
    messages.success(request, told)
    return redirect("insights:page", slug)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep. Numbers of today are no use tomorrow, so nothing on the way keeps a copy."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def _find(request: HttpRequest, slug: str) -> tuple[Community, queries.Insights]:
    person = visitor(request)
    community = communities.find(slug, may=rules.may_see, person=person)
    period = queries.period_called(request.GET.get("period", ""))
    return community, queries.insights_of(community, period, person)


def _count_soon(community: Community) -> None:
    """What was never counted is counted as soon as somebody looks. It adds nothing that is not known already."""
    if cache.add(f"insights.counting.{community.pk}", True, ASKED_FOR):
        tasks.recount.enqueue(community.pk)
