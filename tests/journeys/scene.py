"""A sample site with something in every place, for the walk through all pages. Runs inside the program's settings.

`make` fills an empty home and writes the facts as JSON: addresses of pages by what they show, and a session for each
of the cast.
"""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from junto.communities import actions as communities
from junto.communities.models import Community, Confirmation, Membership
from junto.communities.queries import CONFIRMATION_SCOPE, membership_token
from junto.config import sample
from junto.config.command.ground import migrate
from junto.discussions import actions as discussions
from junto.discussions.models import HeldNotice, HeldPost, Message
from junto.discussions.queries import ANSWERS, CONFIRM, DECIDE, HINTS, SEND
from junto.events import actions as events
from junto.events.models import Event
from junto.insights import actions as insights
from junto.insights.queries import SPONSOR
from junto.kit import tokens
from junto.mail import store
from junto.mail.models import Arrival
from junto.people import actions as people
from junto.people.letters import PROOF, SIGN_IN
from junto.people.models import DomainRule, Passkey, Person, ProviderAccount, SignedIn, Way

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
CAST = {"member": "ben@epa.gov", "manager": "ada@gsa.gov", "staff": "hal@gsa.gov"}

OWN = (
    "front",
    "join",
    "leave",
    "members",
    "manage",
    "invitations",
    "team",
    "member-table",
    "members-deed",
    "members-import",
    "settings",
    "closing",
    "welcome",
    "announcements",
    "announcement-new",
    "edit",
    "reach",
    "resources",
    "page-new",
    "conduct",
    "protection",
)
"""Pages of a community that need nothing but its slug."""


def make(facts: str) -> None:
    """Fill the home, and write into the file `facts` what is where."""
    migrate()
    sample.make(say=lambda words: None)
    cop = Community.objects.get(slug="customer-experience")
    places = {
        **_pages_of(cop),
        **_of_somebody(),
        **_of_parts(cop),
        **_events_of(cop),
        **_signed_links(cop),
        **_rooms_of_staff(),
        **_ways_to_sign_in(),
        **_insights_of(cop),
    }
    sessions = {role: _session(email) for role, email in CAST.items()}
    Path(facts).write_text(json.dumps({"places": places, "sessions": sessions}))


def _happenings(cop: Community) -> None:
    """Somebody waits to join, a post is held, an address bounces, somebody is invited, a member was reminded."""
    dov, ada = _person("dov@contractor.example.com"), _person("ada@gsa.gov")
    communities.join(
        community=cop, person=dov, address=dov.addresses.get(), accepts_guidelines=True, came_by="web", by=dov
    )
    communities.invite(community=cop, email="friend@noaa.gov", by=ada)
    people.note_bounce(email="wes.walsh@boston.gov", is_permanent=True, status="5.1.1", words="550 No such user here")
    _held(cop, HeldPost.For.MODERATOR)
    ben = Membership.objects.get(community=cop, person__email="ben@epa.gov")
    communities.take_step(membership=ben, step="reminder", words="Please sell nothing here.", note="By phone.", by=ada)


def _pages_of(cop: Community) -> dict[str, str]:
    """Pages of one community."""
    _happenings(cop)
    ben = Membership.objects.get(community=cop, person__email="ben@epa.gov")
    message = Message.objects.filter(thread__community=cop).select_related("thread").order_by("-pk").first()
    assert message is not None
    thread = message.thread.get_absolute_url()
    own = {name: reverse(f"communities:{name}", args=[cop.slug]) for name in OWN}
    return {
        **own,
        **_of_the_desk(cop),
        "page": reverse("communities:page", args=[cop.slug, "first-month"]),
        "page-edit": reverse("communities:page-edit", args=[cop.slug, "first-month"]),
        "role": reverse("communities:role", args=[cop.slug, ben.pk]),
        "removal": reverse("communities:removal", args=[cop.slug, ben.pk]),
        "conduct-member": reverse("communities:conduct-member", args=[cop.slug, ben.pk]),
        "conduct-new": reverse("communities:conduct-new", args=[cop.slug, ben.pk]),
        "discard-draft": reverse("discussions:discard-draft", args=[cop.slug, _draft_of_ben(cop)]),
        "threads": reverse("discussions:threads", args=[cop.slug]),
        "new-thread": reverse("discussions:new", args=[cop.slug]),
        "feed-address": reverse("discussions:feed-address", args=[cop.slug]),
        "held": reverse("discussions:held", args=[cop.slug]),
        "thread": thread,
        "delivery-record": f"{thread}messages/{message.pk}/delivery/",
        **_in_order(cop, thread),
    }


def _events_of(cop: Community) -> dict[str, str]:
    """Pages of events beside those of the sample: a draft, one that is canceled, and one of the whole site."""
    ada, soon = _person("ada@gsa.gov"), timezone.now() + timedelta(days=9)
    told: dict[str, Any] = {
        "starts_at": soon, "ends_at": soon + timedelta(hours=1), "audience": "public", "kind": "training",
        "time_zone": "Asia/Tokyo", "link": f"https://meet.example.gov/{'long-address-without-a-break' * 8}/",
        "description": "## Agenda\n\n1. Hello\n2. A case", "summary": "One case from one agency.",
    }  # fmt: skip
    draft, cancelled = (events.plan(community=cop, title=title, by=ada, **told) for title in ("Draft", "Off"))
    events.publish(event=cancelled, by=ada)
    events.cancel(event=cancelled, note="The speaker is ill.", by=ada)
    site = Event.objects.create(number=1, title="Summit", state="published", **told)
    first = cop.events.standing().upcoming().order_by("pk")[0]
    return {
        "events": reverse("events:list", args=[cop.slug]),
        "subscription": reverse("events:subscription", args=[cop.slug]),
        "event": first.get_absolute_url(),
        "event-cancelled": cancelled.get_absolute_url(),
        "event-draft": draft.get_absolute_url(),
        "event-of-site": site.get_absolute_url(),
        "event-new": reverse("events:new", args=[cop.slug]),
        "event-edit": reverse("events:edit", args=[cop.slug, draft.number]),
        "event-cancellation": reverse("events:cancellation", args=[cop.slug, first.number]),
    }


def _of_parts(cop: Community) -> dict[str, str]:
    """A section that was written twice, with a picture that is also the banner, a resource, and what a removal leaves."""
    ada = _person("ada@gsa.gov")
    file = BytesIO()
    Image.new("RGB", (900, 300), "#14506b").save(file, "PNG")
    picture = communities.add_picture(
        community=cop, content=file.getvalue(), file_name="wall.png", alt="A blue wall.", by=ada
    )
    communities.dress(community=cop, banner=picture, logo=picture, by=ada)
    section = communities.write_section(community=cop, title="How we meet", body="Every month.", by=ada)
    body = f"Every week.\n\n![]({picture.get_absolute_url()})"
    communities.write_section(community=cop, section=section, title="How we meet", body=body, note="More often", by=ada)
    gone = communities.write_section(community=cop, title="An old section", body="Gone.", by=ada)
    communities.remove_part(part=gone, by=ada)
    resource = cop.resource_links.order_by("pk")[0]
    numbers = {
        "section": section.pk,
        "resource": resource.pk,
        "picture-words": picture.pk,
        "picture-deletion": picture.pk,
    }
    return {
        **{name: reverse(f"communities:{name}", args=[cop.slug]) for name in ("lead", "section-new", "pictures")},
        **{name: reverse(f"communities:{name}", args=[cop.slug, number]) for name, number in numbers.items()},
        "history": reverse("communities:history", args=[cop.slug, "section", section.pk]),
        "undo": f"{cop.get_absolute_url()}?undo=section-{gone.pk}",
    }


def _draft_of_ben(cop: Community) -> int:
    """The start of a new discussion, with a picture whose words are still missing."""
    ben = _person("ben@epa.gov")
    typed = {"subject": "QUESTION: Which headset do you use?", "body": "Ours **hum**.", "kind": "question"}
    draft = discussions.save_draft(community=cop, thread=None, typed=typed, by=ben)
    assert draft is not None
    picture = SimpleUploadedFile("desk.png", PIXEL, content_type="image/png")
    discussions.attach(draft=draft, files=[picture], by=ben)
    return draft.pk


def _of_the_desk(cop: Community) -> dict[str, str]:
    """A draft of an announcement, a group of settings, members to be made moderators, a question for an expert."""
    ada = _person("ada@gsa.gov")
    draft = communities.draft(community=cop, subject="Save the day: May 4", body="It is **free**.", by=ada)
    question = discussions.start(community=cop, subject="QUESTION: Who has maps?", body="Please tell.", by=ada)
    return {
        "announcement": reverse("communities:announcement", args=[cop.slug, draft.pk]),
        "announcement-edit": reverse("communities:announcement-edit", args=[cop.slug, draft.pk]),
        "setting-group": reverse("communities:setting-group", args=[cop.slug, "moderation"]),
        "members-deed": reverse("communities:members-deed", args=[cop.slug]) + "?deed=delivery&all=on",
        "expert": reverse("communities:expert", args=[cop.slug, question.thread.number]),
    }


def _in_order(cop: Community, thread: str) -> dict[str, str]:
    """Where moderators put a discussion in order."""
    reply = (
        Message.objects.filter(thread__community=cop, parent__isnull=False).select_related("thread").order_by("-pk")[0]
    )
    own = {f"thread-{what}": f"{thread}{what}/" for what in ("subject", "move", "merge")}
    return {**own, "thread-split": f"{reply.thread.get_absolute_url()}messages/{reply.pk}/split/"}


def _insights_of(cop: Community) -> dict[str, str]:
    """Of a community with a year behind it, of one that was never counted, and what a sponsor is shown."""
    ada = _person("ada@gsa.gov")
    gone = insights.withdraw_link(link=insights.make_link(community=cop, by=ada), by=ada)
    link = insights.make_link(community=cop, by=ada)
    empty = Community.objects.create(slug="empty", name="Empty", list_name="empty", list_id="empty.lists.example.gov")
    insights.recount(community=empty, by=None)
    Community.objects.create(slug="uncounted", name="Uncounted", list_name="un", list_id="un.lists.example.gov")
    page = reverse("insights:page", args=[cop.slug])
    return {
        "insights": page,
        "insights-by-week": f"{page}?period=3",
        "insights-sponsor": reverse("insights:sponsor", args=[cop.slug]),
        "insights-withdrawal": reverse("insights:withdrawal", args=[cop.slug, link.pk]),
        "insights-shown": reverse("signed:sponsor", args=[tokens.sign(SPONSOR, link.pk)]),
        "insights-gone": reverse("signed:sponsor", args=[tokens.sign(SPONSOR, gone.pk)]),
        "insights-compared": reverse("site-insights:compare"),
        "insights-empty": reverse("insights:page", args=["empty"]),
        "insights-uncounted": reverse("insights:page", args=["uncounted"]),
    }


def _of_somebody() -> dict[str, str]:
    """The page of a member who shows what he can help with, and where to ask him."""
    wes = _person("wes.walsh@boston.gov")
    told = {"helps_with": "Maps, 311 and open data", "learning": "Usability tests", "time_zone": "America/New_York"}
    people.set_profile(person=wes, told={**told, "helps_with_for": "everyone"}, by=wes)
    return {name: reverse(f"web:{name}", args=[wes.pk]) for name in ("person", "ask")}


def _signed_links(cop: Community) -> dict[str, str]:
    """What letters carry."""
    ben = _person("ben@epa.gov")
    membership = Membership.objects.get(community=cop, person=ben)
    now = timezone.now()
    wish: dict[str, Any] = {"community": cop, "wish": Confirmation.Wish.JOIN, "email": "cleo@epa.gov"}
    fresh = Confirmation.objects.create(**wish, expires_at=now + timedelta(days=2))
    stale = Confirmation.objects.create(**wish, expires_at=now - timedelta(days=2))
    unproven = _held(cop, HeldPost.For.AUTHOR)
    waiting = _held(cop, HeldPost.For.MODERATOR)
    notice = HeldNotice.objects.create(held=waiting, membership=cop.memberships.moderating().order_by("pk")[0])
    question = discussions.start(community=cop, subject="QUESTION: Who has a script?", body="Please tell.", by=ben)
    discussions.reply(thread=question.thread, body="We have one.", by=_person("ada@gsa.gov"))
    code = people.start_sign_in(email="cleo@epa.gov", asked_from="", next_path="")
    return {
        "delivery": reverse("signed:delivery", args=[membership_token(membership)]),
        "stop-announcements": reverse("signed:announcements", args=[membership_token(membership)]),
        "pause": reverse("signed:pause", args=[membership_token(membership)]),
        "choice": reverse("signed:thread", args=[membership_token(membership), _latest_thread(cop)]),
        "deliveries": reverse("signed:deliveries", args=[membership_token(membership)]),
        "unsubscribe": reverse("signed:unsubscribe", args=[membership_token(membership)]),
        "confirm": reverse("signed:confirm", args=[tokens.sign(CONFIRMATION_SCOPE, fresh.pk)]),
        "confirm-expired": reverse("signed:confirm", args=[tokens.sign(CONFIRMATION_SCOPE, stale.pk)]),
        "confirm-post": reverse("signed:confirm-post", args=[tokens.sign(CONFIRM, unproven.pk)]),
        "send-post": reverse("signed:send-post", args=[tokens.sign(SEND, unproven.pk)]),
        "hints": reverse("signed:hints", args=[tokens.sign(HINTS, membership.pk)]),
        "decide": reverse("signed:decide", args=[tokens.sign(DECIDE, notice.pk)]),
        "answers": reverse("signed:answers", args=[tokens.sign(ANSWERS, question.thread_id)]),
        "sign-in-link": reverse("people:sign-in-link", args=[tokens.sign(SIGN_IN, code.pk)]),
        "prove": reverse("people:prove", args=[tokens.sign(PROOF, ben.addresses.get().pk)]),
    }


def _latest_thread(cop: Community) -> int:
    return cop.threads.latest("pk").pk


def _ways_to_sign_in() -> dict[str, str]:
    """A passkey and an account elsewhere, of a member who is signed in on a telephone as well."""
    ben = _person("ben@epa.gov")
    passkey = Passkey.objects.create(person=ben, name="Work laptop", handle="x", owner="x", public_key=b"x")
    account = ProviderAccount.objects.create(person=ben, issuer="https://idp.example.gov", subject="x")
    facts = {"browser": "Safari on iPhone", "network": "203.0.…", "way": Way.PASSKEY}
    SignedIn.objects.create(person=ben, session_key=_session(ben.email), **facts)
    return {
        "passkey": reverse("people:passkey", args=[passkey.pk]),
        "remove-passkey": reverse("people:remove-passkey", args=[passkey.pk]),
        "remove-provider": reverse("people:remove-provider", args=[account.pk]),
        "remove-address": reverse("web:remove-address", args=[ben.addresses.get().pk]),
    }


def _rooms_of_staff() -> dict[str, str]:
    """A letter in quarantine, and an exception to the register."""
    raw = b"From: somebody\r\nSubject: =?broken\r\n\r\nA line that is far too long for a telephone: " + b"x" * 900
    broken = Arrival.objects.create(
        sender="",
        recipient="cx-cop@lists.example.gov",
        raw_key=store.put(raw),
        size=len(raw),
        state=Arrival.State.QUARANTINED,
        words="Traceback (most recent call last):\n  " + "ValueError: no end of line " * 8,
        handled_at=timezone.now(),
    )
    rule = people.set_rule(
        pattern="contractor.example.com",
        verdict=DomainRule.Verdict.CONTRACTOR,
        note="Runs the hotline of two agencies.",
        by=_person("hal@gsa.gov"),
    )
    return {
        "quarantined": reverse("mail:quarantined", args=[broken.pk]),
        "exception": reverse("people:edit-exception", args=[rule.pk]),
    }


def _held(cop: Community, waits_for: str) -> HeldPost:
    return HeldPost.objects.create(
        community=cop,
        waits_for=waits_for,
        raw=store.put(b"Subject: Held\r\n\r\nWho has a script?"),
        author=_person("ben@epa.gov"),
        email="ben@epa.gov",
        name="Ben Brooks",
        subject="QUESTION: Who has a script for a survey of callers who hang up?",
        excerpt="Who has a script?\n" + "https://www.example.gov/a-very-long-address-without-a-break/" * 3,
        rule="author_is_proven",
        reason="The first post of a member waits for a moderator.",
    )


def _person(email: str) -> Person:
    return Person.objects.get(email=email)


def _session(email: str) -> str:
    client = Client()
    client.force_login(_person(email))
    return client.cookies["sessionid"].value
