"""Reading and checking what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.models import Community
from junto.discussions.models import HeldPost, PostType, Thread, ThreadChoice
from junto.discussions.rules import is_believable, subject_with

LONGEST_BODY = 100_000
KINDS_TO_CHOOSE = (PostType.QUESTION, PostType.DISCUSS, PostType.ARTICLE, PostType.JOB, PostType.EVENT)

_TICKET = re.compile(r"\A[0-9a-f]{24}\Z")


def ticket_in(typed: Mapping[str, str]) -> str:
    """The ticket that a form came with, before anything else of it is looked at; nothing where it has none."""
    ticket = typed.get("ticket", "")
    return ticket if _TICKET.match(ticket) else ""


class Editor(forms.Textarea):
    """A text area with buttons for Markdown, which appear where a script runs."""

    template_name = "discussions/_editor.html"


class ReplyForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_BODY,
        widget=Editor(attrs={"rows": 10}),
        help_text=_("You can use Markdown: *emphasis*, **strong**, lists with a dash, and links as [text](address)."),
        error_messages={"required": _("Write your message before you send it.")},
    )
    ticket = forms.RegexField(regex=_TICKET, required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ticket", token_hex(12))

    def unseen(self, names: Iterable[str]) -> bool:
        """Whether there are hints that the author did not have before their eyes when they pressed the button."""
        return not set(names) <= set(self.cleaned_data["seen"].split(","))

    def begins_anew(self) -> None:
        """Give the form another ticket: what it says now is another message than the one that it sent."""
        self.data = {**{name: self.data.get(name, "") for name in self.data}, "ticket": token_hex(12)}


class StartForm(ReplyForm):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        required=False,
        choices=[("", _("Just a message")), *((one.value, one.label) for one in KINDS_TO_CHOOSE)],
        widget=forms.RadioSelect,
        help_text=_("Its word goes in front of the subject. A question stays open until you mark its answer."),
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("Say what you ask or tell, so that colleagues can find it later."),
        error_messages={"required": _("Give your message a subject.")},
    )
    closing_date = forms.DateField(
        label=_("Closing date of the job"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("After it, the job leaves the lists; it stays in the archive."),
    )
    field_order = ["kind", "subject", "closing_date", "body", "ticket", "seen"]

    def clean(self) -> dict[str, Any]:
        """The subject gets the word of the type, as it would have by mail."""
        cleaned = super().clean() or {}
        closing_date, today = cleaned.get("closing_date"), timezone.localdate()
        if closing_date and cleaned.get("kind") != PostType.JOB:
            self.add_error("closing_date", _("Only a job has a closing date. Choose “Job”, or leave this empty."))
        elif closing_date and (closing_date < today or not is_believable(closing_date, today)):
            self.add_error("closing_date", _("Choose a day from today on, and within a year."))
        if "subject" in cleaned and not self.errors:
            cleaned["subject"] = subject_with(cleaned.get("kind", ""), cleaned["subject"], closing_date, today)
        return cleaned


class DecisionForm(forms.Form):
    """What a moderator decides on a held post, and the subject that it goes out with."""

    outcome = forms.ChoiceField(
        choices=[
            *((o.value, o.label) for o in HeldPost.Outcome if o != HeldPost.Outcome.EXPIRED),
            ("subject", _("Subject")),
        ],
        error_messages={"required": _("Choose whether to accept, reject, or discard the post.")},
    )
    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=500,
        help_text=_("You can change it before you accept the post."),
    )
    note = forms.CharField(
        label=_("Reason, if you reject it"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The author gets it by mail."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome == HeldPost.Outcome.REJECTED and not cleaned.get("note", "").strip() and "desk" in self.data:
            cleaned["note"] = gettext(
                "A moderator decided that it does not fit this list. To ask why, write to the managers."
            )
        elif outcome == HeldPost.Outcome.REJECTED and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say why you reject the post. The author gets your reason by mail."))
        if outcome == "subject" and not cleaned.get("subject", "").strip():
            self.add_error("subject", _("Write the new subject."))
        return cleaned


class DiscardForm(forms.Form):
    """The posts that a moderator ticked as spam."""

    post = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tick the posts that you want to discard.")}
    )

    def __init__(self, *args: Any, waiting: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(pk, str(pk)) for pk in waiting]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The message that answers a question; none to take the mark back."""

    message = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    unmark = forms.CharField(required=False, max_length=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("message")) == bool(cleaned.get("unmark")):
            raise forms.ValidationError(_("Choose the message that answers the question."))
        return cleaned


class SecondThoughtForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[("send", _("Send it")), ("private", _("To one person only")), ("drop", _("Do not send"))]
    )


class WaitingForm(forms.Form):
    """What a moderator does with a post that waits for the clock."""

    outcome = forms.ChoiceField(choices=[("send", _("Send it now")), ("drop", _("Drop it"))])


class ConfirmForm(forms.Form):
    answer = forms.ChoiceField(choices=[("mine", _("I wrote this")), ("not-mine", _("I did not write this"))])


class ChoiceForm(forms.Form):
    """Follow or mute a discussion, or neither."""

    wish = forms.ChoiceField(choices=[*ThreadChoice.Wish.choices, ("neither", _("Neither"))])


class UsefulForm(forms.Form):
    """Whether somebody found a message useful: 1, or 0 to take it back."""

    useful = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=int)


class SubjectForm(forms.Form):
    """The subject of a discussion, also of one that begins with a message of another."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=300,
        help_text=_("Its first word may say the type: QUESTION, SUMMARY, JOB, EVENT, ARTICLE or DISCUSS, and a colon."),
        error_messages={"required": _("Write a subject.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MoveForm(forms.Form):
    target = forms.ModelChoiceField(
        queryset=Community.objects.none(),
        label=_("To which community?"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a community.")},
    )

    def __init__(self, *args: Any, targets: Iterable[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Community.objects.filter(pk__in=[one.pk for one in targets])
        self.fields["target"].queryset = found.order_by("name")  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """The discussion that another becomes part of: one of those offered, or any by its number."""

    into = forms.TypedChoiceField(
        label=_("With which discussion?"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    number = forms.IntegerField(
        label=_("Or its number"),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("The last number in the address of the discussion."),
    )

    def __init__(self, *args: Any, offered: Iterable[Thread], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [(one.number, one.title) for one in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = {number for number in (cleaned.get("into"), cleaned.get("number")) if number}
        if len(chosen) != 1 and not self.errors:
            raise forms.ValidationError(_("Choose one discussion, or write its number."))
        cleaned["chosen"] = next(iter(chosen), None)
        return cleaned


class PartingForm(forms.Form):
    """The merge to undo, by the number that the discussion had before."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)
