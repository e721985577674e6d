"""Joining and leaving by somebody who is signed in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from junto.communities import actions, queries, rules
from junto.communities.forms import JoinForm
from junto.communities.models import Community, Membership
from junto.kit import markdown
from junto.kit.rulings import require
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.ANYONE)
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """One page: what joining means, the guidelines, how mail comes, one button. Who is not signed in does that first."""
    person = visitor(request)
    community = queries.find(slug, may=rules.may_join, person=person)
    if person is None:
        here = urlencode({"next": reverse("communities:join", args=[slug])})
        context = {"community": community, "sign_in": f"{reverse('people:sign-in')}?{here}"}
        return render(request, "communities/join_sign_in.html", context | _how_to_join(community))
    membership = queries.membership_of(person, community)
    if membership is not None and membership.is_active():
        messages.info(request, gettext("You are a member of %(community)s already.") % {"community": community})
        return redirect(community)
    form = JoinForm(typed(request), community=community, person=person)
    if request.method == "POST" and form.is_valid():
        return _join(request, community, person, form)
    context = {
        "community": community,
        "form": form,
        "membership": membership,
        "standing": queries.standing_of(person, community),
    }
    return render(request, "communities/join.html", context | _how_to_join(community), status=status(request))


def _join(request: HttpRequest, community: Community, person: Person, form: JoinForm) -> HttpResponse:
    membership = actions.join(
        community=community,
        person=person,
        address=form.address(),
        name=form.cleaned_data.get("name", ""),
        accepts_guidelines=form.cleaned_data.get("accepts_guidelines", False),
        delivery=form.cleaned_data["delivery"],
        came_by="web",
        by=person,
    )
    _say_what_came(request, membership)
    return redirect(community)


def _say_what_came(request: HttpRequest, membership: Membership) -> None:
    if membership.is_active():
        messages.success(
            request,
            gettext("Welcome to %(community)s. A letter with all you need is on its way.")
            % {"community": membership.community},
        )
    else:
        messages.info(
            request,
            gettext("Thank you. %(reason)s You will get a letter when it is decided.") % {"reason": membership.reason},
        )


@opens_to(Who.SIGNED_IN)
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """One button."""
    person = visitor(request)
    community = queries.find(slug, may=rules.may_see, person=person)
    membership = queries.membership_of(person, community)
    if membership is None:
        messages.info(request, gettext("You are not a member of %(community)s.") % {"community": community})
        return redirect(community)
    ruling = rules.may_leave(membership)
    if request.method == "POST":
        require(ruling)
        actions.leave(membership=membership, by=person)
        messages.success(
            request, gettext("You have left %(community)s. It sends you no more mail.") % {"community": community}
        )
        return redirect("communities:directory")
    return render(request, "communities/leave.html", {"community": community, "may_leave": ruling})


def _how_to_join(community: Community) -> dict[str, str]:
    return {
        "policy": str(rules.ELIGIBLE[community.policy][1]),
        "guidelines_html": markdown.render(community.guidelines),
        "join_address": community.command_address("subscribe-request"),
    }
