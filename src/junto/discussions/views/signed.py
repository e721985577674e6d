"""Signed links that posts carry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from junto.discussions import actions, queries, rules
from junto.discussions.forms import ConfirmForm
from junto.discussions.rules import Verdict
from junto.kit.tokens import BadToken
from junto.ui.doors import Who, opens_to

CONFIRMED = {
    Verdict.ACCEPT: "Thank you. Your message is on its way.",
    Verdict.HOLD: "Thank you. A moderator reads your message next, and you will get a mail.",
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
        return render(request, "discussions/confirmed.html", {"post": post, "words": "Thank you. It was not sent."})
    decided = actions.confirm(held=post, by=post.author)
    words = CONFIRMED.get(decided.verdict, decided.reason)
    return render(request, "discussions/confirmed.html", {"post": post, "words": words})
