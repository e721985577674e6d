"""Posting from the web: write, look at it, send it."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from junto.communities import queries as communities
from junto.discussions import actions, letters, queries, rules
from junto.discussions.forms import ReplyForm, StartForm, ticket_in
from junto.discussions.models import Draft, HeldPost, Message
from junto.discussions.rules import Advice
from junto.discussions.views import composing
from junto.discussions.views.composing import Composer, Place, keeps_what_was_typed
from junto.discussions.views.reading import open_thread, show_thread, trail_of
from junto.kit import markdown
from junto.kit.rulings import Refused, require
from junto.people.queries import visitor
from junto.ui.asking import in_place
from junto.ui.doors import Who, opens_to


@keeps_what_was_typed
@opens_to(Who.MEMBERS)
@require_POST
def messages(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A reply from the web."""
    person, found = open_thread(request, slug, number)
    require(rules.may_start(person, found.community))
    assert person is not None
    return _write(request, Place(found.community, found, person), ReplyForm(request.POST))


@keeps_what_was_typed
@opens_to(Who.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a discussion: write, look at it, send it to everyone."""
    person = visitor(request)
    community = communities.find(slug, may=rules.may_start, person=person)
    assert person is not None
    place = Place(community, None, person)
    if request.method != "POST":
        return _show_new(request, composing.opened(request, place))
    return _write(request, place, StartForm(request.POST))


def _write(request: HttpRequest, place: Place, form: ReplyForm) -> HttpResponse:
    """Keep what came, then do what the button says; whatever happens after, what was typed is in the draft."""
    if (there := _sent_before(request, place, form)) is not None:
        return there
    draft, problems = composing.taken_in(request, place, ticket=ticket_in(form.data))
    require(rules.may_write(place.person, place.community, place.thread))
    composer = Composer(place, form, files=composing.rows(draft), problems=problems)
    if "attach" in request.POST or "remove" in request.POST:
        form.errors.clear()
        return _show(request, composer)
    if not form.is_valid():
        return _show(request, composer, status=422)
    if "preview" in request.POST or _stops(request, composer):
        return _show(request, _checked(request, composer))
    return _send(request, composer, draft)


def _sent_before(request: HttpRequest, place: Place, form: ReplyForm) -> HttpResponse | None:
    """Where the same button was pressed before: to what it sent. Other words under the same ticket are another message."""
    posted = queries.posted_with(place.community, ticket_in(form.data), place.person)
    if posted is None or "preview" in request.POST:
        return None
    if queries.says(posted, form.data.get("body", "")):
        return _after_posting(request, posted)
    form.begins_anew()
    return None


def _stops(request: HttpRequest, composer: Composer) -> bool:
    """Whether there is something that the author should see before this goes to everyone, and has not seen yet."""
    _look_up(request, composer)
    has_new_hints = composer.form.unseen(hint.name for hint in composer.hints)
    return bool(composer.problems or composer.lacks_words or has_new_hints or _earlier_is_new(request, composer))


def _earlier_is_new(request: HttpRequest, composer: Composer) -> bool:
    return bool(composer.earlier) and "seen_earlier" not in request.POST


def _look_up(request: HttpRequest, composer: Composer) -> None:
    place, typed = composer.place, composer.form.cleaned_data
    composer.hints = _hints(composer)
    if place.thread is None:
        composer.earlier = queries.earlier_discussions(typed["subject"], place.community, place.person)


def _hints(composer: Composer) -> list[Advice]:
    place, typed = composer.place, composer.form.cleaned_data
    return rules.advice_on_the_web(
        place.community,
        subject=typed.get("subject", ""),
        body=typed["body"],
        html=markdown.render(typed["body"]),
        thread=place.thread,
        by=place.person,
    )


def _checked(request: HttpRequest, composer: Composer) -> Composer:
    """The composer with all that one looks at before sending: how it looks, to whom it goes, hints, earlier discussions."""
    if not composer.hints and not composer.earlier:
        _look_up(request, composer)
    composer.preview = composing.look(composer)
    composer.is_checked = True
    return composer


def _send(request: HttpRequest, composer: Composer, draft: Draft | None) -> HttpResponse:
    place, typed = composer.place, composer.form.cleaned_data
    told = {"body": typed["body"], "ticket": typed["ticket"], "draft": draft, "by": place.person}
    try:
        if place.thread is not None:
            said = actions.reply(thread=place.thread, **told)
        else:
            said = actions.start(community=place.community, subject=typed["subject"], **told)
    except Refused as refused:
        composer.problems.append(refused.ruling.reason)
        return _show(request, composer, status=422)
    return _after_posting(request, said)


def _show(request: HttpRequest, composer: Composer, status: int = 200) -> HttpResponse:
    place = composer.place
    if in_place(request):
        composer.reach = _reach(composer)
        return composing.part(request, "_sending", composer)
    if place.thread is not None:
        composer.reach = _reach(composer)
        return show_thread(request, place.person, place.thread, composer, status=status)
    return _show_new(request, composer, status=status)


def _show_new(request: HttpRequest, composer: Composer, status: int = 200) -> HttpResponse:
    composer.reach = _reach(composer)
    community = composer.place.community
    context = {"community": community, "composer": composer, "trail": trail_of(community)}
    return render(request, "discussions/new.html", context, status=status)


def _reach(composer: Composer) -> queries.Reach:
    place, form = composer.place, composer.form
    subject = str(form["subject"].value() or "") if "subject" in form.fields else ""
    return queries.reach_of_post(place.community, place.person, thread=place.thread, subject=subject)


def _after_posting(request: HttpRequest, said: Message | HeldPost) -> HttpResponse:
    if isinstance(said, HeldPost) and said.waits_for == HeldPost.For.CLOCK:
        words = _("Your message goes out on %(when)s. %(reason)s")
        notices.info(request, words % {"when": letters.moment(said), "reason": rules.said(said.reason)})
        return redirect("discussions:threads", said.community.slug)
    if isinstance(said, HeldPost):
        notices.info(request, _("Your message waits for a moderator. %(reason)s") % {"reason": rules.said(said.reason)})
        return redirect("discussions:threads", said.community.slug)
    notices.success(request, _("Your message is on its way to the members."))
    return redirect(queries.place_of(said))
