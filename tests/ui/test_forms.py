"""How forms are drawn."""

import re

import pytest
from django import forms


class Sample(forms.Form):
    name = forms.CharField(label="Your name", help_text="As colleagues know it.")
    email = forms.EmailField(label="E-mail")
    about = forms.CharField(label="About", widget=forms.Textarea, required=False)
    delivery = forms.ChoiceField(
        label="Delivery", choices=[("each", "Each"), ("none", "None")], widget=forms.RadioSelect
    )
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, help_text="Any number."
    )
    agrees = forms.BooleanField(label="I agree")
    level = forms.ChoiceField(label="Level", choices=[("x", "X")], required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.data:
            raise forms.ValidationError("These two do not go together.")


def dangling(html: str) -> set[str]:
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    asked = re.findall(r'\bfor="([^"]*)"', html) + re.findall(r'href="#([^"]*)"', html)
    for described in re.findall(r'aria-describedby="([^"]*)"', html):
        asked += described.split()
    return set(asked) - set(ids)


@pytest.mark.parametrize("data", [None, {}, {"name": "x", "email": "nope", "delivery": "zzz"}])
def test_every_id_that_a_form_points_to_exists(data):
    assert dangling(str(Sample(data))) == set()


def test_errors_stand_in_a_summary_that_links_to_fields_and_above_each_field():
    html = str(Sample({"name": "", "email": "nope", "delivery": "zzz"}))
    assert html.index('role="alert"') < html.index("usa-form-group")
    assert "These two do not go together." in html
    assert 'href="#id_email"' in html
    assert 'href="#id_delivery_0"' in html
    assert html.index('id="id_email_error"') < html.index('id="id_email"')
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.count("usa-form-group--error") == 5


def test_an_untouched_form_shows_no_error():
    html = str(Sample())
    assert "usa-alert" not in html
    assert "usa-form-group--error" not in html


def test_widgets_have_the_design_systems_classes():
    html = str(Sample())
    for name in ("usa-input", "usa-textarea", "usa-radio__input", "usa-checkbox__input", "usa-select", "usa-hint"):
        assert name in html
    assert html.count("<fieldset") == html.count("<legend") == 2


def test_what_was_typed_is_escaped():
    assert "<script>" not in str(Sample({"name": '"><script>alert(1)</script>'}))


def test_asterisks_are_explained_once():
    assert str(Sample()).count("are required.") == 1


def test_a_form_of_one_field_needs_no_note():
    class One(forms.Form):
        q = forms.CharField()

    assert "are required." not in str(One())


def test_the_hint_of_a_checkbox_stands_below_it_and_not_below_the_field_before():
    class Protection(forms.Form):
        asks = forms.BooleanField(label="Ask the author first", help_text="Only on large lists.")

    html = str(Protection())
    assert html.index("Ask the author first") < html.index("Only on large lists.")
