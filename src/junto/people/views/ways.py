"""My ways to sign in, and where I am signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from junto.people import actions, queries, rules
from junto.people.views.profile import myself
from junto.ui.doors import Who, opens_to


@never_cache
@require_safe
@opens_to(Who.SIGNED_IN)
def ways(request: HttpRequest) -> HttpResponse:
    """My passkeys, my account at the provider, and the browsers in which I am signed in."""
    me = myself(request)
    here = request.session.session_key
    browsers = sorted(((one, one.session_key == here) for one in queries.browsers_of(me)), key=lambda row: not row[1])
    context = {
        "passkeys": queries.passkeys_of(me),
        "accounts": queries.provider_accounts_of(me),
        "browsers": browsers,
        "has_others": any(not is_here for _, is_here in browsers),
        "takes_passkeys": rules.takes_passkeys(),
        "may_add_passkey": rules.may_add_passkey(me, me),
        "provider": settings.OIDC_LABEL if rules.has_provider() else "",
        "me": me,
    }
    return render(request, "people/ways.html", context)


@require_POST
@opens_to(Who.SIGNED_IN)
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign me out in one other browser."""
    me = myself(request)
    browser = get_object_or_404(queries.browsers_of(me), pk=pk)
    actions.end_session(signed_in=browser, by=me)
    messages.success(request, gettext("You are signed out there."))
    return redirect("people:ways")


@require_POST
@opens_to(Who.SIGNED_IN)
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign me out everywhere but here."""
    me = myself(request)
    ended = actions.end_other_sessions(person=me, session_key=request.session.session_key or "", by=me)
    words = ngettext(
        "You are signed out in %(count)d other browser.", "You are signed out in %(count)d other browsers.", ended
    )
    messages.success(request, words % {"count": ended})
    return redirect("people:ways")
