"""Signing in with an account at the provider: away and back, and joining it to an account that is here already.

The return is a GET, because the protocol has it so. It does something only in the browser that was sent away, once, with
the state in its session; whoever else opens the address finds nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from junto.kit import oidc
from junto.kit.rulings import Refused, no, require
from junto.people import actions, queries, rules
from junto.people.models import Person, Way
from junto.people.views.entering import let_in
from junto.people.views.profile import myself
from junto.people.views.requests import network_address, put, safe_path, take
from junto.people.views.signing_in import ASKED
from junto.ui.doors import Who, opens_to

AWAY, CLAIMED = "people.provider", "people.claim"


@never_cache
@require_POST
@opens_to(Who.ANYONE)
def provider(request: HttpRequest) -> HttpResponse:
    """Go to the provider, to sign in."""
    return _send_away(request, None, safe_path(request.POST.get("next", "")))


@never_cache
@require_POST
@opens_to(Who.SIGNED_IN)
def link_provider(request: HttpRequest) -> HttpResponse:
    """Go to the provider, to sign in with that account from now on."""
    return _send_away(request, myself(request), reverse("people:ways"))


@never_cache
@require_safe
@opens_to(Who.ANYONE)
def provider_return(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    away = take(request, AWAY, within=rules.PROVIDER_LASTS)
    me = queries.visitor(request)
    try:
        if away is None or not rules.has_provider():
            require(no(gettext("That took too long, or was opened twice. Try again.")))
        assert away is not None
        asked, returned = oidc.Asked.from_dict(away["asked"]), request.GET.dict()
        if not away["person"]:
            return _signed_in(request, asked, returned, away["next"])
        require(rules.may_change_person(me, me) if me and me.pk == away["person"] else no(gettext("Sign in first.")))
        assert me is not None
        actions.link_returned(person=me, asked=asked, returned=returned, by=me)
    except (Refused, actions.NotConfirmed) as problem:
        messages.error(request, str(problem))
        return redirect("people:ways" if me else "people:sign-in")
    messages.success(request, gettext("%(provider)s signs you in from now on.") % {"provider": settings.OIDC_LABEL})
    return redirect("people:ways")


@never_cache
@opens_to(Who.ANYONE)
def claim(request: HttpRequest) -> HttpResponse:
    """The address from the provider has an account here: sign in to it by code, then join the two with one button."""
    kept = request.session.get(CLAIMED)
    me = queries.visitor(request)
    if not isinstance(kept, dict) or not rules.has_provider():
        return redirect("people:ways" if me else "people:sign-in")
    problem = ""
    if request.method == "POST":
        try:
            return _link(request, me) if me else _send_code(request, kept["email"])
        except Refused as refusal:
            problem = str(refusal)
    context = {"email": kept["email"], "me": me, "provider": settings.OIDC_LABEL, "problem": problem}
    return render(request, "people/claim.html", context)


@opens_to(Who.SIGNED_IN)
def remove_provider(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer sign in with the account at the provider, after a page that asks."""
    me = myself(request)
    account = get_object_or_404(queries.provider_accounts_of(me), pk=pk)
    if request.method == "POST":
        actions.remove_provider(account=account, by=me)
        words = gettext("%(provider)s no longer signs you in.")
        messages.success(request, words % {"provider": settings.OIDC_LABEL})
        return redirect("people:ways")
    context = {"what": settings.OIDC_LABEL, "is_passkey": False, "action": reverse("people:remove-provider", args=[pk])}
    return render(request, "people/remove_way.html", context)


def _send_away(request: HttpRequest, person: Person | None, onward: str) -> HttpResponse:
    """A page that goes on by itself: a redirect would be stopped by our own policy on where forms may lead."""
    try:
        asked, address = actions.start_provider(asked_from=network_address(request))
    except (Refused, actions.NotConfirmed) as problem:
        messages.error(request, str(problem))
        return redirect("people:ways" if person else "people:sign-in")
    put(request, AWAY, asked=asked.as_dict(), next=onward, person=person.pk if person else None)
    return render(request, "people/going_on.html", {"address": address, "provider": settings.OIDC_LABEL})


def _signed_in(request: HttpRequest, asked: oidc.Asked, returned: dict[str, str], onward: str) -> HttpResponse:
    arrived = actions.sign_in_by_provider(asked=asked, returned=returned)
    if arrived.person is not None:
        return let_in(request, arrived.person, way=Way.PROVIDER, onward=onward)
    claims = arrived.claims
    told = {"issuer": claims.issuer, "subject": claims.subject, "emails": list(claims.emails), "name": claims.name}
    put(request, CLAIMED, claims=told, email=arrived.taken, next=onward)
    return redirect("people:claim")


def _send_code(request: HttpRequest, email: str) -> HttpResponse:
    code = actions.start_sign_in(email=email, asked_from=network_address(request), next_path=reverse("people:claim"))
    request.session[ASKED] = {"code": code.pk, "email": email}
    return redirect("people:sign-in-code")


def _link(request: HttpRequest, me: Person) -> HttpResponse:
    kept = take(request, CLAIMED, within=rules.CLAIM_LASTS)
    if kept is None:
        require(no(gettext("That took too long. Start again with the button of your provider.")))
    assert kept is not None
    told = kept["claims"]
    claims = oidc.Claims(told["issuer"], told["subject"], tuple(told["emails"]), told["name"])
    require(rules.may_claim(me, claims.emails))
    actions.link_provider(person=me, claims=claims, by=me)
    messages.success(request, gettext("%(provider)s signs you in from now on.") % {"provider": settings.OIDC_LABEL})
    return redirect(kept["next"] or "people:ways")
