"""What managers decide about people."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.models import (
    Role,
    Step,
)

MOST_INVITED = 200
_SEPARATORS = re.compile(r"[\s,;]+")


class DecisionForm(forms.Form):
    """Admit or decline, with a note."""

    decision = forms.ChoiceField(choices=[("admit", _("Let in")), ("decline", _("Decline"))])
    note = forms.CharField(label=_("Note"), required=False, max_length=2_000, widget=forms.Textarea)


class InvitationForm(forms.Form):
    """Addresses, however they are separated."""

    addresses = forms.CharField(
        label=_("Addresses to invite"),
        help_text=_("One on a line, or separated by commas; at most 200 at a time."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_addresses(self) -> list[str]:
        """Each address once, as it was typed; each is judged later by itself."""
        typed = _SEPARATORS.split(self.cleaned_data["addresses"].strip())
        addresses = list(dict.fromkeys(one.strip("<>\"'") for one in typed if "@" in one))
        if not addresses:
            raise ValidationError(gettext("There is no e-mail address here. Write addresses like name@agency.gov."))
        if len(addresses) > MOST_INVITED:
            raise ValidationError(
                gettext("These are %(count)d addresses. Send at most %(most)d at a time.")
                % {"count": len(addresses), "most": MOST_INVITED}
            )
        return addresses


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)


class ConductForm(forms.Form):
    """A step on the conduct ladder, and the letter that goes with it."""

    step = forms.ChoiceField(label=_("Step"), choices=Step.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What the member is sent"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Replace the words in [brackets]. How to appeal is added below."),
    )
    about = forms.URLField(
        label=_("Address of the message that it is about"), required=False, max_length=500, assume_scheme="https"
    )
    until = forms.DateField(
        label=_("Removed until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("For a removal only. Leave it empty for a removal without an end."),
    )
    note = forms.CharField(
        label=_("Note for managers and moderators"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member does not get it."),
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if "[Say what happened.]" in words or gettext("[Say what happened.]") in words:
            raise ValidationError(gettext("Say what happened, in place of the words in [brackets]."))
        return words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if until and cleaned.get("step") != Step.REMOVAL:
            self.add_error(
                "until", gettext("Only a removal has an end. Notices stop counting after a year by themselves.")
            )
        elif until and until <= timezone.localdate():
            self.add_error("until", gettext("Choose a day after today."))
        return cleaned

    def until_at(self) -> datetime | None:
        """The moment at which the last day of a removal is over."""
        until = self.cleaned_data.get("until")
        return timezone.make_aware(datetime.combine(until, time.max)) if until else None


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The member gets it by mail, and the book keeps it."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
