"""What managers write to members: the welcome and the guidelines, and announcements to all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from junto.communities import actions, queries, rules
from junto.communities.forms import AnnouncementForm, SendForm, WelcomeForm
from junto.communities.models import Announcement, Community
from junto.communities.views.desk import done
from junto.kit import markdown
from junto.kit.rulings import Refused
from junto.people.models import Person
from junto.ui.asking import status, typed
from junto.ui.doors import Who, opens_to


@opens_to(Who.MANAGERS)
def welcome(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter to new members and the guidelines: write, look, send a copy to yourself, save."""
    community, person = queries.find_managed(request, slug)
    initial = {"welcome": community.welcome or rules.default_welcome(), "guidelines": community.guidelines}
    form = WelcomeForm(typed(request), initial=initial)
    shown = {"community": community, "form": form, "is_default": not community.welcome.strip()}
    if request.method != "POST" or not form.is_valid():
        return render(request, "communities/welcome.html", shown, status=status(request))
    if "save" in request.POST:
        return _save_welcome(request, community, form, person)
    if "copy" in request.POST:
        address = actions.send_welcome_copy(community=community, words=form.cleaned_data["welcome"], by=person)
        messages.success(
            request, gettext("A copy is on its way to %(address)s. Nothing is saved yet.") % {"address": address}
        )
    community.welcome = form.cleaned_data["welcome"]
    preview = markdown.render(rules.welcome_words(community, person.display_name))
    more = {"preview": preview, "guidelines_html": markdown.render(form.cleaned_data["guidelines"])}
    return render(request, "communities/welcome.html", shown | more)


def _save_welcome(request: HttpRequest, community: Community, form: WelcomeForm, person: Person) -> HttpResponse:
    told = {name: text.replace("\r\n", "\n").strip() for name, text in form.cleaned_data.items()}
    if told["welcome"] == rules.default_welcome().strip():
        told["welcome"] = ""
    words = gettext("From now on new members get the letter and the guidelines as you wrote them.")
    deed = actions.set_settings(community=community, words=words, by=person, **told)
    if deed:
        return done(deed, "communities:welcome")
    messages.info(request, gettext("Nothing was changed."))
    return redirect("communities:welcome", community.slug)


@opens_to(Who.MANAGERS)
@require_safe
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    """Drafts, and what was announced, with how far the mail has come."""
    community, person = queries.find_managed(request, slug)
    context = {
        "community": community,
        "may_announce": rules.may_announce(person, community),
        **queries.announcements_page(community, before=request.GET.get("before", "")),
    }
    return render(request, "communities/announcements.html", context)


@opens_to(Who.MANAGERS)
def announcement_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write an announcement. It goes to nobody before the next page."""
    community, person = queries.find_managed(request, slug)
    return _write(request, community, None, person)


@opens_to(Who.MANAGERS)
def announcement_edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change a draft."""
    community, person = queries.find_managed(request, slug)
    draft = _find_announcement(community, number)
    if draft.sent_at:
        return redirect("communities:announcement", slug, number)
    return _write(request, community, draft, person)


@opens_to(Who.MANAGERS)
def announcement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A draft as it will look, whom it goes to, and the button; or what was sent, and how far it has come."""
    community, person = queries.find_managed(request, slug)
    found = _find_announcement(community, number)
    form = SendForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.announce(announcement=found, is_sure=form.cleaned_data["is_sure"], by=person)
        except Refused as refusal:
            form.add_error(None, refusal.ruling.reason)
        else:
            messages.success(
                request, gettext("It is on its way to %(count)s members.") % {"count": f"{sent.recipients:,}"}
            )
            return redirect("communities:announcement", slug, number)
    context = {
        "community": community,
        "announcement": found,
        "form": form,
        "lately": rules.announced_lately(community),
        "body": markdown.render(found.body),
        **queries.reach_of_announcement(found),
    }
    return render(request, "communities/announcement.html", context, status=status(request))


@opens_to(Who.MANAGERS)
@require_POST
def announcement_dropping(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Throw a draft away."""
    community, person = queries.find_managed(request, slug)
    actions.drop_draft(announcement=_find_announcement(community, number), by=person)
    messages.success(request, gettext("The draft is gone. The book keeps its text."))
    return redirect("communities:announcements", slug)


@never_cache
@csrf_exempt
@opens_to(Who.SIGNED_LINK)
def stop_announcements(request: HttpRequest, token: str) -> HttpResponse:
    """GET: a page with one button. POST, by the button or by a mail program (RFC 8058): no more announcements."""
    membership = queries.membership_by_token(token)
    if request.method == "POST":
        membership = actions.stop_announcements(membership=membership, by=membership.person)
    context = {
        "community": membership.community,
        "membership": membership,
        "is_done": not membership.wants_announcements,
    }
    return render(request, "communities/signed/announcements.html", context)


def _write(request: HttpRequest, community: Community, draft: Announcement | None, person: Person) -> HttpResponse:
    initial = {"subject": draft.subject, "body": draft.body} if draft else {}
    form = AnnouncementForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        written = actions.draft(community=community, announcement=draft, by=person, **form.cleaned_data)
        return redirect("communities:announcement", community.slug, written.pk)
    context = {
        "community": community,
        "form": form,
        "draft": draft,
        "recipients": queries.announced_to(community.pk).count(),
    }
    return render(request, "communities/announcement_form.html", context, status=status(request))


def _find_announcement(community: Community, number: int) -> Announcement:
    found = get_object_or_404(Announcement.objects.select_related("by"), community=community, pk=number)
    found.community = community
    return found
