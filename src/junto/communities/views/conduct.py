"""The conduct ladder: the log of cases, a member's own, and the next step. For managers and moderators only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from junto.communities import actions, queries, rules
from junto.communities.forms import LONGEST_NUMBER, ConductForm
from junto.communities.models import Community, Membership
from junto.kit.rulings import require
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MODERATORS)
@require_safe
def conduct(request: HttpRequest, slug: str) -> HttpResponse:
    """All cases, the latest first."""
    community, _ = _find(request, slug)
    context = {
        "community": community,
        **queries.conduct_log(community, before=_number(request.GET.get("before", ""))),
    }
    return render(request, "communities/conduct.html", context)


@opens_to(Who.MODERATORS)
@require_safe
def conduct_member(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The log of one member, and the way to the next step."""
    community, person = _find(request, slug)
    membership = _member(community, number)
    cases = queries.cases_of(membership)
    context = {
        "community": community,
        "membership": membership,
        "cases": [(case, case.is_counting(), rules.may_lift(person, case)) for case in cases],
        "may_take_step": rules.may_take_step(person, membership, rules.next_step([])),
    }
    return render(request, "communities/conduct_member.html", context)


@opens_to(Who.MODERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def conduct_new(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The next step is proposed, with its standard letter, to be edited; a link fetches the letter of another step."""
    community, person = _find(request, slug)
    membership = _member(community, number)
    step, words = queries.proposal_for(membership, request.GET.get("step", ""))
    require(rules.may_take_step(person, membership, rules.next_step([])))
    form = ConductForm(typed(request), initial={"step": step, "words": words})
    if request.method == "POST" and form.is_valid():
        _take(membership, form, person)
        messages.success(
            request,
            gettext("It is on the log, and %(name)s has been told by mail.") % {"name": membership.person.display_name},
        )
        return redirect("communities:conduct-member", slug, number)
    context = {
        "community": community,
        "membership": membership,
        "form": form,
        "steps": queries.STEP_LABELS,
        "step": step,
    }
    return render(request, "communities/conduct_new.html", context, status=status(request))


@opens_to(Who.MANAGERS)
@require_POST
def conduct_lifting(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A case does not count any more."""
    community, person = queries.find_managed(request, slug)
    case = queries.find_case(community, number)
    actions.lift_case(case=case, by=person)
    messages.success(request, gettext("The step does not count any more. It stays on the log."))
    return redirect("communities:conduct", slug)


def _take(membership: Membership, form: ConductForm, person: Person) -> None:
    told = form.cleaned_data
    actions.take_step(
        membership=membership,
        step=told["step"],
        words=told["words"],
        note=told["note"],
        message=told["about"],
        until=form.until_at(),
        by=person,
    )


def _find(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    person = visitor(request)
    community = queries.find(slug, may=rules.may_see_conduct, person=person)
    assert person is not None, "may_see_conduct lets nobody in who is not signed in"
    return community, person


def _member(community: Community, number: int) -> Membership:
    rows = Membership.objects.select_related("person__agency", "address")
    membership = get_object_or_404(rows, community=community, pk=number)
    membership.community = community
    return membership


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
