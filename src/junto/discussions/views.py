"""The doors on the web: find, read the form, one action, answer."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.discussions import actions, queries, rules
from junto.discussions.forms import ConfirmForm, DecisionForm, ReplyForm, StartForm
from junto.discussions.models import HeldPost, Message, Thread
from junto.discussions.rules import Verdict
from junto.kit import markdown
from junto.kit.rulings import Refused, require
from junto.kit.tokens import BadToken
from junto.people.models import Person
from junto.people.queries import visitor
from junto.ui.doors import Who, opens_to

CONFIRMED = {
    Verdict.ACCEPT: "Thank you. Your message is on its way.",
    Verdict.HOLD: "Thank you. A moderator reads your message next, and you will get a mail.",
}


@opens_to(Who.READERS)
@require_safe
def threads(request: HttpRequest, slug: str) -> HttpResponse:
    """All discussions, latest activity first."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_read, person=person)
    page = queries.threads_page(community, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    context = {
        "community": community,
        "page": page,
        "rows": queries.thread_rows(community, page.rows),
        "may_start": rules.may_start(person, community),
        "may_moderate": rules.may_moderate(person, community),
    }
    return render(request, "discussions/threads.html", context)


@opens_to(Who.READERS)
@require_safe
def thread(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One discussion in order, with a form to reply."""
    person, found = _open_thread(request, slug, number)
    return _show_thread(request, person, found, ReplyForm())


@opens_to(Who.MEMBERS)
@require_POST
def messages(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A reply from the web."""
    person, found = _open_thread(request, slug, number)
    require(rules.may_reply(person, found))
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _show_thread(request, person, found, form, status=422)
    if "preview" in request.POST:
        return _show_thread(request, person, found, form, preview=markdown.render(form.cleaned_data["body"]))
    assert person is not None
    said = actions.reply(thread=found, body=form.cleaned_data["body"], ticket=form.cleaned_data["ticket"], by=person)
    return _after_posting(request, said)


@opens_to(Who.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a discussion: write, look at it, send it to everyone."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_start, person=person)
    form = StartForm(request.POST or None)
    if not form.is_valid():
        return _show_form(request, community, form, status=422 if form.is_bound else 200)
    typed = form.cleaned_data
    if "preview" in request.POST:
        return _show_form(request, community, form, preview=markdown.render(typed["body"]))
    assert person is not None
    said = actions.start(
        community=community, subject=typed["subject"], body=typed["body"], ticket=typed["ticket"], by=person
    )
    return _after_posting(request, said)


@opens_to(Who.MODERATORS)
@require_POST
def closure(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Close a discussion, or open it again with `reopen`."""
    person = visitor(request)
    found = queries.find_thread(communities.find(slug, may=rules.may_moderate, person=person), number)
    assert person is not None
    if "reopen" in request.POST:
        actions.reopen(thread=found, by=person)
    else:
        actions.close(thread=found, by=person)
    return redirect(found)


@opens_to(Who.READERS)
@require_safe
def message_by_id(request: HttpRequest, slug: str) -> HttpResponse:
    """From the Message-ID of a mail to its permanent address."""
    community = communities.find(slug, may=rules.may_read, person=visitor(request))
    return redirect(queries.place_of(queries.message_by_id(community, request.GET.get("id", ""))))


@opens_to(Who.READERS)
@require_safe
def attachment(request: HttpRequest, slug: str, number: int, message: int, position: int) -> HttpResponse:
    """A file. Only images that cannot hold a script are shown; all else is saved, and runs nothing here."""
    _, found = _open_thread(request, slug, number)
    file = queries.find_attachment(found, message, position)
    is_inert = file.content_type in rules.INERT_IMAGES
    return HttpResponse(
        queries.bytes_of(file),
        content_type=file.content_type if is_inert else "application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(not is_inert, file.file_name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )


@opens_to(Who.MANAGERS)
@require_safe
def delivery(request: HttpRequest, slug: str, number: int, message: int) -> HttpResponse:
    """How far the delivery of a message is, with the words of the servers that deferred or refused it."""
    community = communities.find(slug, may=rules.may_manage, person=visitor(request))
    found = queries.find_message(queries.find_thread(community, number), message)
    record = queries.delivery_of(found)
    context = {
        "community": community,
        "message": found,
        "delivery": record,
        "in_words": queries.deliveries_in_words(record) if record else "",
        "trail": _trail(community, (found.thread.subject, found.thread.get_absolute_url())),
    }
    return render(request, "discussions/delivery.html", context)


@opens_to(Who.MODERATORS)
@require_safe
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """Posts that wait for a moderator."""
    community = communities.find(slug, may=rules.may_moderate, person=visitor(request))
    return _show_held(request, community)


@opens_to(Who.MODERATORS)
@require_POST
def decision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept, reject with a reason, or discard. Who comes second is told who was first."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_moderate, person=person)
    post = queries.find_held(community, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        notices.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
        return redirect("discussions:held", slug)
    assert person is not None
    try:
        _decide(post, form, person)
    except Refused as refused:
        notices.warning(request, str(refused))
    else:
        notices.success(request, f"“{post}” is {form.cleaned_data['outcome']}.")
    return redirect("discussions:held", slug)


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


def _decide(post: HeldPost, form: DecisionForm, person: Person) -> None:
    outcome = form.cleaned_data["outcome"]
    if outcome == HeldPost.Outcome.ACCEPTED:
        actions.accept_held(held=post, by=person)
    elif outcome == HeldPost.Outcome.REJECTED:
        actions.reject_held(held=post, reason=form.cleaned_data["note"], by=person)
    else:
        actions.discard_held(held=post, by=person)


def _open_thread(request: HttpRequest, slug: str, number: int) -> tuple[Person | None, Thread]:
    person = visitor(request)
    return person, queries.find_thread(communities.find(slug, may=rules.may_read, person=person), number)


def _show_thread(
    request: HttpRequest,
    person: Person | None,
    found: Thread,
    form: ReplyForm,
    *,
    preview: str = "",
    status: int = 200,
) -> HttpResponse:
    community = found.community
    page = queries.thread_page(
        found,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        shows_addresses=bool(rules.may_see_addresses(person, community)),
        shows_delivery=bool(rules.may_manage(person, community)),
    )
    context = {
        "community": community,
        "thread": found,
        "page": page,
        "form": form,
        "preview": preview,
        "may_reply": rules.may_reply(person, found),
        "may_moderate": rules.may_moderate(person, community),
        "trail": _trail(community),
    }
    return render(request, "discussions/thread.html", context, status=status)


def _show_form(
    request: HttpRequest, community: Community, form: StartForm, *, preview: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "community": community,
        "form": form,
        "preview": preview,
        "reach": queries.reach_of(community),
        "trail": _trail(community),
    }
    return render(request, "discussions/new.html", context, status=status)


def _show_held(request: HttpRequest, community: Community) -> HttpResponse:
    context = {
        "community": community,
        "posts": queries.held_for_moderators(community),
        "trail": _trail(community),
    }
    return render(request, "discussions/held.html", context)


def _after_posting(request: HttpRequest, said: Message | HeldPost) -> HttpResponse:
    if isinstance(said, HeldPost):
        notices.info(request, f"Your message waits for a moderator. {said.reason}")
        return redirect("discussions:threads", said.community.slug)
    notices.success(request, "Your message is on its way to the members.")
    return redirect(queries.place_of(said))


def _trail(community: Community, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back from a page below the list of discussions."""
    return [("Discussions", f"{community.get_absolute_url()}discussions/"), *further]
