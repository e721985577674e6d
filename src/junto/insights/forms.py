"""What a manager chooses: the span of time, who sees the numbers, and which discussions a sponsor is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from junto.discussions.models import Thread
from junto.insights import queries


class PeriodForm(forms.Form):
    """A period by its name in the address. What is not known is the usual one."""

    period = forms.ChoiceField(
        label=_("Time"), choices=[(one.key, one.label) for one in queries.PERIODS.values()], required=False
    )


class AudienceForm(forms.Form):
    required_note = False
    is_open = forms.BooleanField(label=_("Members see these numbers, too"), required=False)


class ThreadsForm(forms.Form):
    """The discussions that the sponsor’s page names by their subjects."""

    required_note = False
    threads = forms.TypedMultipleChoiceField(
        label=_("Discussions to name"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to three, by their subject alone. Read the subjects first: no person should be named in them."),
    )

    def __init__(self, *args: Any, offered: list[Thread], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = {thread.pk: thread for thread in offered}
        self.fields["threads"].choices = [(pk, thread.subject) for pk, thread in self._offered.items()]  # type: ignore[attr-defined]

    def clean_threads(self) -> list[Thread]:
        chosen = [self._offered[pk] for pk in self.cleaned_data["threads"]]
        if len(chosen) > queries.MOST_NAMED:
            words = ngettext(
                "Choose up to %(most)d discussion.", "Choose up to %(most)d discussions.", queries.MOST_NAMED
            )
            raise forms.ValidationError(words % {"most": queries.MOST_NAMED})
        return chosen
