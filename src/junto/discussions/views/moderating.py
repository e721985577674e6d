"""What moderators do."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from junto.communities import queries as communities
from junto.discussions import actions, queries, rules
from junto.discussions.forms import DecisionForm, DiscardForm
from junto.discussions.models import HeldPost
from junto.kit.rulings import Refused
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MODERATORS)
@require_POST
def closure(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Close a discussion, or open it again with `reopen`."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    found = queries.find_thread(community, number, person=person)
    assert person is not None
    if "reopen" in request.POST:
        actions.reopen(thread=found, by=person)
    else:
        actions.close(thread=found, by=person)
    return redirect("communities:manage", slug) if "desk" in request.POST else redirect(found)


@opens_to(Who.MODERATORS)
@require_safe
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """Posts that wait for a moderator."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    context = {
        "community": community,
        "page": queries.held_page(community, person, after=request.GET.get("after", "")),
        "waiting": queries.waiting_for_the_clock(community, person),
    }
    return render(request, "discussions/held.html", context)


@opens_to(Who.MODERATORS)
@require_POST
def decision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept, reject with a reason, change the subject, or discard. Who comes second is told who was first."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    post = queries.find_held(community, pk, person=person)
    form = DecisionForm(request.POST)
    back = "communities:manage" if "desk" in request.POST else "discussions:held"
    if not form.is_valid():
        notices.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
        return redirect(back, slug)
    assert person is not None
    try:
        words = _decide(post, form, person)
    except Refused as refused:
        notices.warning(request, str(refused))
    else:
        notices.success(request, words)
    return redirect(back, slug)


@opens_to(Who.MODERATORS)
@require_POST
def discards(request: HttpRequest, slug: str) -> HttpResponse:
    """Drop all the posts that are ticked."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    waiting = {post.pk: post for post in queries.held_for_moderators(community, person)}
    form = DiscardForm(request.POST, waiting=waiting)
    if not form.is_valid():
        notices.error(
            request, gettext("Tick the posts that you want to discard. Those decided on already are left alone.")
        )
        return redirect("discussions:held", slug)
    assert person is not None
    dropped = actions.discard_many(posts=[waiting[pk] for pk in form.cleaned_data["post"]], by=person)
    notices.success(
        request,
        ngettext("%(count)d post discarded.", "%(count)d posts discarded.", len(dropped)) % {"count": len(dropped)},
    )
    return redirect("discussions:held", slug)


@opens_to(Who.MODERATORS)
@require_safe
def held_file(request: HttpRequest, slug: str, pk: int, position: int) -> HttpResponse:
    """A file of a post that waits. It is saved, and never shown or run here."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    file = queries.file_of(queries.find_held(community, pk, person=person), position)
    return HttpResponse(
        file.content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, file.file_name or "file") or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


@opens_to(Who.SIGNED_LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """One moderator's page about one held post. Opening it changes nothing; one of its buttons does."""
    notice = queries.notice_of_token(token)
    if notice is None:
        problem = gettext("This link is not one of ours, or it was changed on its way.")
        return render(request, "discussions/decide.html", {"problem": problem}, status=404)
    ruling = rules.may_decide_by_link(notice, visitor(request))
    context = {"post": notice.held, "community": notice.held.community, "problem": ruling.reason}
    if not ruling:
        return render(request, "discussions/decide.html", context)
    form = DecisionForm(typed(request))
    if request.method == "POST" and form.is_valid():
        words = _decide(notice.held, form, notice.membership.person)
        return render(request, "discussions/decided.html", {**context, "words": words})
    shown = {"form": form, "contents": queries.contents_of(notice.held)}
    return render(request, "discussions/decide.html", {**context, **shown}, status=status(request))


def _decide(post: HeldPost, form: DecisionForm, person: Person) -> str:
    """Do what a form says, and say so. Raises Refused."""
    typed = form.cleaned_data
    if typed["outcome"] == "subject":
        post = actions.retitle_held(held=post, subject=typed["subject"], by=person)
        return gettext("The subject is now “%(subject)s”. The post still waits.") % {"subject": post.subject_to_be}
    if typed["outcome"] == HeldPost.Outcome.ACCEPTED:
        actions.accept_held(held=post, subject=typed["subject"], by=person)
    elif typed["outcome"] == HeldPost.Outcome.REJECTED:
        actions.reject_held(held=post, reason=typed["note"], by=person)
    else:
        actions.discard_held(held=post, by=person)
    return _SAID[typed["outcome"]] % {"subject": post}


_SAID = {
    HeldPost.Outcome.ACCEPTED: _("“%(subject)s” is accepted."),
    HeldPost.Outcome.REJECTED: _("“%(subject)s” is rejected."),
    HeldPost.Outcome.DISCARDED: _("“%(subject)s” is discarded."),
}
