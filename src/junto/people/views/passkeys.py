"""Passkeys: what the script of the two pages asks for, and the forms that it sends. A GET never signs in or adds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junto.kit.rulings import Refused
from junto.people import actions, queries, rules
from junto.people.forms import PasskeyForm
from junto.people.models import Way
from junto.people.views.entering import let_in
from junto.people.views.profile import myself
from junto.people.views.requests import network_address, put, safe_path, take
from junto.ui.doors import Who, opens_to

ADDING, SIGNING_IN = "people.passkey.adding", "people.passkey.signing_in"


@never_cache
@require_POST
@opens_to(Who.ANYONE)
def passkey_sign_in_options(request: HttpRequest) -> HttpResponse:
    """What the browser asks its owner for a passkey with, as JSON; the challenge stays in the session."""
    try:
        ceremony = actions.start_passkey_sign_in(asked_from=network_address(request))
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=429)
    put(request, SIGNING_IN, challenge=ceremony.challenge)
    return HttpResponse(ceremony.options, content_type="application/json")


@never_cache
@require_POST
@opens_to(Who.ANYONE)
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in whoever holds the passkey that answered."""
    onward = safe_path(request.POST.get("next", ""))
    asked = take(request, SIGNING_IN, within=rules.CEREMONY_LASTS)
    try:
        if asked is None:
            raise actions.BadPasskey(gettext("That took too long, or was tried twice. Try again."))
        person = actions.sign_in_by_passkey(answer=request.POST.get("answer", ""), challenge=asked["challenge"])
    except (actions.BadPasskey, Refused) as problem:
        messages.error(request, str(problem))
        return redirect("people:sign-in")
    return let_in(request, person, way=Way.PASSKEY, onward=onward)


@never_cache
@require_POST
@opens_to(Who.SIGNED_IN)
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser makes a passkey with, as JSON; the challenge stays in the session."""
    me = myself(request)
    try:
        ceremony = actions.start_passkey(person=me, by=me)
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=409)
    put(request, ADDING, challenge=ceremony.challenge)
    return HttpResponse(ceremony.options, content_type="application/json")


@never_cache
@require_POST
@opens_to(Who.SIGNED_IN)
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    me = myself(request)
    asked = take(request, ADDING, within=rules.CEREMONY_LASTS)
    try:
        if asked is None:
            raise actions.BadPasskey(gettext("That took too long, or was tried twice. Try again."))
        passkey = actions.add_passkey(
            person=me,
            answer=request.POST.get("answer", ""),
            challenge=asked["challenge"],
            name=request.POST.get("name", ""),
            by=me,
        )
    except (actions.BadPasskey, Refused) as problem:
        messages.error(request, str(problem))
        return redirect("people:ways")
    messages.success(request, gettext("“%(name)s” signs you in from now on.") % {"name": passkey.name})
    return redirect("people:ways")


@opens_to(Who.SIGNED_IN)
def passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Call one of one’s passkeys something else."""
    me = myself(request)
    known = get_object_or_404(queries.passkeys_of(me), pk=pk)
    form = PasskeyForm(request.POST or None, initial={"name": known.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_passkey(passkey=known, name=form.cleaned_data["name"], by=me)
        messages.success(request, gettext("The passkey has its new name."))
        return redirect("people:ways")
    return render(request, "people/passkey.html", {"form": form, "passkey": known})


@opens_to(Who.SIGNED_IN)
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one’s passkeys, after a page that asks."""
    me = myself(request)
    known = get_object_or_404(queries.passkeys_of(me), pk=pk)
    if request.method == "POST":
        actions.remove_passkey(passkey=known, by=me)
        messages.success(request, gettext("“%(name)s” no longer signs you in.") % {"name": known.name})
        return redirect("people:ways")
    context = {"what": known.name, "is_passkey": True, "action": reverse("people:remove-passkey", args=[pk])}
    return render(request, "people/remove_way.html", context)
