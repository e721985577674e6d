"""The manager's desk: what needs somebody today, gathered from all rooms; and a question put before an expert."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from junto.communities import queries as communities
from junto.discussions import actions as discussions
from junto.discussions import queries as threads
from junto.discussions import rules as discussion_rules
from junto.kit.rulings import Refused
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to
from junto.web.forms.desk import ExpertForm
from junto.web.queries import desk


@opens_to(Who.MANAGERS)
@require_safe
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs a manager today, each with one button."""
    community, person = communities.find_managed(request, slug)
    told = desk.desk(community, person)
    may_start = discussion_rules.may_start(person, community)
    context = {"community": community, "sections": _sections(told["desk"]), "may_start": may_start, **told}
    return render(request, "web/desk.html", context)


@opens_to(Who.MANAGERS)
def expert(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put an unanswered question before somebody who says that they can help."""
    community, person = communities.find_managed(request, slug)
    thread = threads.find_thread(community, number, person=person)
    form = ExpertForm(typed(request), community=community, experts=threads.experts_for(thread, person))
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            discussions.forward_question(thread=thread, to=to, note=form.cleaned_data["note"], by=person)
        except Refused as refusal:
            form.add_error(None, refusal.ruling.reason)
        else:
            words = gettext("%(name)s is asked by mail.")
            messages.success(request, words % {"name": to.person.display_name})
            return redirect("communities:manage", slug)
    context = {"community": community, "thread": thread, "form": form, "first": threads.first_message(thread)}
    return render(request, "web/desk_expert.html", context, status=status(request))


def _sections(heaps: desk.Desk) -> list[tuple[str, str, int]]:
    """(anchor, name, how many) of each part of the page, in its order."""
    return [
        ("requests", gettext("Requests to join"), heaps.requests.total),
        ("held", gettext("Held posts"), heaps.held.total),
        ("notices", gettext("What happened with the mail"), heaps.notices.total),
        ("questions", gettext("Questions without a reply"), heaps.questions.total),
        ("stopped", gettext("Mail that comes back"), heaps.stopped.total),
        ("links", gettext("Links that lead nowhere"), heaps.links.total),
        ("soon", gettext("Expires soon"), heaps.soon),
    ]
