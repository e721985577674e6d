"""Settings in plain words, one page for each group; each change is told with the button that undoes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from junto.communities import actions, queries, rules
from junto.communities.forms import GROUPS, ClosingForm, ProtectionForm, settings_now
from junto.communities.models import Community
from junto.communities.views.desk import done
from junto.kit.rulings import Refused
from junto.people.queries import visitor
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
@require_safe
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Every group with what is set now."""
    community, _ = queries.find_managed(request, slug)
    context = {"community": community, "rows": settings_now(community)}
    return render(request, "communities/settings.html", context)


@opens_to(Who.MANAGERS)
def setting_group(request: HttpRequest, slug: str, group: str) -> HttpResponse:
    """One group: what may be chosen, and what follows from it."""
    community, person = queries.find_managed(request, slug)
    found = next((one for one in GROUPS if one.key == group), None)
    if found is None:
        raise Http404(gettext("There is no such group of settings."))
    form = found.form(typed(request), instance=Community.objects.get(pk=community.pk))
    if request.method == "POST" and form.is_valid():
        deed = actions.set_settings(community=community, words=form.told(), by=person, **form.changes())
        if deed:
            return done(deed, "communities:setting-group", group)
        messages.info(request, gettext("Nothing was changed."))
        return redirect("communities:setting-group", slug, group)
    context = {
        "community": community,
        "form": form,
        "group": found,
        "addresses": queries.addresses_of_list(community) if group == "names" else (),
    }
    return render(request, "communities/setting_group.html", context, status=status(request))


@opens_to(Who.MANAGERS)
def protection(request: HttpRequest, slug: str) -> HttpResponse:
    """Quiet hours, slow mode, the storm brake, and the hints that authors get."""
    community, person = queries.find_managed(request, slug)
    form = ProtectionForm(typed(request), instance=Community.objects.get(pk=community.pk))
    if request.method == "POST" and form.is_valid():
        labels = ", ".join(f"“{form.fields[name].label}”" for name in form.changed_data)
        words = gettext("Set anew, from now on: %(labels)s.") % {"labels": labels}
        deed = actions.set_settings(community=community, words=words, by=person, **form.changes())
        if deed:
            return done(deed, "communities:protection")
        messages.info(request, gettext("Nothing was changed."))
        return redirect("communities:protection", slug)
    return render(
        request, "communities/protection.html", {"community": community, "form": form}, status=status(request)
    )


@opens_to(Who.MANAGERS)
def closing(request: HttpRequest, slug: str) -> HttpResponse:
    """Close the community: what ends, what stays, and its name to be typed."""
    community, person = queries.find_managed(request, slug)
    form = ClosingForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(community=community, name=form.cleaned_data["name"], by=person)
        except Refused as refusal:
            form.add_error("name", refusal.ruling.reason)
        else:
            messages.success(request, gettext("The community is closed. What was said stays to be read."))
            return redirect("communities:closing", slug)
    context = {
        "community": community,
        "form": form,
        "may_reopen": rules.may_reopen(person, community),
        "members": queries.numbers(community).members,
    }
    return render(request, "communities/closing.html", context, status=status(request))


@opens_to(Who.STAFF)
@require_POST
def reopening(request: HttpRequest, slug: str) -> HttpResponse:
    """A closed community goes on."""
    person = visitor(request)
    community = queries.find(slug, may=rules.may_reopen, person=person)
    assert person is not None, "may_reopen lets nobody in who is not signed in"
    actions.reopen(community=community, by=person)
    messages.success(request, gettext("The community is open again, with the members that it had."))
    return redirect("communities:manage", slug)
