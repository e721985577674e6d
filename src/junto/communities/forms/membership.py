"""What members type: how they join, and how mail comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries, rules
from junto.communities.models import (
    Community,
    Delivery,
    DigestForm,
    Membership,
)
from junto.kit import clocks
from junto.people.models import Address, Person

BOXES = ("wants_own_posts", "wants_receipt", "is_concealed")
SETTINGS = ("delivery", "digest_form", "digest_hour", "digest_weekday", *BOXES)


class JoinForm(forms.Form):
    """Which address, how mail comes, and the guidelines."""

    email = forms.ChoiceField(label=_("Address that you join with"))
    name = forms.CharField(
        label=_("Your name"), max_length=200, help_text=_("Other members see it beside your agency.")
    )
    delivery = forms.ChoiceField(
        label=_("How do you want to get mail?"),
        choices=Delivery.choices,
        initial=Delivery.EACH,
        widget=forms.RadioSelect,
    )
    accepts_guidelines = forms.BooleanField(
        label=_("I accept the guidelines of this community"),
        error_messages={"required": _("To join, read the guidelines and tick the box.")},
    )

    def __init__(self, *args: Any, community: Community, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proved = person.addresses.exclude(proved_at=None).order_by("pk")
        self._addresses = {one.email: one for one in proved or person.addresses.order_by("pk")}
        self.fields["email"].choices = [(email, email) for email in self._addresses]  # type: ignore[attr-defined]
        self.fields["email"].initial = person.email
        self.fields["delivery"].initial = community.first_delivery
        if len(self._addresses) == 1:
            self.fields["email"].required = False
            self.fields["email"].widget = forms.HiddenInput()
            self.fields["email"].initial = next(iter(self._addresses))
        if person.name:
            del self.fields["name"]
        if not community.guidelines:
            del self.fields["accepts_guidelines"]

    def address(self) -> Address:
        """The address that was chosen."""
        return self._addresses[self.cleaned_data["email"] or next(iter(self._addresses))]


class DeliveryForm(forms.Form):
    """How mail comes. What was not posted stays as it is; `whole` says that boxes without a tick were seen."""

    required_note = False
    delivery = forms.ChoiceField(
        label=_("How do you want to get mail?"), choices=Delivery.choices, widget=forms.RadioSelect
    )
    digest_form = forms.ChoiceField(label=_("What a digest looks like"), choices=DigestForm.choices, required=False)
    digest_hour = forms.TypedChoiceField(
        label=_("A digest comes at"),
        choices=lambda: [(hour, queries.hour_in_words(hour)) for hour in range(24)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    digest_weekday = forms.TypedChoiceField(
        label=_("A weekly digest comes on"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        empty_value=None,
        required=False,
    )
    time_zone = forms.ChoiceField(label=_("Your time zone, for all of your lists"), required=False)
    wants_own_posts = forms.BooleanField(label=_("Send me my own posts, too"), required=False)
    wants_receipt = forms.BooleanField(label=_("When I post, send me a receipt"), required=False)
    is_concealed = forms.BooleanField(label=_("Do not name me in the list of members"), required=False)
    whole = forms.CharField(widget=forms.HiddenInput, required=False, initial="1")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = membership.person.time_zone
        self.initial = {name: getattr(membership, name) for name in SETTINGS} | {"time_zone": own}
        zones = {
            "": gettext("That of the community (%(time_zone)s)") % {"time_zone": membership.community.time_zone},
            **clocks.ZONES,
        }
        self.fields["time_zone"].choices = list(({own: own} | zones).items())  # type: ignore[attr-defined]

    def settings(self) -> dict[str, Any]:
        """What was chosen, as `actions.set_delivery` takes it."""
        chosen = {name: self.cleaned_data[name] for name in SETTINGS if name not in BOXES}
        if self.cleaned_data["whole"]:
            chosen |= {name: self.cleaned_data[name] for name in BOXES}
        return chosen

    def new_time_zone(self) -> str | None:
        """The zone that was chosen; None where it stays."""
        chosen = str(self.cleaned_data["time_zone"])
        return chosen if self.cleaned_data["whole"] and chosen != self.initial["time_zone"] else None


class PauseForm(forms.Form):
    """Until when no mail comes: a day, or weeks from today."""

    required_note = False
    weeks = forms.IntegerField(min_value=1, max_value=52, required=False, widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("Until which day?"),
        help_text=_("Mail comes again from that day on."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-12-24.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        bounds = {"min": today + timedelta(days=1), "max": today + rules.LONGEST_PAUSE}
        self.fields["until"].widget.attrs |= {name: day.isoformat() for name, day in bounds.items()}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("weeks"):
            data["until"] = self._today + timedelta(weeks=data["weeks"])
        elif not data.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Choose a day."))
        return data


class ConfirmForm(forms.Form):
    """The guidelines, where there are any."""

    accepts_guidelines = forms.BooleanField(
        label=_("I accept the guidelines of this community"),
        error_messages={"required": _("To join, read the guidelines and tick the box.")},
    )

    def __init__(self, *args: Any, needs_guidelines: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_guidelines:
            del self.fields["accepts_guidelines"]
