"""What is typed on the pages about people: a search, a question, and how to leave."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex

from django import forms
from django.utils.translation import gettext_lazy as _

from junto.people.models import Address, Level
from junto.people.queries import Sought
from junto.people.rules.exceptions import STATES

LONGEST_NUMBER = 18


class ExpertsForm(forms.Form):
    """Read from the address; every field may stay empty."""

    q = forms.CharField(
        label=_("Can help with"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    agency = forms.CharField(label=_("Agency"), required=False, max_length=200)
    level = forms.ChoiceField(
        label=_("Level of government"),
        required=False,
        choices=[("", _("All levels")), *Level.choices],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATES.items()])
    after = forms.RegexField(regex=r"^[0-9]{1,18}$", required=False, widget=forms.HiddenInput)

    def sought(self) -> Sought:
        """What was asked for; what makes no sense in the address counts as not asked."""
        self.is_valid()
        told = self.cleaned_data
        return Sought(
            words=told.get("q", ""),
            name=told.get("name", ""),
            agency=told.get("agency", ""),
            level=told.get("level", ""),
            state=told.get("state", ""),
            after=int(told.get("after") or 0),
        )


class QuestionForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"), max_length=200, error_messages={"required": _("Say in a few words what it is about.")}
    )
    body = forms.CharField(
        label=_("Your question"),
        help_text=_("What you want to know, and what you have tried. Markdown works."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write your question.")},
    )
    ticket = forms.RegexField(regex=r"^[0-9a-f]{24}$", required=False, widget=forms.HiddenInput)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, initial={"ticket": token_hex(12)})  # type: ignore[arg-type]


class LeavingForm(forms.Form):
    keeps_name = forms.ChoiceField(
        label=_("What you wrote stays"),
        choices=[("yes", _("With my name")), ("no", _("Without my name"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether your name stays beside what you wrote.")},
    )
    is_sure = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        error_messages={"required": _("Check this box if you want to leave.")},
    )


class MoveForm(forms.Form):
    """To which of my addresses memberships go; `addresses` are those that they may go to."""

    to = forms.ChoiceField(
        label=_("Send their mail to"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of your addresses.")},
    )

    def __init__(self, data: object = None, *, addresses: Sequence[Address]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.addresses = {str(one.pk): one for one in addresses}
        self.fields["to"].choices = [(key, one.email) for key, one in self.addresses.items()]  # type: ignore[attr-defined]
        if len(addresses) == 1:
            self.fields["to"].initial = str(addresses[0].pk)

    def clean_to(self) -> Address:
        return self.addresses[self.cleaned_data["to"]]
