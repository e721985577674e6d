"""Signing in: an address, then a code or the button behind a link. A GET never signs in, out or up."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from junto.kit.rulings import Refused
from junto.kit.tokens import BadToken, read
from junto.people import actions, letters, queries, rules
from junto.people.actions.providers import sign_out_address
from junto.people.forms import CodeForm, EmailForm
from junto.people.models import Person, SignInCode, Way
from junto.people.views.entering import WAY, let_in
from junto.people.views.requests import network_address, safe_path
from junto.ui.doors import Who, opens_to

ASKED = "people.sign_in"


@never_cache
@opens_to(Who.ANYONE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and mail a code to it, whoever it is."""
    next_path = safe_path(request.POST.get("next") or request.GET.get("next") or "")
    if queries.visitor(request):
        return redirect(next_path or reverse("web:me"))
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            code = actions.start_sign_in(email=email, asked_from=network_address(request), next_path=next_path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 429
        else:
            request.session[ASKED] = {"code": code.pk, "email": email}
            return redirect("people:sign-in-code")
    context = {
        "form": form,
        "next": next_path,
        "takes_passkeys": rules.takes_passkeys(),
        "provider": settings.OIDC_LABEL if rules.has_provider() else "",
    }
    return render(request, "people/sign_in.html", context, status=status)


@never_cache
@opens_to(Who.ANYONE)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Take the code from the browser that asked for it."""
    asked = request.session.get(ASKED)
    if not asked:
        return redirect("people:sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = queries.live_code(asked["code"])
        try:
            person = actions.sign_in_by_code(code=code, words=form.cleaned_data["code"])
        except (Refused, actions.WrongCode) as problem:
            form.add_error("code", str(problem))
        else:
            return _let_in(request, person, code)
    return render(request, "people/sign_in_code.html", {"form": form, "email": asked["email"]})


@never_cache
@opens_to(Who.SIGNED_LINK)
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button. Gateways that open links before their readers do find nothing to press."""
    code, problem = _linked(token)
    if request.method == "POST" and code:
        try:
            return _let_in(request, actions.sign_in_by_link(token=token), code)
        except Refused as refusal:
            code, problem = None, str(refusal)
    status = 200 if code else 410
    return render(request, "people/sign_in_link.html", {"code": code, "problem": problem}, status=status)


def _linked(token: str) -> tuple[SignInCode | None, str]:
    try:
        code = queries.live_code(read(letters.SIGN_IN, token))
    except BadToken as problem:
        return None, str(problem)
    ruling = rules.may_try_code(code)
    return (code, "") if ruling else (None, ruling.reason)


def _let_in(request: HttpRequest, person: Person, code: SignInCode | None) -> HttpResponse:
    request.session.pop(ASKED, None)
    return let_in(request, person, way=Way.CODE, onward=code.next_path if code else "")


@never_cache
@opens_to(Who.ANYONE)
def sign_out(request: HttpRequest) -> HttpResponse:
    """A button that ends the session in this browser. Whoever came from a provider is told how to sign out there, too."""
    if request.method != "POST":
        return render(request, "people/sign_out.html") if queries.visitor(request) else redirect("web:home")
    came_by = request.session.get(WAY)
    auth.logout(request)
    messages.success(request, gettext("You are signed out."))
    elsewhere = sign_out_address() if came_by == Way.PROVIDER and rules.has_provider() else ""
    if elsewhere:
        return render(request, "people/signed_out.html", {"elsewhere": elsewhere, "provider": settings.OIDC_LABEL})
    return redirect("web:home")
