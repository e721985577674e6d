"""What managers type at their desk: which members they want to see, what is to be done with them, letters to all."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.forms.typing import LONGEST_NUMBER
from junto.communities.models import Delivery, Role, State
from junto.communities.queries import SORTS, Sought
from junto.people.models import Level

ANY = ("", _("Any"))
STATES = [
    (State.ACTIVE, _("Members")),
    (State.WAITING, _("Waiting for you")),
    (State.LEFT, _("Left")),
    (State.REMOVED, _("Removed")),
    (State.DECLINED, _("Declined")),
]
SORTED = {
    "name": _("Name"),
    "agency": _("Agency"),
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
}
DEEDS = [
    ("delivery", _("Change how mail comes")),
    ("moderator", _("Make moderator")),
    ("welcome", _("Send the welcome letter again")),
    ("remove", _("Remove from the community")),
]
LARGEST_ROSTER = 2_000_000


class MembersForm(forms.Form):
    """Which members, in what order. What is not understood counts as not asked."""

    q = forms.CharField(label=_("Name, address or agency"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("Who"), choices=STATES, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[ANY, *Role.choices], required=False)
    level = forms.ChoiceField(label=_("Level of government"), choices=[ANY, *Level.choices], required=False)
    delivery = forms.ChoiceField(label=_("Mail"), choices=[ANY, *Delivery.choices], required=False)
    mail = forms.ChoiceField(
        label=_("Address"),
        choices=[ANY, ("bouncing", _("Mail comes back")), ("well", _("Takes mail"))],
        required=False,
    )
    since = forms.DateField(
        label=_("Joined after"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sort = forms.ChoiceField(label=_("Order"), choices=list(SORTED.items()), required=False)

    def clean_since(self) -> date | None:
        """A day that every clock can count."""
        since: date | None = self.cleaned_data["since"]
        if since and not 1900 <= since.year <= 3000:
            raise ValidationError(gettext("Choose a day of our times."))
        return since

    def asked(self) -> Sought:
        """What was asked, as far as it was understood."""
        self.is_valid()
        told = self.cleaned_data
        return Sought(
            words=told.get("q", ""),
            role=told.get("role", ""),
            state=told.get("state") or State.ACTIVE,
            level=told.get("level", ""),
            delivery=told.get("delivery", ""),
            mail=told.get("mail", ""),
            since=told.get("since"),
            sort=told.get("sort") or next(iter(SORTS)),
        )


class ChosenForm(forms.Form):
    """Whom a deed is about, and which deed: those ticked on the page, or everybody who matches."""

    deed = forms.ChoiceField(choices=DEEDS, error_messages={"required": _("Choose what to do.")})
    all = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = self.data.getlist("member") if hasattr(self.data, "getlist") else []
        cleaned["member"] = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < LONGEST_NUMBER]
        if not cleaned["member"] and not cleaned.get("all"):
            raise ValidationError(gettext("Tick the members first, or “everybody who matches”."))
        return cleaned


class DeliveryOfManyForm(forms.Form):
    delivery = forms.ChoiceField(label=_("From now on they get"), choices=Delivery.choices, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The members get it by mail, and the book keeps it."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TeamForm(forms.Form):
    """Give a member a role, by their address."""

    email = forms.CharField(
        label=_("The member’s e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They have to be a member already. Invite them first where they are not."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(Role.MODERATOR, _("Moderator")), (Role.MANAGER, _("Manager"))],
        initial=Role.MODERATOR,
        widget=forms.RadioSelect,
    )


class WelcomeForm(forms.Form):
    """The first words of the letter to a new member, and the guidelines."""

    welcome = forms.CharField(
        label=_("First words of the letter"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Markdown. {name} becomes the name of the member, {community} that of the community. How to post, how to change "
            "mail and how to leave follow by themselves. Empty: the letter that comes with Junto."
        ),
    )
    guidelines = forms.CharField(
        label=_("Guidelines"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Markdown. Everybody accepts them at joining, and the letter repeats them. Empty: nothing to accept."
        ),
    )


class AnnouncementForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Markdown: a blank line between paragraphs, a dash for a list, [words](https://…) for a link."),
    )


class SendForm(forms.Form):
    """The last question before everybody gets a letter."""

    is_sure = forms.BooleanField(
        label=_("Send it although the last announcement went out less than a day ago"), required=False
    )


class ClosingForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the community"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RosterForm(forms.Form):
    """A roster, pasted or as a file."""

    text = forms.CharField(
        label=_("Paste the list here"),
        required=False,
        max_length=LARGEST_ROSTER,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "One person on a line, with or without a name; the answer to REVIEW of LISTSERV; a list of Mailman; or a CSV."
        ),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_(
            "CSV or text, at most 2 MB. A CSV begins with a row that names its columns: address, name, role, delivery."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size > LARGEST_ROSTER:
            self.add_error("file", gettext("This file has more than 2 MB. Cut it into parts."))
        elif file is None and not cleaned.get("text", "").strip() and not self.errors:
            self.add_error("text", gettext("Paste a list, or choose a file."))
        return cleaned
