"""Reading what was typed."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.kit.addresses import BadAddress, normalise
from junto.people.models import Agency, Audience, DomainRule, Level, Profile
from junto.people.rules.exceptions import STATES, tidy_pattern
from junto.people.rules.federal import key_of
from junto.ui.forms import LongSelect


class EmailForm(forms.Form):
    email = forms.CharField(
        label=_("Your email address"),
        help_text=_("Use the address that you work with, like name@agency.gov."),
        max_length=300,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "off", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter your email address.")},
    )

    def clean_email(self) -> str:
        try:
            return normalise(self.cleaned_data["email"])
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from problem


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("8 digits, from the message that we sent. Blanks do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Enter the code from the message.")},
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you know it again: Work laptop, My phone."),
        max_length=100,
        error_messages={"required": _("Enter a name.")},
    )


CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
US_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago",
)  # fmt: skip


def _audience(what: str, *, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=f"Who sees {what}", required=False, choices=Audience.choices, help_text=hint)


def _words(label: str, hint: str, *, rows: int = 2, most: int = 500) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=most, widget=box)


class ProfileForm(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="As other members see it beside what you write.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    job_title = forms.CharField(
        label="Job title",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    job_title_for = _audience("your job title")
    agency_for = _audience("your agency", hint="It follows from your address. Beside your posts it stands anyway.")
    helps_with = _words("What I can help with", "What others may ask you about: usability tests, Spanish, procurement.")
    helps_with_for = _audience("what you can help with", hint="Whoever sees it finds you in the directory of people.")
    learning = _words("What I want to learn", "Somebody may be glad to show you.")
    learning_for = _audience("what you want to learn")
    about = _words("About me", "A few words, if you like.", rows=4, most=2_000)
    about_for = _audience("what you say about yourself")
    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="Digests come at your own hour, and others know when you are up.",
        widget=LongSelect,
    )
    time_zone_for = _audience("your time zone")
    takes_questions = forms.BooleanField(
        label="Members of my communities may write to me",
        required=False,
        help_text="They write on your profile, and you get it by mail. Nobody sees the other’s address.",
    )

    def __init__(self, data: object = None, *, profile: Profile) -> None:
        person = profile.person
        known = {name: getattr(person, name) for name in ("name", "job_title", "time_zone")}
        known |= {field.name: getattr(profile, field.name) for field in Profile._meta.fields if field.name != "person"}
        super().__init__(data, initial=known)  # type: ignore[arg-type]
        zones = [("", "That of each community"), *((zone, zone.replace("_", " ")) for zone in _zones(person.time_zone))]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]


@cache
def _zones(own: str) -> tuple[str, ...]:
    """Places by continent, without the spellings of former days; those of the United States first, and one's own."""
    first = (own, *US_ZONES) if own and own not in US_ZONES else US_ZONES
    places = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in CONTINENTS)
    return (*first, *(zone for zone in places if zone not in first))


class ExceptionForm(forms.Form):
    pattern = forms.CharField(
        label=_("Domain or address"),
        help_text=_("A domain covers what stands under it: example.edu. Or one whole address: name@example.edu."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter a domain or an address.")},
    )
    verdict = forms.ChoiceField(label=_("It"), choices=DomainRule.Verdict.choices, widget=forms.RadioSelect)
    agency = forms.CharField(
        label=_("Agency"), help_text=_("Its full name, if it is one that Junto knows."), required=False, max_length=250
    )
    level = forms.ChoiceField(
        label=_("Level of government"), required=False, choices=[("", _("As its agency")), *Level.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("None")), *STATES.items()])
    note = forms.CharField(
        label=_("Why"),
        help_text=_("For whoever reads this in two years. Do not write anything private: the reason is shown."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence.")},
    )

    def clean_pattern(self) -> str:
        try:
            return tidy_pattern(self.cleaned_data["pattern"])
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean_agency(self) -> Agency | None:
        name = self.cleaned_data["agency"]
        if not name:
            return None
        found = Agency.objects.filter(key=key_of(name)).order_by("pk").first()
        if found is None:
            words = gettext("No agency is called “%(name)s”. Leave this empty and choose the level.")
            raise forms.ValidationError(words % {"name": name})
        return found

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        is_government = told.get("verdict") == DomainRule.Verdict.GOVERNMENT
        if is_government and "agency" in told and not told["agency"] and not told.get("level"):
            self.add_error("level", gettext("Choose the level of government, or name the agency."))
        return told
