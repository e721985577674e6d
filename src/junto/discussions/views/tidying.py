"""What moderators do to put discussions in order, and what each reader may set for one: follow, mute, useful."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from junto.communities import queries as communities
from junto.discussions import actions, queries, rules
from junto.discussions.forms import ChoiceForm, MergeForm, MoveForm, PartingForm, SubjectForm, UsefulForm
from junto.discussions.models import FormerNumber, Message, Thread
from junto.discussions.views.reading import follows_moves, open_thread, trail_of
from junto.kit.rulings import Refused, no, require
from junto.people.models import Person
from junto.ui.asking import status
from junto.ui.doors import Who, opens_to


@opens_to(Who.MEMBERS)
@require_POST
def wish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Follow or mute a discussion, or neither."""
    person, found = open_thread(request, slug, number)
    require(rules.may_start(person, found.community))
    membership, form = communities.membership_of(person, found.community), ChoiceForm(request.POST)
    if membership is None or not form.is_valid():
        notices.error(request, _("Choose whether to follow or to mute the discussion."))
        return redirect(found)
    chosen = actions.choose(thread=found, membership=membership, wish=form.cleaned_data["wish"], by=person)
    said = {
        "follow": _("You follow this discussion: each of its messages comes to you at once."),
        "mute": _("You muted this discussion: none of its messages comes to you."),
    }
    words = _("This discussion comes to you like all others of the list.")
    notices.success(request, said.get(chosen.wish, words) if chosen else words)
    return redirect(found)


@opens_to(Who.MEMBERS)
@require_POST
def usefulness(request: HttpRequest, slug: str, number: int, message: int) -> HttpResponse:
    """Mark a message as useful, or take the mark back. Answers htmx with the button alone."""
    person, thread = open_thread(request, slug, number)
    found, form = queries.find_message(thread, message), UsefulForm(request.POST)
    require(rules.may_find_useful(person, found))
    assert person is not None, "may_find_useful lets nobody pass who is not signed in"
    if form.is_valid():
        change = actions.find_useful if form.cleaned_data["useful"] else actions.take_useful_back
        change(message=found, by=person)
    if "HX-Request" not in request.headers:
        return redirect(queries.place_of(found))
    found.refresh_from_db(fields=["useful_count"])
    row = {
        "base": f"{thread.get_absolute_url()}messages/{found.pk}/",
        "author": found.author_name,
        "useful": f"{found.useful_count:,}" if found.useful_count else "",
        "is_marked": found.useful_marks.filter(person=person).exists(),
    }
    return render(request, "discussions/_useful.html", {"row": row})


@opens_to(Who.MODERATORS)
@require_POST
def pin(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Pin a discussion on top of the list, or `unpin` it."""
    person, found = _opened(request, slug, number)
    try:
        if "unpin" in request.POST:
            actions.unpin(thread=found, by=person)
            notices.success(request, _("The discussion is back in its place in the list."))
        else:
            actions.pin(thread=found, by=person)
            notices.success(request, _("The discussion now stands on top of the list."))
    except Refused as refused:
        notices.warning(request, str(refused))
    return redirect(found)


@opens_to(Who.MODERATORS)
@follows_moves
@require_http_methods(["GET", "HEAD", "POST"])
def subject(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change the subject of a discussion."""
    person, found = _opened(request, slug, number)
    form = SubjectForm(request.POST or None, initial={"subject": found.subject})
    if request.method == "POST" and form.is_valid():
        actions.rename(thread=found, subject=form.cleaned_data["subject"], by=person)
        notices.success(request, _("The discussion has its new subject."))
        return redirect(found)
    return _ask(request, "subject", found, form)


@opens_to(Who.MODERATORS)
@follows_moves
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Move a discussion to another community that the moderator moderates as well."""
    person, found = _opened(request, slug, number)
    targets = queries.communities_to_move_to(found, person)
    form = MoveForm(request.POST or None, targets=targets)
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.move(thread=found, target=form.cleaned_data["target"], by=person)
        except Refused as refused:
            form.add_error("target", str(refused))
        else:
            words = _("The discussion is now in %(community)s. Its old address leads here, and you can move it back.")
            notices.success(request, words % {"community": moved.community.name})
            return redirect(moved)
    return _ask(request, "move", found, form, targets=targets)


@opens_to(Who.MODERATORS)
@follows_moves
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make a discussion part of another one of the community."""
    person, found = _opened(request, slug, number)
    offered = queries.threads_to_merge_with(found, person)
    form = MergeForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        into = found.community.threads.filter(number=form.cleaned_data["chosen"]).first()
        try:
            if into is None:
                raise Refused(no(_("There is no discussion with this number here.")))
            former = actions.merge(thread=found, into=into, by=person)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            words = _(
                "The messages of “%(subject)s” now stand here. To undo it, choose “Merge with another discussion”."
            )
            notices.success(request, words % {"subject": former.subject})
            return redirect(into)
    return _ask(request, "merge", found, form, merges=queries.merges_of(found))


@opens_to(Who.MODERATORS)
@require_POST
def parting(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Undo a merge."""
    person, found = _opened(request, slug, number)
    form = PartingForm(request.POST)
    former = FormerNumber.objects.filter(thread=found, number=form.cleaned_data["number"]) if form.is_valid() else None
    merged = former.exclude(former_thread=None).first() if former is not None else None
    if merged is None:
        notices.warning(request, _("This merge was undone already."))
        return redirect(found)
    try:
        apart = actions.part(former=merged, by=person)
    except Refused as refused:
        notices.warning(request, str(refused))
        return redirect(found)
    notices.success(request, _("These are two discussions again. This is the one that had been merged."))
    return redirect(apart)


@opens_to(Who.MODERATORS)
@follows_moves
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, slug: str, number: int, message: int) -> HttpResponse:
    """Begin a discussion of its own with a message and those after it."""
    person, found = _opened(request, slug, number)
    first = queries.find_message(found, message)
    require(rules.may_split(person, found, first))
    form = SubjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        apart = actions.split(message=first, subject=form.cleaned_data["subject"], by=person)
        words = _("This is a discussion of its own now. To undo it, merge it with “%(subject)s”.")
        notices.success(request, words % {"subject": found.title})
        return redirect(apart)
    return _ask(request, "split", found, form, message=first, count=_following(first))


def _opened(request: HttpRequest, slug: str, number: int) -> tuple[Person, Thread]:
    person, found = open_thread(request, slug, number, may=rules.may_moderate)
    assert person is not None, "may_moderate lets nobody pass who is not signed in"
    return person, found


def _following(message: Message) -> int:
    return message.thread.messages.filter(queries.from_here_on(message)).count()


def _ask(request: HttpRequest, what: str, found: Thread, form: object, **more: object) -> HttpResponse:
    """The page that says what will happen, with one button."""
    trail = trail_of(found.community, (found.title, found.get_absolute_url()))
    context = {"community": found.community, "thread": found, "form": form, "trail": trail, **more}
    return render(request, f"discussions/{what}.html", context, status=status(request))
