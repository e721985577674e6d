"""Deeds of the manager's desk that concern one person or one notice. What the desk shows is gathered by `web`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from junto.communities import actions, queries
from junto.communities.forms import DecisionForm, RemovalForm, RoleForm
from junto.communities.models import Community, Deed, Membership, Notice
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
@require_POST
def decision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Admit or decline somebody who waits."""
    community, person = queries.find_managed(request, slug)
    membership = get_object_or_404(Membership, community=community, pk=number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose whether to admit or to decline."))
        return redirect("communities:manage", slug)
    admits = form.cleaned_data["decision"] == "admit"
    actions.decide(membership=membership, admits=admits, note=form.cleaned_data["note"], by=person)
    words = (
        gettext("%(name)s is now a member and has been told by mail.")
        if admits
        else gettext("%(name)s was declined and has been told by mail. To let them in after all, invite them.")
    )
    messages.success(request, words % {"name": membership.person.display_name})
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
def role(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give a member a role, or take it back."""
    community, person = queries.find_managed(request, slug)
    membership = _member(community, number)
    form = RoleForm(typed(request), initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        actions.appoint(membership=membership, role=form.cleaned_data["role"], by=person)
        messages.success(request, gettext("The role of %(name)s is saved.") % {"name": membership.person.display_name})
        return redirect("communities:team", slug)
    return _about_member(
        request, membership, form, heading=gettext("Role of %(name)s"), button=gettext("Save the role")
    )


@opens_to(Who.MANAGERS)
def removal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """End a membership, with a reason. It can be undone for a day."""
    community, person = queries.find_managed(request, slug)
    membership = _member(community, number)
    form = RemovalForm(typed(request))
    if request.method == "POST" and form.is_valid():
        deed = actions.dismiss(membership=membership, reason=form.cleaned_data["reason"], by=person)
        return done(deed, "communities:member-table")
    return _about_member(
        request, membership, form, heading=gettext("Remove %(name)s"), button=gettext("Remove from the community")
    )


@opens_to(Who.MANAGERS)
@require_POST
def resumption(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Send mail again to an address that kept failing."""
    community, person = queries.find_managed(request, slug)
    membership = actions.resume_mail(membership=_member(community, number), by=person)
    words = gettext("Mail goes to %(address)s again. If it still fails, it stops again.")
    messages.success(request, words % {"address": membership.address.email})
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
@require_POST
def proof_request(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask a member whose proof runs out whether the address is still theirs."""
    community, person = queries.find_managed(request, slug)
    membership = actions.ask_for_proof(membership=_member(community, number), by=person)
    words = gettext("%(address)s is asked by mail. One click on the link in it is enough.")
    messages.success(request, words % {"address": membership.address.email})
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
@require_POST
def settlement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A notice is seen to."""
    community, person = queries.find_managed(request, slug)
    actions.settle(notice=get_object_or_404(Notice, community=community, pk=number), by=person)
    messages.success(request, gettext("Settled. Should it happen again, you hear of it."))
    return redirect("communities:manage", slug)


@opens_to(Who.MANAGERS)
@require_POST
def undoing(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take back what was done, from the notice that told of it."""
    community, person = queries.find_managed(request, slug)
    deed = get_object_or_404(Deed, community=community, pk=number)
    actions.undo(deed=deed, by=person)
    words = gettext("Undone. Everything is as it was before: %(words)s")
    if deed.what == Deed.What.REACH:
        words = gettext("Undone, for every post from now on. What went out meanwhile has gone: %(words)s")
    messages.success(request, words % {"words": deed.words})
    return redirect("communities:manage", slug)


def done(deed: Deed, name: str, *more: str) -> HttpResponse:
    """To a page of the desk, with the notice that tells what was done and has the button that undoes it."""
    return redirect(f"{reverse(name, args=[deed.community.slug, *more])}?did={deed.pk}")


def _about_member(
    request: HttpRequest, membership: Membership, form: RoleForm | RemovalForm, *, heading: str, button: str
) -> HttpResponse:
    context = {
        "community": membership.community,
        "membership": membership,
        "form": form,
        "heading": heading % {"name": membership.person.display_name},
        "button": button,
        "is_removal": isinstance(form, RemovalForm),
    }
    return render(request, "communities/member_form.html", context, status=status(request))


def _member(community: Community, number: int) -> Membership:
    rows = Membership.objects.select_related("community", "person", "address")
    return get_object_or_404(rows, community=community, pk=number)
