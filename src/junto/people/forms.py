"""Reading what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from junto.kit.addresses import BadAddress, normalise
from junto.people.models import Agency, DomainRule, Level
from junto.people.rules.exceptions import STATES, tidy_pattern
from junto.people.rules.federal import key_of


class EmailForm(forms.Form):
    email = forms.CharField(
        label="Your email address",
        help_text="Use the address that you work with, like name@agency.gov.",
        max_length=300,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "off", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter your email address."},
    )

    def clean_email(self) -> str:
        try:
            return normalise(self.cleaned_data["email"])
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from problem


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        help_text="8 digits, from the message that we sent. Blanks do not matter.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": "Enter the code from the message."},
    )


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


class ExceptionForm(forms.Form):
    pattern = forms.CharField(
        label="Domain or address",
        help_text="A domain covers what stands under it: example.edu. Or one whole address: name@example.edu.",
        max_length=254,
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter a domain or an address."},
    )
    verdict = forms.ChoiceField(label="It", choices=DomainRule.Verdict.choices, widget=forms.RadioSelect)
    agency = forms.CharField(
        label="Agency", help_text="Its full name, if it is one that Junto knows.", required=False, max_length=250
    )
    level = forms.ChoiceField(
        label="Level of government", required=False, choices=[("", "As its agency"), *Level.choices]
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "None"), *STATES.items()])
    note = forms.CharField(
        label="Why",
        help_text="For whoever reads this in two years. Do not write anything private: the reason is shown.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a sentence."},
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
            raise forms.ValidationError(f"No agency is called “{name}”. Leave this empty and choose the level.")
        return found

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        is_government = told.get("verdict") == DomainRule.Verdict.GOVERNMENT
        if is_government and "agency" in told and not told["agency"] and not told.get("level"):
            self.add_error("level", "Choose the level of government, or name the agency.")
        return told
