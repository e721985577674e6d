"""What the house writes itself for widgets is what Django’s templates write."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from junto.ui.widgets import DRAWN

GROUPED = [("", "None"), ("States", [("md", "Maryland"), ("<x>", 'A "quoted" <b>name</b>')]), ("Other", [(7, "Seven")])]
ATTRS = {"id": "id_x", "required": True, "disabled": False, "rows": 3, "title": 'a "b" <c> & d', "maxlength": 5}


@pytest.mark.parametrize("value", [None, "", "plain", '<script>"&', 7, "md"])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.HiddenInput(),
        forms.EmailInput(),
        forms.NumberInput(),
        forms.URLInput(),
        forms.PasswordInput(render_value=True),
        forms.FileInput(),
        forms.DateInput(),
        forms.CheckboxInput(),
        forms.Textarea(),
        forms.Select(choices=GROUPED),
        forms.SelectMultiple(choices=GROUPED),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_html_is_that_of_the_template(widget: forms.Widget, value: object) -> None:
    given = [value] if isinstance(widget, forms.SelectMultiple) and value else value
    context = widget.get_context("place", given, ATTRS)
    template = context["widget"]["template_name"]
    assert parse_html(DRAWN[template](context["widget"])) == parse_html(DjangoTemplates().render(template, context))
