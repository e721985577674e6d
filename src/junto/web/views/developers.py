"""For whoever builds: every component in every state, and every letter. In debug only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.util import find_spec

from csp.decorators import csp_replace
from django import forms
from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from junto.mail.letter import Letter
from junto.ui import charts
from junto.ui.doors import Who, opens_to

Page = Callable[..., HttpResponseBase]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Your name", help_text="As colleagues know it.")
    email = forms.EmailField(label="Work e-mail address", help_text="An address that ends in .gov or .mil.")
    delivery = forms.ChoiceField(
        label="How do you want to get messages?",
        choices=[("each", "Each message"), ("daily", "Daily digest"), ("none", "No mail")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        choices=[("design", "Design"), ("data", "Data")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    level = forms.ChoiceField(label="Level of government", choices=[("federal", "Federal"), ("state", "State")])
    about = forms.CharField(label="What do you work on?", widget=forms.Textarea, required=False)
    agrees = forms.BooleanField(label="I accept the guidelines")


def in_debug_only(view: Page) -> Page:
    @wraps(view)
    def guarded(request: HttpRequest, **named: str) -> HttpResponseBase:
        if not settings.DEBUG:
            raise Http404
        return view(request, **named)

    return guarded


@opens_to(Who.DEVELOPERS)
@in_debug_only
def components(request: HttpRequest) -> HttpResponse:
    untouched = SampleForm(auto_id="untouched_%s")
    faulty = SampleForm({"email": "ada"}, auto_id="faulty_%s")
    told = {
        "charts": _charts(),
        "untouched": untouched,
        "faulty": faulty,
        "trail": [("Discussions", "/dev/components/"), ("How do you recruit people for tests?", "/dev/components/")],
        "tabs": [("About", "/dev/components/", True), ("Discussions", "/dev/letters/", False)],
        "numbers": [("2,447", "members"), ("112", "agencies"), ("38", "states")],
    }
    return render(request, "web/components.html", told)


@opens_to(Who.DEVELOPERS)
@in_debug_only
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "web/letters.html", {"letters": [(name, make()) for name, make in _previews().items()]})


@opens_to(Who.DEVELOPERS)
@in_debug_only
@xframe_options_sameorigin
@csp_replace({"style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"], "script-src": ["'none'"]})  # type: ignore[arg-type]
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of one letter, alone, for the frame that shows it."""
    make = _previews().get(name)
    if make is None:
        raise Http404
    return HttpResponse(make().html)


def _previews() -> dict[str, Callable[[], Letter]]:
    """The previews of every room, by "room.letter"."""
    found: dict[str, Callable[[], Letter]] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("junto.") and find_spec(f"{app.name}.letters"):
            for name, make in getattr(import_module(f"{app.name}.letters"), "PREVIEWS", {}).items():
                found[name if "." in name else f"{app.label}.{name}"] = make
    return dict(sorted(found.items()))


def _charts() -> list[charts.Chart]:
    levels = [charts.Bar("Federal, executive branch", 1204), charts.Bar("State or territory", 310)]
    posts = [charts.Series("Posts", [40, 62, None, 71, 55]), charts.Series("Authors", [12, 20, 18, 31, 28])]
    months = ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026"]
    places = {"CA": 61, "DC": 3, "NY": 24, "OH": 12, "PR": 2, "TX": 1380, "WA": 7}
    return [
        charts.bars(title="Members by level of government", rows=levels, what="Level", unit="Members"),
        charts.line(title="Posts and authors a month", labels=months, series=posts, what="Month"),
        charts.tiles(title="Members by state and territory", values=places, unit="Members"),
    ]
