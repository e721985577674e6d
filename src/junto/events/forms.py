"""What managers type about an event: its time on the clock of its zone, and where it takes place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from junto.communities.models import Community
from junto.events.models import Audience, Event, Kind
from junto.kit.clocks import ZONES, zone_in_words, zone_or_utc

FIRST_YEAR, LAST_YEAR = 1990, 2099
LONGEST_DESCRIPTION = 50_000


def _date(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    invalid = _("Write the date as year, month and day, like 2027-03-31.")
    return forms.DateField(label=label, widget=widget, error_messages={"invalid": invalid}, **more)


def _time(label: Any, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    formats = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"]
    invalid = _("Write the time like 2:00 PM or 14:00.")
    return forms.TimeField(
        label=label, widget=widget, input_formats=formats, error_messages={"invalid": invalid}, **more
    )


class WebAddressField(forms.URLField):
    """An address of the web; one typed without https:// gets it."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class EventForm(forms.Form):
    """An event. `cleaned_data` also has what the model keeps: `starts_at` and `ends_at`."""

    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Give the event a title.")})
    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices, initial=Kind.MEETING)
    summary = forms.CharField(
        label=_("In one or two sentences"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands in lists and in calendars, without formatting."),
    )
    day = _date(_("Day"))
    starts = _time(_("Starts at"))
    ends = _time(_("Ends at"))
    last_day = _date(_("Last day"), required=False, help_text=_("Only if it ends on another day than it starts."))
    time_zone = forms.ChoiceField(label=_("Time zone of these times"))
    link = WebAddressField(
        label=_("Link to join online"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Members see it. If anyone may see the event, people with a government address see it, too."),
    )
    address = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=300,
        help_text=_("Building, street and room, if people meet in one."),
    )
    description = forms.CharField(
        label=_("Agenda and details"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Markdown: ## for a heading, a dash for a list."),
    )
    audience = forms.ChoiceField(
        label=_("Who may see the event?"), choices=Audience.choices, initial=Audience.READERS, widget=forms.RadioSelect
    )
    source_url = WebAddressField(
        label=_("Page of the event elsewhere"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("For example where people register."),
    )

    def __init__(self, *args: Any, community: Community, event: Event | None = None, **kwargs: Any) -> None:
        initial = _told(event) if event else {"time_zone": community.time_zone}
        super().__init__(*args, **kwargs)
        self.initial = initial
        zones = dict.fromkeys([*ZONES, initial["time_zone"]])
        self.fields["time_zone"].choices = [(zone, zone_in_words(zone)) for zone in zones]  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_address(self) -> str:
        return " ".join(str(self.cleaned_data["address"]).split())

    def clean_day(self) -> date:
        return self._believable("day")

    def clean_last_day(self) -> date | None:
        return self._believable("last_day") if self.cleaned_data["last_day"] else None

    def clean(self) -> dict[str, Any]:
        """Both ends as moments; the end lies after the start."""
        cleaned = super().clean() or {}
        if {"day", "starts", "ends", "last_day", "time_zone"} <= set(cleaned):
            zone = cleaned["time_zone"]
            cleaned["starts_at"] = _moment(cleaned["day"], cleaned["starts"], zone)
            cleaned["ends_at"] = _moment(cleaned["last_day"] or cleaned["day"], cleaned["ends"], zone)
            if cleaned["ends_at"] <= cleaned["starts_at"]:
                self.add_error("ends", _("The event ends before it starts. Change the time, or name its last day."))
        return cleaned

    def fields_of_event(self) -> dict[str, Any]:
        """What `actions.plan` and `actions.edit` take."""
        typed_here = {"day", "last_day", "starts", "ends"}
        return {name: value for name, value in self.cleaned_data.items() if name not in typed_here}

    def _believable(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("Choose a year between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day


class CancellationForm(forms.Form):
    note = forms.CharField(
        label=_("Why? What should people do instead?"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands on the page of the event and in calendars."),
    )


def _told(event: Event) -> dict[str, Any]:
    """What the form shows of an event: times on the clock of its own zone."""
    starts, ends = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    same = ("title", "kind", "summary", "time_zone", "link", "address", "description", "audience", "source_url")
    return {name: getattr(event, name) for name in same} | {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
    }


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, zone_or_utc(zone)).astimezone(UTC)
