"""Signed links that posts carry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.discussions import actions, queries, rules
from junto.discussions.forms import ChoiceForm, ConfirmForm
from junto.discussions.rules import Verdict
from junto.kit.tokens import BadToken
from junto.ui.asking import typed
from junto.ui.doors import Who, opens_to

CONFIRMED = {
    Verdict.ACCEPT: _("Thank you. Your message is on its way."),
    Verdict.HOLD: _("Thank you. A moderator reads your message next, and you will get a mail."),
}


@opens_to(Who.SIGNED_LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_post(request: HttpRequest, token: str) -> HttpResponse:
    """“Was this you?” Opening the page changes nothing; one of its two buttons does."""
    try:
        post = queries.held_of_token(token)
    except BadToken as bad:
        return render(request, "discussions/confirm.html", {"problem": str(bad)}, status=404)
    ruling = rules.may_confirm(post)
    if request.method != "POST" or not ruling:
        problem = "" if ruling else ruling.reason
        return render(request, "discussions/confirm.html", {"post": post, "problem": problem})
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return render(request, "discussions/confirm.html", {"post": post}, status=422)
    if form.cleaned_data["answer"] == "not-mine":
        actions.disown(held=post, by=post.author)
        words = gettext("Thank you. It was not sent.")
        return render(request, "discussions/confirmed.html", {"post": post, "words": words})
    decided = actions.confirm(held=post, by=post.author)
    words = str(CONFIRMED.get(decided.verdict) or rules.said(decided.reason))
    return render(request, "discussions/confirmed.html", {"post": post, "words": words})


@never_cache
@csrf_exempt
@opens_to(Who.SIGNED_LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: HttpRequest, token: str, thread: int) -> HttpResponse:
    """Follow or mute one discussion, or neither. The page says what each means; one of its buttons does it."""
    membership = communities.membership_by_token(token)
    shown = queries.thread_for(membership, thread)
    ruling = rules.may_choose(membership, shown)
    form = ChoiceForm(typed(request))
    is_saved = bool(request.method == "POST" and ruling and form.is_valid())
    if is_saved:
        actions.choose(thread=shown, membership=membership, wish=form.cleaned_data["wish"], by=membership.person)
    context = {
        "community": membership.community,
        "membership": membership,
        "thread": shown,
        "token": token,
        "wish": queries.choice_of(membership, shown),
        "is_saved": is_saved,
        "problem": ruling.reason,
    }
    status = 200 if is_saved or request.method != "POST" else 422
    return render(request, "discussions/choice.html", context, status=status)


@never_cache
@opens_to(Who.SIGNED_LINK)
@require_http_methods(["GET", "HEAD"])
def deliveries(request: HttpRequest, token: str) -> HttpResponse:
    """The last messages of a list, and what became of each on its way to this member."""
    membership = communities.membership_by_token(token)
    ruling = community_rules.may_change_delivery(membership)
    context = {
        "community": membership.community,
        "membership": membership,
        "token": token,
        "rows": queries.last_deliveries(membership) if ruling else [],
        "problem": ruling.reason,
    }
    return render(request, "discussions/deliveries.html", context)
