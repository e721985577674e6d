"""Reading and checking what was typed."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django import forms

from junto.discussions.models import HeldPost, ThreadChoice

LONGEST_BODY = 100_000


class ReplyForm(forms.Form):
    body = forms.CharField(
        label="Your message",
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="You can use Markdown: *emphasis*, **strong**, lists with a dash, and links as [text](address).",
        error_messages={"required": "Write your message before you send it."},
    )
    ticket = forms.RegexField(regex=r"^[0-9a-f]{24}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ticket", token_hex(12))


class StartForm(ReplyForm):
    subject = forms.CharField(
        label="Subject",
        max_length=200,
        help_text="Say what you ask or tell, so that colleagues can find it later.",
        error_messages={"required": "Give your message a subject."},
    )
    field_order = ["subject", "body", "ticket"]


class DecisionForm(forms.Form):
    """What a moderator decides on a held post."""

    outcome = forms.ChoiceField(
        choices=[(o.value, o.label) for o in HeldPost.Outcome if o != HeldPost.Outcome.EXPIRED],
        error_messages={"required": "Choose whether to accept, reject, or discard the post."},
    )
    note = forms.CharField(
        label="Reason, if you reject it",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The author gets it by mail.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == HeldPost.Outcome.REJECTED and not cleaned.get("note", "").strip():
            self.add_error("note", "Say why you reject the post. The author gets your reason by mail.")
        return cleaned


class ConfirmForm(forms.Form):
    answer = forms.ChoiceField(choices=[("mine", "I wrote this"), ("not-mine", "I did not write this")])


class ChoiceForm(forms.Form):
    """Follow or mute a discussion, or neither."""

    wish = forms.ChoiceField(choices=[*ThreadChoice.Wish.choices, ("neither", "Neither")])
