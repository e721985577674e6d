"""The register of exceptions, which managers and staff read and edit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from junto.kit.rulings import Refused, require
from junto.people import actions, queries, rules
from junto.people.forms import ExceptionForm
from junto.people.models import DomainRule, Person
from junto.ui.doors import Who, opens_to


def _editor(request: HttpRequest) -> Person:
    person = queries.visitor(request)
    assert person is not None, "the door lets only people in"
    require(rules.may_edit_exceptions(person))
    return person


@opens_to(Who.MANAGERS)
def exceptions(request: HttpRequest) -> HttpResponse:
    """All exceptions and blocks, with who decided them and why."""
    _editor(request)
    return render(request, "people/exceptions.html", {"rules": queries.exceptions()})


@opens_to(Who.MANAGERS)
def new_exception(request: HttpRequest) -> HttpResponse:
    """Write a new exception or block."""
    return _edit(request, None, ExceptionForm(request.POST or None, initial={"verdict": DomainRule.Verdict.GOVERNMENT}))


@opens_to(Who.MANAGERS)
def edit_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an exception or block."""
    _editor(request)
    rule = get_object_or_404(queries.exceptions(), pk=pk)
    fields = ("pattern", "verdict", "level", "state", "note")
    initial = {name: getattr(rule, name) for name in fields} | {"agency": rule.agency.name if rule.agency else ""}
    return _edit(request, rule, ExceptionForm(request.POST or None, initial=initial))


def _edit(request: HttpRequest, rule: DomainRule | None, form: ExceptionForm) -> HttpResponse:
    editor = _editor(request)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.set_rule(**form.cleaned_data, rule=rule, by=editor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The rule for %(pattern)s is saved.") % {"pattern": saved.pattern})
            return redirect("people:exceptions")
    return render(request, "people/exception.html", {"form": form, "rule": rule})


@opens_to(Who.MANAGERS)
def remove_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exception or block back."""
    editor = _editor(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    rule = get_object_or_404(DomainRule, pk=pk)
    actions.remove_rule(rule=rule, by=editor)
    messages.success(request, gettext("The rule for %(pattern)s is removed.") % {"pattern": rule.pattern})
    return redirect("people:exceptions")
