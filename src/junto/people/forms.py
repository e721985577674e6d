"""Reading what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.kit.addresses import BadAddress, normalise
from junto.kit.pictures import LARGEST_FILE
from junto.people.models import Agency, Audience, DomainRule, Level, Profile
from junto.people.rules.exceptions import STATES, tidy_pattern
from junto.people.rules.federal import key_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


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


def _audience(what: StrOrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(label=what, required=False, choices=Audience.choices)


def _words(label: StrOrPromise, hint: StrOrPromise, *, rows: int = 2, most: int = 500) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=most, widget=box)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading, each with the field for its audience beside it, where it has one."""

    heading: str
    hint: str
    pairs: list[tuple[forms.BoundField | None, forms.BoundField | None]]


class ProfileForm(forms.Form):
    """What somebody tells of themselves, in groups. `photo` comes as a file; `removes_photo` is there where one is shown."""

    template_name = "people/_profile_form.html"
    GROUPS = (
        (_("Who I am"), "", ("name", "job_title", "agency", "about")),
        (
            _("What I can help with and want to learn"),
            _("Whoever sees what you can help with finds you among the people who can help."),
            ("helps_with", "learning"),
        ),
        (_("How to reach me"), "", ("takes_questions", "time_zone")),
        (_("Photo"), _("It stands beside your name instead of your initials."), ("photo", "removes_photo")),
    )

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As other members see it beside what you write."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    job_title = forms.CharField(
        label=_("Job title"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    job_title_for = _audience(_("Who sees your job title"))
    agency_for = _audience(_("Who sees your agency"))
    helps_with = _words(
        _("What I can help with"), _("What others may ask you about: usability tests, Spanish, procurement.")
    )
    helps_with_for = _audience(_("Who sees what you can help with"))
    learning = _words(_("What I want to learn"), _("Somebody may be glad to show you."))
    learning_for = _audience(_("Who sees what you want to learn"))
    about = _words(_("About me"), _("A few words, if you like."), rows=4, most=2_000)
    about_for = _audience(_("Who sees what you say about yourself"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("Digests come at your own hour, and others know when you are up."),
    )
    time_zone_for = _audience(_("Who sees your time zone"))
    takes_questions = forms.BooleanField(
        label=_("Members of my communities may write to me"),
        required=False,
        help_text=_("They write on your profile, and you get it by mail. Nobody sees the other’s address."),
    )
    photo = forms.FileField(
        label=_("Your photo"),
        required=False,
        help_text=_(
            "PNG, JPEG, WebP or GIF, up to 12 MB. The middle is cut out as a square. Where and when it was taken is removed."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    photo_for = _audience(_("Who sees your photo"))
    removes_photo = forms.BooleanField(label=_("Remove the photo that is shown now"), required=False)

    def __init__(self, data: object = None, files: object = None, *, profile: Profile) -> None:
        person = profile.person
        known = {name: getattr(person, name) for name in ("name", "job_title", "time_zone")}
        known |= {field.name: getattr(profile, field.name) for field in Profile._meta.fields if field.name != "person"}
        super().__init__(data, files, initial=known)  # type: ignore[arg-type]
        shown = person.photo_address if profile.photo_key else ""
        self.face = {"display_name": person.display_name, "url": shown} if shown else None
        self.agency = person.agency.name if person.agency else ""
        zones = [
            ("", gettext("That of each community")),
            *((zone, zone.replace("_", " ")) for zone in _zones(person.time_zone)),
        ]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]
        if not profile.photo_key:
            del self.fields["removes_photo"]

    def groups(self) -> list[Group]:
        """How the form is laid out."""
        return [
            Group(str(heading), str(hint), [(self._field(name), self._field(f"{name}_for")) for name in names])
            for heading, hint, names in self.GROUPS
        ]

    def _field(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def clean_photo(self) -> Any:
        """Not larger than what is read at all."""
        file = self.cleaned_data["photo"]
        if file and file.size > LARGEST_FILE:
            raise forms.ValidationError(
                gettext("This file is larger than 12 MB. Save the picture smaller, and send it again.")
            )
        return file


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
