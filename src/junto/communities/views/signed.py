"""What the links in letters open, without signing in. A GET, as scanners send it, never changes anything (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from junto.communities import actions, letters, queries, rules
from junto.communities.forms import ConfirmForm, DeliveryForm, PauseForm
from junto.communities.models import Confirmation, Membership, State
from junto.kit import markdown
from junto.kit.rulings import Refused
from junto.people import actions as people
from junto.ui.asking import typed
from junto.ui.doors import Who, opens_to


@never_cache
@csrf_exempt
@opens_to(Who.SIGNED_LINK)
def delivery(request: HttpRequest, token: str) -> HttpResponse:
    """How mail comes: the choice as it is, and a button to save another."""
    membership = queries.membership_by_token(token)
    if not (ruling := rules.may_change_delivery(membership)):
        return _said(request, gettext("This link has done its work"), ruling.reason, membership.community)
    form = DeliveryForm(typed(request), membership=membership)
    is_saved = False
    if request.method == "POST" and form.is_valid():
        membership = _save(form, membership)
        is_saved = True
    context = _settings(membership, token) | {"form": form, "is_saved": is_saved}
    return render(request, "communities/signed/delivery.html", context, status=_status(request, is_saved))


@never_cache
@csrf_exempt
@opens_to(Who.SIGNED_LINK)
def pause(request: HttpRequest, token: str) -> HttpResponse:
    """No mail until a day: buttons for weeks, a field for a date, and a button that ends the pause."""
    membership = queries.membership_by_token(token)
    if not (ruling := rules.may_change_delivery(membership)):
        return _said(request, gettext("This link has done its work"), ruling.reason, membership.community)
    form = PauseForm(typed(request), today=queries.today_of(membership))
    is_saved = False
    if request.method == "POST" and "resume" in request.POST:
        membership = actions.resume(membership=membership, by=membership.person)
        form, is_saved = PauseForm(today=queries.today_of(membership)), True
    elif request.method == "POST" and form.is_valid():
        membership, is_saved = _pause(form, membership)
    context = _settings(membership, token) | {"form": form, "is_saved": is_saved}
    return render(request, "communities/signed/pause.html", context, status=_status(request, is_saved))


@never_cache
@csrf_exempt
@opens_to(Who.SIGNED_LINK)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET: a page with one button. POST, by the button or by a mail program (RFC 8058): at once, for this list only."""
    membership = queries.membership_by_token(token)
    community = membership.community
    if request.method == "POST":
        membership = actions.unsubscribe_at_once(membership=membership, by=membership.person)
        if membership.is_active():
            words = gettext("You get no more mail from it. You are still its manager, because you are the only one.")
        else:
            words = gettext("You have left, and get no more mail from it.")
        return _said(request, gettext("Done: %(community)s") % {"community": community}, words, community)
    if membership.state not in {State.ACTIVE, State.WAITING}:
        return _said(
            request,
            gettext("Nothing is left to do"),
            gettext("You are not a member of %(community)s.") % {"community": community},
            community,
        )
    return render(request, "communities/signed/unsubscribe.html", {"community": community, "membership": membership})


@never_cache
@csrf_exempt
@opens_to(Who.SIGNED_LINK)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody asked for by mail, the guidelines, and one button; a fresh letter where this one has expired."""
    confirmation = queries.confirmation_by_token(token)
    if confirmation.used_at is not None:
        words = gettext("This was confirmed before. Nothing is left to do.")
        return _said(request, gettext("Confirmed already"), words, confirmation.community)
    if not confirmation.is_open():
        return _expired(request, confirmation)
    needs = confirmation.wish == Confirmation.Wish.JOIN and bool(confirmation.community.guidelines)
    form = ConfirmForm(typed(request), needs_guidelines=needs)
    if request.method == "POST" and form.is_valid():
        return _confirmed(request, confirmation)
    context = {
        "community": confirmation.community,
        "confirmation": confirmation,
        "form": form,
        "guidelines_html": markdown.render(confirmation.community.guidelines),
    }
    return render(request, "communities/signed/confirm.html", context, status=_status(request, False))


def _save(form: DeliveryForm, membership: Membership) -> Membership:
    person = membership.person
    membership = actions.set_delivery(membership=membership, by=person, **form.settings())
    zone = form.new_time_zone()
    if zone is not None:
        membership.person = people.set_time_zone(person=person, time_zone=zone, by=person)
    return membership


def _pause(form: PauseForm, membership: Membership) -> tuple[Membership, bool]:
    """Pause as the form says; a refusal becomes the form's error."""
    try:
        return actions.pause(membership=membership, until=form.cleaned_data["until"], by=membership.person), True
    except Refused as refusal:
        form.add_error("until", refusal.ruling.reason)
        return membership, False


def _settings(membership: Membership, token: str) -> dict[str, object]:
    until = queries.paused_until(membership)
    return {
        "community": membership.community,
        "membership": membership,
        "token": token,
        "words": queries.delivery_in_words(membership),
        "paused_until": rules.in_words(until.date()) if until else "",
    }


def _confirmed(request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
    community = confirmation.community
    try:
        membership = actions.confirm(confirmation=confirmation, by=None)
    except Refused as refusal:
        return _said(request, gettext("That did not work"), refusal.ruling.reason, community)
    if membership.state == State.LEFT:
        return _said(
            request,
            gettext("You have left %(community)s") % {"community": community},
            gettext("It sends you no more mail."),
            community,
        )
    if membership.is_active():
        words = gettext("A letter of welcome is on its way. It says how to post and how to change the mail you get.")
        return _said(request, gettext("Welcome to %(community)s") % {"community": community}, words, community)
    words = gettext("%(reason)s You will get a letter when it is decided.") % {"reason": membership.reason}
    return _said(request, gettext("Thank you: your request waits for a manager"), words, community)


def _expired(request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
    if request.method == "POST":
        fresh = actions.ask_again(confirmation=confirmation, by=None)
        actions.answer(letter=letters.confirm(fresh), to=fresh.email, by=None)
        words = gettext("A fresh letter is on its way to %(email)s. It is good for two days.") % {"email": fresh.email}
        return _said(request, gettext("Look into your mail"), words, confirmation.community)
    return render(request, "communities/signed/expired.html", {"community": confirmation.community})


def _said(request: HttpRequest, heading: str, words: str, community: object) -> HttpResponse:
    return render(request, "communities/signed/said.html", {"heading": heading, "words": words, "community": community})


def _status(request: HttpRequest, is_saved: bool) -> int:
    return 200 if request.method != "POST" or is_saved else 422
