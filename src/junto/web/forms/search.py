"""What the search page asks for. Every field may stay empty; the address of a search holds them all."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from junto.ui.forms import LongSelect

KINDS = {
    "message": "Discussions",
    "question": "Questions",
    "summary": "Summaries",
    "job": "Jobs",
    "event": "Events",
    "article": "Articles",
    "news": "News",
    "resource": "Resources and guides",
    "community": "Communities and their pages",
    "page": "Pages of communities",
}
MAY_BE_ANSWERED = {"", "message", "question"}
DATE_WORDS = "Write the date as year, month and day, like 2024-03-31."


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "usa-input"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages={"invalid": DATE_WORDS})


def _line(label: str, *, hint: str = "", suggestions: str = "") -> forms.CharField:
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
        "Search for",
        hint="“Quotes” keep words together; a minus before a word leaves it out.",
        suggestions="find-words",
    )
    type = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "Everything"), *KINDS.items()],
        widget=forms.Select(attrs={"class": "usa-select"}),
        error_messages={"invalid_choice": "There is no such kind. Choose one from the list."},
    )
    community = forms.ChoiceField(
        required=False,
        widget=LongSelect(attrs={"class": "usa-select"}),
        error_messages={"invalid_choice": "You cannot search in that community. Choose one from the list."},
    )
    author = _line("Author")
    agency = _line("Agency", hint="A name or its letters, like EPA.", suggestions="find-agencies")
    after = _day("From")
    before = _day("Until")
    answered = forms.BooleanField(label="Only questions that have an answer", required=False)

    def __init__(self, data: object, *, communities: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", "All communities"), *communities]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        after, before = cleaned.get("after"), cleaned.get("before")
        if after and before and after > before:
            self.add_error("before", "This day comes before the first one. Swap them.")
        if cleaned.get("answered") and cleaned.get("type") not in MAY_BE_ANSWERED:
            self.add_error("answered", "Only questions have answers. Choose questions or everything under “Kind”.")
        return cleaned
