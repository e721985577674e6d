"""The outbox of the demo, and the quarantine for whoever looks after the mail."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from junto.kit.rulings import require
from junto.mail import actions, rules, store
from junto.mail import outbox as built_in
from junto.mail.models import Arrival, Mailing, OutboxCopy
from junto.ui.doors import Who, opens_to

PAGE = 50
SHOWN = 200_000
_LETTER_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "script-src": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
}


@opens_to(Who.ANYONE)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail that was sent, newest first."""
    _require_outbox()
    copies = OutboxCopy.objects.select_related("mailing").defer("mailing__pieces").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        copies = copies.filter(pk__lt=int(before))
    shown = list(copies[: PAGE + 1])
    rows = [(copy, _parsed(bytes(copy.content))["Subject"] or gettext("(no subject)")) for copy in shown[:PAGE]]
    older = f"?before={shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
    return render(request, "mail/outbox.html", {"rows": rows, "older": older, "newer": "?" if before else ""})


@opens_to(Who.ANYONE)
@require_safe
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: its headers, its text, and its HTML in a frame that can do nothing."""
    found = _copy(pk)
    letter = _parsed(bytes(found.content))
    context = {
        "copy": found,
        "subject": str(letter["Subject"] or gettext("(no subject)")),
        "headers": [(name, str(value)) for name, value in letter.items()],
        "text": _part(letter, "plain"),
        "has_html": bool(_part(letter, "html")),
    }
    return render(request, "mail/copy.html", context)


@opens_to(Who.ANYONE)
@require_safe
@xframe_options_sameorigin
@csp_replace(_LETTER_POLICY)  # type: ignore[arg-type]
def copy_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part alone, for the frame. Its policy allows inline styles, and nothing else."""
    html = _part(_parsed(bytes(_copy(pk).content)), "html")
    if not html:
        raise Http404("This mail has no HTML part.")
    return HttpResponse(html)


@opens_to(Who.ANYONE)
@require_safe
def copy_raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they went out."""
    return _download(bytes(_copy(pk).content), f"mail-{pk}.eml")


@opens_to(Who.STAFF)
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """Letters that could not be handled, and mailings that could not be carried, and why."""
    require(rules.may_run_mail(request.user))
    arrivals = Arrival.objects.quarantined().order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        arrivals = arrivals.filter(pk__lt=int(before))
    shown = list(arrivals[: PAGE + 1])
    older = f"?before={shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
    context = {
        "arrivals": shown[:PAGE],
        "older": older,
        "newer": "?" if before else "",
        "mailings": Mailing.objects.quarantined().defer("pieces").order_by("-pk")[:PAGE],
    }
    return render(request, "mail/quarantine.html", context)


@opens_to(Who.STAFF)
@require_safe
def quarantined(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter in quarantine: the reason, and its bytes as text."""
    require(rules.may_run_mail(request.user))
    arrival = get_object_or_404(Arrival.objects.quarantined(), pk=pk)
    try:
        raw = store.get(arrival.raw_key)
    except store.NotStored:
        raw = gettext("(The mail store no longer has these bytes.)").encode()
    text = raw[:SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return render(request, "mail/quarantined.html", {"arrival": arrival, "text": text, "is_cut": len(raw) > SHOWN})


@opens_to(Who.STAFF)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a mailing go on."""
    require(rules.may_run_mail(request.user))
    mailing = get_object_or_404(Mailing.objects.quarantined(), pk=pk)
    actions.release(mailing=mailing, by=request.user)
    messages.success(
        request,
        gettext("The mailing goes on with those whom it has not reached. If it fails again, it comes back."),
    )
    return redirect("mail:quarantine")


@opens_to(Who.STAFF)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead the letter to its door once more."""
    require(rules.may_run_mail(request.user))
    arrival = get_object_or_404(Arrival.objects.quarantined(), pk=pk)
    actions.retry(arrival=arrival, by=request.user)
    messages.success(request, gettext("The letter is on its way again. If it fails once more, it comes back here."))
    return redirect("mail:quarantine")


@opens_to(Who.STAFF)
@require_POST
def disposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up on the letter."""
    require(rules.may_run_mail(request.user))
    arrival = get_object_or_404(Arrival.objects.quarantined(), pk=pk)
    actions.discard(arrival=arrival, by=request.user)
    messages.success(request, gettext("The letter was discarded. Its bytes stay in the mail store."))
    return redirect("mail:quarantine")


def _require_outbox() -> None:
    if not built_in.is_on():
        raise Http404("Mail goes to a relay here; there is no outbox.")


def _copy(pk: int) -> OutboxCopy:
    _require_outbox()
    return get_object_or_404(OutboxCopy, pk=pk)


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=policy.default)


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()) if part else ""


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
