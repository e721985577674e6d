"""One's own profile: name, job title, photo, addresses and their proofs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junto.kit.pictures import NoPicture
from junto.kit.rulings import Refused, require
from junto.kit.tokens import BadToken, read
from junto.people import actions, letters, queries, rules
from junto.people.forms import CodeForm, EmailForm, ProfileForm
from junto.people.models import Person
from junto.people.views.requests import network_address, safe_path
from junto.ui.doors import Who, opens_to

ADDED = "people.add_address"


def myself(request: HttpRequest) -> Person:
    """Who is signed in; for views that let nobody else in."""
    person = queries.visitor(request)
    assert person is not None, "the door lets only people in"
    return person


@opens_to(Who.SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    """Change what one tells of oneself, and to whom; see one's addresses."""
    me = myself(request)
    onward = safe_path(request.POST.get("next") or request.GET.get("next") or "")
    form = ProfileForm(request.POST or None, request.FILES or None, profile=queries.profile_of(me))
    if request.method == "POST" and form.is_valid() and _is_saved(form, me):
        messages.success(request, gettext("Your profile is saved."))
        return redirect(onward or "people:profile")
    return render(request, "people/profile.html", {"form": form, "me": me, "next": onward})


def _is_saved(form: ProfileForm, me: Person) -> bool:
    """The photo first: where it is none, the form says so, and nothing else is changed."""
    told = form.cleaned_data
    try:
        if told["photo"]:
            actions.set_photo(person=me, content=told["photo"].read(), by=me)
        elif told.get("removes_photo"):
            actions.remove_photo(person=me, by=me)
    except NoPicture as problem:
        form.add_error("photo", str(problem))
        return False
    actions.set_profile(person=me, told=told, by=me)
    return True


@never_cache
@opens_to(Who.SIGNED_IN)
def add_address(request: HttpRequest) -> HttpResponse:
    """Mail a code to another address of one's own."""
    me = myself(request)
    form = EmailForm(request.POST or None, prefix="new")
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            code = actions.add_address(person=me, email=email, asked_from=network_address(request), by=me)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            request.session[ADDED] = {"code": code.pk, "email": email}
            return redirect("people:address-code")
    return render(request, "people/add_address.html", {"form": form})


@never_cache
@opens_to(Who.SIGNED_IN)
def address_code(request: HttpRequest) -> HttpResponse:
    """Take the code that was mailed to the new address."""
    asked = request.session.get(ADDED)
    if not asked:
        return redirect("people:add-address")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = queries.live_code(asked["code"])
        try:
            actions.confirm_address(code=code, words=form.cleaned_data["code"], by=myself(request))
        except (Refused, actions.WrongCode) as problem:
            form.add_error("code", str(problem))
        else:
            del request.session[ADDED]
            said = gettext("%(address)s is one of your addresses now.")
            messages.success(request, said % {"address": asked["email"]})
            return redirect("web:me")
    return render(request, "people/address_code.html", {"form": form, "email": asked["email"]})


@opens_to(Who.SIGNED_IN)
@require_POST
def prefer_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail goes to this address first."""
    me = myself(request)
    address = get_object_or_404(queries.addresses_of(me), pk=pk)
    actions.prefer(address=address, by=me)
    messages.success(request, gettext("Mail goes to %(address)s first.") % {"address": address.email})
    return redirect("web:me")


@never_cache
@opens_to(Who.SIGNED_LINK)
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the yearly letter: one button that says "this address still reaches me"."""
    problem, is_done = "", False
    try:
        if request.method == "POST":
            is_done = bool(actions.prove_by_link(token=token))
        else:
            require(rules.may_prove_by_link(queries.address_by_pk(read(letters.PROOF, token))))
    except (Refused, BadToken) as refusal:
        problem = str(refusal)
    context = {"problem": problem, "is_done": is_done}
    return render(request, "people/prove.html", context, status=410 if problem else 200)
