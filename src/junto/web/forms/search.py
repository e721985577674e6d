"""What the search page asks for. Every field may stay empty; the address of a search holds them all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS = {
    "message": _("Discussions"),
    "question": _("Questions"),
    "summary": _("Summaries"),
    "job": _("Jobs"),
    "event": _("Events"),
    "article": _("Articles"),
    "news": _("News"),
    "resource": _("Resources and guides"),
    "person": _("People"),
    "community": _("Communities and their pages"),
    "page": _("Pages of communities"),
}
MAY_BE_ANSWERED = {"", "message", "question"}
DATE_WORDS = _("Write the date as year, month and day, like 2024-03-31.")


def _day(label: StrOrPromise) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "usa-input"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages={"invalid": DATE_WORDS})


def _line(label: StrOrPromise, *, hint: StrOrPromise = "", suggestions: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        help_text=hint,
        widget=forms.TextInput(attrs={"class": "usa-input", **({"list": suggestions} if suggestions else {})}),
    )


class SearchForm(forms.Form):
    """Words and filters, read from the address."""

    q = _line(
        _("Search for"),
        hint=_("“Quotes” keep words together; a minus before a word leaves it out."),
        suggestions="find-words",
    )
    type = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Everything")), *KINDS.items()],
        widget=forms.Select(attrs={"class": "usa-select"}),
        error_messages={"invalid_choice": _("There is no such kind. Choose one from the list.")},
    )
    community = forms.ChoiceField(
        label=_("Community"),
        required=False,
        widget=forms.Select(attrs={"class": "usa-select"}),
        error_messages={"invalid_choice": _("You cannot search in that community. Choose one from the list.")},
    )
    author = _line(_("Author"))
    agency = _line(_("Agency"), hint=_("A name or its letters, like EPA."), suggestions="find-agencies")
    after = _day(_("From"))
    before = _day(_("Until"))
    answered = forms.BooleanField(label=_("Only questions that have an answer"), required=False)

    def __init__(self, data: object, *, communities: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["q"].widget.attrs["data-suggest"] = reverse("web:suggestions")
        choices = [("", _("All communities")), *communities]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        after, before = cleaned.get("after"), cleaned.get("before")
        if after and before and after > before:
            self.add_error("before", gettext("This day comes before the first one. Swap them."))
        if cleaned.get("answered") and cleaned.get("type") not in MAY_BE_ANSWERED:
            self.add_error(
                "answered", gettext("Only questions have answers. Choose questions or everything under “Kind”.")
            )
        return cleaned
