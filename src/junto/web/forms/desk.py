"""Whom a question is put before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries as communities
from junto.communities.models import Community, Membership


class ExpertForm(forms.Form):
    """One of those who say that they can help, or another member by their address."""

    expert = forms.ChoiceField(label=_("Who may know"), required=False, widget=forms.RadioSelect)
    email = forms.CharField(
        label=_("Or another member, by e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("A word from you"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, community: Community, experts: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._community = community
        self._experts = {str(one.pk): one for one in experts}
        self.fields["expert"].choices = [(pk, _drawn(one)) for pk, one in self._experts.items()]  # type: ignore[attr-defined]
        if not experts:
            del self.fields["expert"]
            self.fields["email"].label = _("A member, by e-mail address")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("email", "").strip()
        to = communities.member_with_address(self._community, typed) if typed else None
        if typed and to is None:
            self.add_error("email", gettext("Nobody among the members has this address."))
        cleaned["to"] = to or self._experts.get(cleaned.get("expert", ""))
        if cleaned["to"] is None and not self.errors:
            raise ValidationError(gettext("Choose somebody, or write the address of a member."))
        return cleaned


def _drawn(one: Membership) -> str:
    """Name, agency and what they can help with."""
    agency = one.person.agency_label
    name = f"{one.person.display_name} ({agency})" if agency else one.person.display_name
    return format_html('{}<span class="usa-radio__label-description">{}</span>', name, one.person.profile.helps_with)
