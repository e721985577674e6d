"""How forms are drawn: every `{{ form }}` gets the fields, hints and error summary of the design system."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

from junto.ui.widgets import DRAWN

_CLASSES = {
    "CheckboxInput": "usa-checkbox__input",
    "CheckboxSelectMultiple": "usa-checkbox__input",
    "RadioSelect": "usa-radio__input",
    "Select": "usa-select",
    "NullBooleanSelect": "usa-select",
    "SelectMultiple": "usa-select j-select--many",
    "Textarea": "usa-textarea",
    "ClearableFileInput": "j-file-input",
    "FileInput": "j-file-input",
}


class Field(BoundField):
    """A field that knows the design system's name for its widget."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not widget.is_hidden:
            own = [self._class_of(widget), "usa-input--error" if self.errors and not self.use_fieldset else ""]
            built["class"] = " ".join(
                filter(None, [*own, str(widget.attrs.get("class", "")), str(built.get("class", ""))])
            )
        return built

    @staticmethod
    def _class_of(widget: Widget) -> str:
        for kind in type(widget).__mro__:
            if name := _CLASSES.get(kind.__name__):
                return name
        return "usa-input"


class Renderer(DjangoTemplates):
    """Draws fields the way the design system does. `form.required_note = False` leaves out the note on asterisks."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
