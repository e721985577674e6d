"""The composer: what a page needs to let somebody write, and how what they typed is kept.

A form is sent to one address, and the button says what is wanted: send, look at it first, save it, attach or remove files.
Where the script of htmx asks, the answer is the part of the page that changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from junto.communities.models import Community
from junto.discussions import actions, queries, rules
from junto.discussions.actions import Words
from junto.discussions.forms import ReplyForm, StartForm, ticket_in
from junto.discussions.models import Draft, Thread
from junto.discussions.queries import DraftFileRow, Earlier, Picture, Reach
from junto.discussions.rules import Advice
from junto.kit import markdown
from junto.people.models import Person
from junto.ui.asking import in_place

TYPED = ("kind", "subject", "closing_date", "body")
KEPT_FOR_SIGN_IN = "typed"
KEPT_SECONDS = 2 * 60 * 60
_LONGEST = 100_000
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: a new discussion of a community, or a reply in a thread. The addresses of its parts."""

    community: Community
    thread: Thread | None
    person: Person

    @property
    def base(self) -> str:
        if self.thread is not None:
            return self.thread.get_absolute_url()
        return reverse("discussions:new", args=[self.community.slug])

    @property
    def page(self) -> str:
        """Where the composer stands."""
        return f"{self.base}#reply" if self.thread is not None else self.base

    @property
    def send(self) -> str:
        return f"{self.base}messages/#reply" if self.thread is not None else self.base

    @property
    def draft(self) -> str:
        return f"{self.base}draft/"

    @property
    def files(self) -> str:
        return f"{self.base}files/"

    @property
    def earlier(self) -> str:
        return reverse("discussions:earlier", args=[self.community.slug])

    @property
    def reach(self) -> str:
        return f"{self.base}reach/"


@dataclass(slots=True)
class Composer:
    """What `_composer.html` shows. `problems` are sentences beside those of the form; `reach` is None until it is asked for."""

    place: Place
    form: ReplyForm
    files: Sequence[DraftFileRow] = ()
    saved_at: Any = None
    problems: list[str] = field(default_factory=list)
    preview: str = ""
    hints: Sequence[Advice] = ()
    earlier: Sequence[Earlier] = ()
    reach: Reach | None = None
    is_checked: bool = False

    @property
    def lacks_words(self) -> bool:
        return any(file.needs_words for file in self.files)

    @property
    def seen(self) -> str:
        """The hints that are shown with the form: sent again, it goes out."""
        return ",".join(hint.name for hint in self.hints)

    @property
    def room(self) -> str:
        """“7.0 MB”: how much its files may have together."""
        return f"{rules.room_for_files(self.place.community) / 1_000_000:.1f} MB"

    @property
    def most_files(self) -> int:
        return rules.MOST_FILES

    @property
    def longest_alt(self) -> int:
        return rules.LONGEST_ALT


def opened(request: HttpRequest, place: Place) -> Composer:
    """The composer as somebody finds it: with what they typed before their session ended, or with their draft. One query,
    two where the draft has files."""
    draft = queries.draft_at(place.person, place.community, place.thread)
    kept, typed = _kept(request, place), _of_draft(draft)
    saved_at = draft.saved_at if draft else None
    if kept and (draft is None or kept["at"] > draft.saved_at.timestamp()):
        typed = {name: kept.get(name, "") for name in TYPED}
        saved_at = timezone.now()
    form = (ReplyForm if place.thread is not None else StartForm)(initial=typed)
    return Composer(place, form, files=rows(draft), saved_at=saved_at)


def taken_in(request: HttpRequest, place: Place, *, ticket: str = "") -> tuple[Draft | None, list[str]]:
    """Keep all that came with a form: words, files, what pictures show. Returns the draft, and what could not be taken."""
    post, files = request.POST, cast("MultiValueDict[str, Any]", request.FILES).getlist("files")
    typed = {name: post.get(name, "") for name in TYPED}
    draft = actions.save_draft(
        community=place.community,
        thread=place.thread,
        typed=typed,
        ticket=ticket or ticket_in(post),
        keeps_empty=bool(files),
        by=place.person,
    )
    _forget(request)
    if draft is None:
        return None, []
    draft.community, draft.thread = place.community, place.thread
    if words := _words_for_pictures(request):
        actions.describe(draft=draft, words=words, by=place.person)
    if _is_position(post.get("remove", "")):
        actions.detach(draft=draft, position=int(post["remove"]), by=place.person)
    return draft, actions.attach(draft=draft, files=files, by=place.person) if files else []


def rows(draft: Draft | None) -> list[DraftFileRow]:
    """The files of a draft, as the composer lists them."""
    files = queries.files_of_draft(draft)
    for file in files:
        file.draft = cast(Draft, draft)
    return queries.rows_of_files(draft, files)


def look(composer: Composer) -> str:
    """How the message will look: safe HTML of it with its pictures."""
    pictures = [Picture(file.href, file.alt) for file in composer.files if file.is_picture]
    return markdown.render(composer.form.cleaned_data["body"]) + queries.pictures_in(pictures)


def part(request: HttpRequest, name: str, composer: Composer) -> HttpResponse:
    """A part of the composer alone."""
    context = {"composer": composer, "community": composer.place.community, "is_part": True}
    return render(request, f"discussions/{name}.html", context)


def keeps_what_was_typed(view: View) -> View:
    """In front of @opens_to: whoever was signed out while they wrote finds their words again when they have signed in."""

    @wraps(view)
    def kept(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponseBase:
        arguments: dict[str, Any] = {"slug": slug} | ({"number": number} if number is not None else {})
        if request.method != "POST" or request.user.is_authenticated:
            return view(request, **arguments)
        page = reverse("discussions:new" if number is None else "discussions:thread", kwargs=arguments)
        typed = {name: request.POST.get(name, "")[:_LONGEST] for name in TYPED}
        if any(typed[name].strip() for name in ("subject", "body")):
            request.session[KEPT_FOR_SIGN_IN] = {"page": page, "at": timezone.now().timestamp(), **typed}
        if in_place(request):
            return render(request, "discussions/_signed_out.html", {"page": page})
        return redirect_to_login(page)

    return cast(View, kept)


def _kept(request: HttpRequest, place: Place) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(KEPT_FOR_SIGN_IN)
    if kept is None or kept["page"] != place.base or timezone.now().timestamp() - kept["at"] > KEPT_SECONDS:
        return None
    return kept


def _forget(request: HttpRequest) -> None:
    if KEPT_FOR_SIGN_IN in request.session:
        del request.session[KEPT_FOR_SIGN_IN]


def _of_draft(draft: Draft | None) -> dict[str, str]:
    return {name: getattr(draft, name) for name in TYPED} if draft is not None else {}


def _words_for_pictures(request: HttpRequest) -> dict[int, Words]:
    post = request.POST
    positions = {name.removeprefix("alt-") for name in post if name.startswith("alt-")}
    return {
        int(one): Words(post.get(f"alt-{one}", ""), bool(post.get(f"decoration-{one}")))
        for one in positions
        if _is_position(one)
    }


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5
