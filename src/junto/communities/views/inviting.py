"""Invitations: send, see who took them, remind once, withdraw. And the team: who manages and who moderates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from junto.communities import actions, queries
from junto.communities.forms import InvitationForm, TeamForm
from junto.communities.models import Community, Invitation
from junto.kit.addresses import BadAddress
from junto.kit.rulings import Refused
from junto.people.models import Person
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite by a list of addresses; each is judged by itself, and each result is told."""
    community, person = queries.find_managed(request, slug)
    form = InvitationForm(typed(request))
    results: list[tuple[str, bool, str]] = []
    if request.method == "POST" and form.is_valid():
        results = [_invite(community, email, person) for email in form.cleaned_data["addresses"]]
        form = InvitationForm()
    context = {
        "community": community,
        "form": form,
        "results": results,
        **queries.invitations_page(community, person, before=request.GET.get("before", "")),
    }
    is_bad = request.method == "POST" and not results
    return render(request, "communities/invitations.html", context, status=422 if is_bad else 200)


@opens_to(Who.MANAGERS)
@require_POST
def withdrawal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take an invitation back."""
    community, person = queries.find_managed(request, slug)
    invitation = get_object_or_404(Invitation, community=community, pk=number)
    email = invitation.email
    actions.withdraw_invitation(invitation=invitation, by=person)
    messages.success(request, gettext("The invitation of %(email)s is withdrawn.") % {"email": email})
    return redirect("communities:invitations", slug)


@opens_to(Who.MANAGERS)
@require_POST
def reminder(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Send an invitation a second time."""
    community, person = queries.find_managed(request, slug)
    invitation = get_object_or_404(Invitation, community=community, pk=number)
    actions.remind(invitation=invitation, by=person)
    words = gettext("%(email)s is reminded by mail. There is no third letter.")
    messages.success(request, words % {"email": invitation.email})
    return redirect("communities:manage" if "desk" in request.POST else "communities:invitations", slug)


@opens_to(Who.MANAGERS)
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who manages, who moderates, what each may do; and a form that gives a member a role."""
    community, person = queries.find_managed(request, slug)
    form = TeamForm(typed(request))
    if request.method == "POST" and form.is_valid() and _appoint(request, community, form, person):
        return redirect("communities:team", slug)
    context = {"community": community, "form": form, "team": queries.team(community), "me": person.pk}
    return render(request, "communities/team.html", context, status=status(request))


def _appoint(request: HttpRequest, community: Community, form: TeamForm, person: Person) -> bool:
    """Give the role that was asked for; where it cannot be, the form says why."""
    told = form.cleaned_data
    membership = queries.member_with_address(community, told["email"])
    if membership is None:
        words = gettext(
            "Nobody among the members has this address. Look into the list of members, or invite them first."
        )
        form.add_error("email", words)
        return False
    try:
        actions.appoint(membership=membership, role=told["role"], by=person)
    except Refused as refusal:
        form.add_error(None, refusal.ruling.reason)
        return False
    words = gettext("The role of %(name)s is saved, and they are told by mail.")
    messages.success(request, words % {"name": membership.person.display_name})
    return True


def _invite(community: Community, email: str, person: Person) -> tuple[str, bool, str]:
    try:
        actions.invite(community=community, email=email, by=person)
    except BadAddress as error:
        return email, False, str(error)
    except Refused as refusal:
        return email, False, refusal.ruling.reason
    return email, True, gettext("Invited.")
