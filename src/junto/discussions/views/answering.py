"""Which message answers a question."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from junto.discussions import actions, queries, rules
from junto.discussions.forms import AnswerForm
from junto.discussions.models import Thread
from junto.discussions.views.reading import open_thread
from junto.kit.rulings import Refused, require
from junto.kit.tokens import BadToken
from junto.people.models import Person
from junto.ui.asking import typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.READERS)
@require_POST
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Mark a message as the answer; without one, the question is open again. For its asker, and for moderators."""
    person, found = open_thread(request, slug, number)
    require(rules.may_mark_answer(person, found))
    assert person is not None, "may_mark_answer lets nobody pass who is not signed in"
    form = AnswerForm(request.POST)
    if not form.is_valid():
        notices.error(request, gettext("Choose a message of this discussion."))
        return redirect(found)
    notices.success(request, _mark(found, form, person))
    return redirect(found)


@opens_to(Who.SIGNED_LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """The asker's page: every reply with a button. Opening it changes nothing."""
    try:
        question = queries.question_of_token(token)
    except BadToken as bad:
        return render(request, "discussions/answers.html", {"problem": str(bad)}, status=404)
    asker = Person.objects.filter(pk=rules.asked_by(question) or 0).first()
    ruling = rules.may_mark_answer(asker, question)
    form = AnswerForm(typed(request))
    context = {"question": question, "community": question.community, "problem": ruling.reason}
    if asker is not None and ruling and form.is_valid():
        try:
            context["words"] = _mark(question, form, asker)
        except Refused as refused:
            context["problem"] = str(refused)
        question.refresh_from_db()
    context["replies"] = queries.replies_to(question)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "discussions/answers.html", context, status=status)


def _mark(question: Thread, form: AnswerForm, person: Person) -> str:
    """Do what was chosen, and say so. Raises Refused, Http404."""
    if form.cleaned_data["message"] is None:
        actions.unmark_answer(thread=question, by=person)
        return gettext("The question is open again.")
    message = queries.find_message(question, form.cleaned_data["message"])
    actions.mark_answer(thread=question, message=message, by=person)
    return gettext("Thank you. The answer now stands right under the question.")
