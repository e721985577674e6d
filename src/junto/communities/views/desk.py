"""The manager's desk: who waits, invitations, roles, removals, mail that comes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from junto.communities import actions, queries, rules
from junto.communities.forms import DecisionForm, InvitationForm, RemovalForm, RoleForm, typed
from junto.communities.models import Community, Invitation, Membership, Notice
from junto.kit.addresses import BadAddress
from junto.kit.rulings import Refused
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a manager, and the doors to everything else."""
    community, _ = _find(request, slug)
    context = {"community": community, "form": InvitationForm(), **queries.desk(community)}
    return render(request, "communities/manage.html", context)


@opens_to(Who.MANAGERS)
@require_POST
def decision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Admit or decline somebody who waits."""
    community, person = _find(request, slug)
    membership = get_object_or_404(Membership, community=community, pk=number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whether to admit or to decline.")
        return redirect("communities:manage", slug)
    admits = form.cleaned_data["decision"] == "admit"
    actions.decide(membership=membership, admits=admits, note=form.cleaned_data["note"], by=person)
    word = "is now a member" if admits else "was declined"
    messages.success(request, f"{membership.person.display_name} {word} and has been told by mail.")
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite by a list of addresses; each is judged by itself, and each result is told."""
    community, person = _find(request, slug)
    form = InvitationForm(typed(request))
    results: list[tuple[str, bool, str]] = []
    if request.method == "POST" and form.is_valid():
        results = [_invite(community, email, person) for email in form.cleaned_data["addresses"]]
        form = InvitationForm()
    context = {
        "community": community,
        "trail": trail(community),
        "form": form,
        "results": results,
        **queries.desk(community),
    }
    is_bad = request.method == "POST" and not results
    return render(request, "communities/invitations.html", context, status=422 if is_bad else 200)


def _invite(community: Community, email: str, person: Person) -> tuple[str, bool, str]:
    try:
        actions.invite(community=community, email=email, by=person)
    except BadAddress as error:
        return email, False, str(error)
    except Refused as refusal:
        return email, False, refusal.ruling.reason
    return email, True, "Invited."


@opens_to(Who.MANAGERS)
@require_POST
def withdrawal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take an invitation back."""
    community, person = _find(request, slug)
    invitation = get_object_or_404(Invitation, community=community, pk=number)
    email = invitation.email
    actions.withdraw_invitation(invitation=invitation, by=person)
    messages.success(request, f"The invitation of {email} is withdrawn.")
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
def role(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give a member a role, or take it back."""
    community, person = _find(request, slug)
    membership = _member(community, number)
    form = RoleForm(typed(request), initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        actions.appoint(membership=membership, role=form.cleaned_data["role"], by=person)
        messages.success(request, f"The role of {membership.person.display_name} is saved.")
        return redirect("communities:manage", slug)
    return _about_member(request, community, membership, form, "Role of", "Save the role")


@opens_to(Who.MANAGERS)
def removal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """End a membership, with a reason."""
    community, person = _find(request, slug)
    membership = _member(community, number)
    form = RemovalForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.remove(membership=membership, reason=form.cleaned_data["reason"], by=person)
        messages.success(request, f"{membership.person.display_name} is no longer a member and has been told by mail.")
        return redirect("communities:manage", slug)
    return _about_member(request, community, membership, form, "Remove", "Remove from the community")


@opens_to(Who.MANAGERS)
@require_POST
def resumption(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Send mail again to an address that kept failing."""
    community, person = _find(request, slug)
    membership = actions.resume_mail(membership=_member(community, number), by=person)
    messages.success(request, f"Mail goes to {membership.address.email} again. If it still fails, it stops again.")
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
@require_POST
def settlement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A notice is seen to."""
    community, person = _find(request, slug)
    actions.settle(notice=get_object_or_404(Notice, community=community, pk=number), by=person)
    messages.success(request, "Settled. Should it happen again, you hear of it.")
    return redirect("communities:manage", slug)


def trail(community: Community) -> list[tuple[str, str]]:
    """The way back from a page that the desk leads to."""
    return [("Manage", reverse("communities:manage", args=[community.slug]))]


def _about_member(
    request: HttpRequest,
    community: Community,
    membership: Membership,
    form: RoleForm | RemovalForm,
    heading: str,
    button: str,
) -> HttpResponse:
    context = {
        "community": community,
        "membership": membership,
        "form": form,
        "heading": heading,
        "button": button,
        "trail": trail(community),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "communities/member_form.html", context, status=status)


def _find(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    person = visitor(request)
    community = queries.find(slug, may=rules.may_manage, person=person)
    assert person is not None, "may_manage lets nobody in who is not signed in"
    return community, person


def _member(community: Community, number: int) -> Membership:
    rows = Membership.objects.select_related("community", "person", "address")
    return get_object_or_404(rows, community=community, pk=number)
