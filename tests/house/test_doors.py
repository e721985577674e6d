"""Every address, walked by everybody: what a door declares (`@opens_to`) is what six kinds of visitor meet.

The cast walks: a stranger who is not signed in, Eve (signed in, no government), Cleo (eligible, not a member, manager of
another community), Ben (member), Ada (manager), and Hal (runs the site). A new address gets its arguments in
`arguments_of`; a door that takes only a POST is tried with an empty one by those who may not pass; a door that answers otherwise than its declaration says stands in `OTHERWISE` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from junto.communities.models import (
    Announcement,
    Community,
    ConductCase,
    Confirmation,
    Deed,
    Invitation,
    Membership,
    Notice,
    Page,
    Picture,
    Section,
    State,
    Topic,
)
from junto.discussions import actions as discussions
from junto.discussions.models import Attachment, Draft, HeldNotice, HeldPost, Message
from junto.discussions.queries import ANSWERS as ANSWERS_SCOPE
from junto.discussions.queries import CONFIRM as CONFIRM_SCOPE
from junto.discussions.queries import DECIDE as DECIDE_SCOPE
from junto.discussions.queries import HINTS as HINTS_SCOPE
from junto.discussions.queries import SEND as SEND_SCOPE
from junto.discussions.queries import private_path
from junto.events import actions as events
from junto.events.models import Event
from junto.insights import actions as insights
from junto.insights.queries import SPONSOR as SPONSOR_SCOPE
from junto.kit import tokens
from junto.library import actions as library
from junto.mail import store
from junto.mail.models import Arrival, Mailing, OutboxCopy
from junto.people.letters import PROOF as PROOF_SCOPE
from junto.people.letters import SIGN_IN as SIGN_IN_SCOPE
from junto.people.models import DomainRule, Passkey, Person, ProviderAccount, SignedIn, SignInCode
from junto.ui.doors import Who
from tests.house.test_declarations import views

OPEN = frozenset({200, 204, 301, 302, 304, 405})
CLOSED = frozenset({403, 404})
SIGN_IN = frozenset({302})
VISITORS = ("stranger", "eve", "cleo", "ben", "ada", "hal")

EXPECTED: dict[Who, dict[str, frozenset[int]]] = {
    Who.ANYONE: dict.fromkeys(VISITORS, OPEN | {400, 404}),
    Who.SIGNED_LINK: dict.fromkeys(VISITORS, OPEN),
    Who.SIGNED_IN: {**dict.fromkeys(VISITORS, OPEN), "stranger": SIGN_IN},
    Who.READERS: {
        **dict.fromkeys(VISITORS, OPEN),
        **dict.fromkeys(("eve", "cleo"), CLOSED),
        "stranger": SIGN_IN | CLOSED,
        "hal": OPEN | CLOSED,
    },
    Who.MEMBERS: {
        **dict.fromkeys(VISITORS, OPEN),
        **dict.fromkeys(("eve", "cleo"), CLOSED),
        "stranger": SIGN_IN,
        "hal": OPEN | CLOSED,
    },
    Who.MODERATORS: {
        **dict.fromkeys(("eve", "cleo", "ben"), CLOSED),
        "stranger": SIGN_IN,
        "ada": OPEN,
        "hal": OPEN | CLOSED,
    },
    Who.MANAGERS: {
        **dict.fromkeys(("eve", "cleo", "ben"), CLOSED),
        "stranger": SIGN_IN,
        "ada": OPEN,
        "hal": OPEN | CLOSED,
    },
    Who.STAFF: {**dict.fromkeys(VISITORS, CLOSED), "stranger": SIGN_IN, "hal": OPEN},
    Who.DEVELOPERS: dict.fromkeys(VISITORS, OPEN | {404}),
}

OTHERWISE: dict[str, dict[str, frozenset[int]]] = {
    # Leaving is for those who belong; somebody who does not is told so, or sent to the community's page.
    "communities:leave": dict.fromkeys(("eve", "cleo", "hal"), OPEN | CLOSED),
    # Opening again is for staff; a community that is open cannot be opened, not even by them.
    "communities:reopening": {"hal": OPEN | CLOSED},
    # The register of exceptions belongs to the site: whoever manages any community looks after it, Cleo too.
    **{
        f"people:{name}": {"cleo": OPEN}
        for name in ("exceptions", "new-exception", "edit-exception", "remove-exception")
    },
    # The address is Ben's, and so are the passkey, the account elsewhere and the other browser; that they exist is
    # nobody else's business.
    **{
        f"people:{name}": {**dict.fromkeys(VISITORS, CLOSED | {405}), "stranger": SIGN_IN, "ben": OPEN}
        for name in ("prefer-address", "passkey", "remove-passkey", "remove-provider", "end-session")
    },
    "web:remove-address": dict.fromkeys(("eve", "cleo", "ada", "hal"), CLOSED),
    # Without the Message-ID that it asks for, the page says that there is no such message.
    "discussions:message-by-id": dict.fromkeys(("ben", "ada", "hal"), OPEN | {404}),
    # The first message of a discussion is not split from it, and nobody but other members marks what Ben wrote.
    "discussions:split": {"ada": CLOSED, "hal": OPEN | CLOSED},
    # The held post of the scene has no file; and only who asked, or a moderator, says what the answer is.
    "discussions:held-file": dict.fromkeys(("ada", "hal"), OPEN | {404}),
    # Ben cannot ask himself; who shares no community with him does not learn that he is here.
    "web:ask": dict.fromkeys(("ben", "eve", "cleo"), CLOSED),
    # The draft is Ben's; that it exists is nobody else's business.
    **{
        f"discussions:{name}": {"ben": OPEN, **dict.fromkeys(("eve", "cleo", "ada", "hal"), CLOSED)}
        for name in ("discard-draft", "draft-file")
    },
    # No code was sent to this browser.
    "people:address-code": {**dict.fromkeys(VISITORS, OPEN | {404}), "stranger": SIGN_IN},
}


ANNOUNCED = ("communities:announcement", "communities:announcement-edit", "communities:announcement-dropping")


@dataclass(slots=True)
class Scene:
    """What stands in the database while the doors are walked: one real thing for each address to lead to."""

    cop: Community
    people: dict[str, Person | None]
    arguments: dict[str, dict[str, object]]


@pytest.fixture
def scene(cop: Community, ada: Person, ben: Person, cleo: Person, eve: Person, other: Community) -> Scene:
    hal = Person.objects.create(email="hal@gsa.gov", name="Hal Hughes", is_staff=True, is_superuser=True)
    people = {"stranger": None, "eve": eve, "cleo": cleo, "ben": ben, "ada": ada, "hal": hal}
    Page.objects.create(community=cop, slug="about", title="About")
    Topic.objects.create(slug="surveys", title="Surveys").communities.add(cop)
    message = discussions.start(community=cop, subject="How do you measure it?", body="Please tell.", by=ben)
    return Scene(cop, people, _arguments(cop, ben, eve, message))


def _arguments(cop: Community, ben: Person, eve: Person, message: Message) -> dict[str, dict[str, object]]:
    """The arguments of each address whose own name needs them, by the name of the address or of its room."""
    return {
        "web:remove-address": {"pk": ben.addresses.get().pk},
        "web": {"name": "people.sign_in_code", "number": 0, "topic": "surveys", "pk": ben.pk},
        **_of_mail(ben, message),
        **_of_people(ben),
        **_of_communities(cop, ben, eve),
        **_of_discussions(cop, ben, message),
        **_of_events(cop, ben),
        **_of_library(cop),
        **_of_insights(cop),
    }


def _of_mail(ben: Person, message: Message) -> dict[str, dict[str, object]]:
    letter = Arrival.objects.create(
        sender="x@y.gov", recipient="cx-cop@lists.example.gov", raw_key=store.put(b"Subject: x\r\n\r\nx"), size=2,
        state=Arrival.State.QUARANTINED, handled_at=timezone.now(),
    )  # fmt: skip
    copy = OutboxCopy.objects.create(
        mailing_id=message.mailing_id, recipient=ben.email, return_path="b@x", content=b"Subject: x\r\n\r\nx"
    )
    stopped = Mailing.objects.create(kind="x", return_to="x", audience="x", pieces=b"x", state="quarantined")
    kept = {"pk": copy.pk}
    of_mailings = {"mail:release": {"pk": stopped.pk}}
    return {**of_mailings, "mail:copy": kept, "mail:copy-html": kept, "mail:copy-raw": kept, "mail": {"pk": letter.pk}}


def _of_people(ben: Person) -> dict[str, dict[str, object]]:
    address = ben.addresses.get()
    ben.addresses.update(proof_asked_at=timezone.now())
    code = SignInCode.objects.create(email="flo@epa.gov", digest="x", expires_at=_soon())
    rule = DomainRule.objects.create(pattern="si.edu", verdict="government", note="A trust of the government.")
    passkey = Passkey.objects.create(person=ben, name="Laptop", handle="x", owner="x", public_key=b"x")
    account = ProviderAccount.objects.create(person=ben, issuer="https://idp.example.gov", subject="x")
    browser = SignedIn.objects.create(person=ben, session_key=_another_session())
    return {
        "people:prefer-address": {"pk": address.pk},
        "people:passkey": {"pk": passkey.pk},
        "people:remove-passkey": {"pk": passkey.pk},
        "people:remove-provider": {"pk": account.pk},
        "people:end-session": {"pk": browser.pk},
        "people:sign-in-link": {"token": tokens.sign(SIGN_IN_SCOPE, code.pk)},
        "people:prove": {"token": tokens.sign(PROOF_SCOPE, address.pk)},
        "people": {"pk": rule.pk},
    }


def _of_communities(cop: Community, ben: Person, eve: Person) -> dict[str, dict[str, object]]:
    member = ben.memberships.get(community=cop)
    waiting = Membership.objects.create(community=cop, person=eve, address=eve.addresses.get(), state=State.WAITING)
    invitation = Invitation.objects.create(community=cop, email="flo@epa.gov")
    case = ConductCase.objects.create(community=cop, person=ben, step="reminder", words="w", expires_at=_soon())
    announcement = Announcement.objects.create(community=cop, subject="Save the day", body="May 4")
    deed = Deed.objects.create(community=cop, what="delivery", words="Done.", before=[[member.pk, "each"]])
    wish = Confirmation.objects.create(community=cop, wish="join", email="flo@epa.gov", expires_at=_soon())
    return {
        "signed:confirm": {"token": tokens.sign("communities.confirmation", wish.pk)},
        "signed": {"token": tokens.sign("communities.membership", member.pk)},
        "communities:decision": {"slug": cop.slug, "number": waiting.pk},
        "communities:conduct-lifting": {"slug": cop.slug, "number": case.pk},
        "communities:withdrawal": {"slug": cop.slug, "number": invitation.pk},
        "communities:reminder": {"slug": cop.slug, "number": invitation.pk},
        **{name: {"slug": cop.slug, "number": announcement.pk} for name in ANNOUNCED},
        "communities:undoing": {"slug": cop.slug, "number": deed.pk},
        "communities:setting-group": {"slug": cop.slug, "group": "joining"},
        "communities:expert": {"slug": cop.slug, "number": cop.threads.get().number},
        "communities:settlement": {
            "slug": cop.slug,
            "number": Notice.objects.create(community=cop, kind="refusal", words="550 5.7.1 No").pk,
        },
        "communities": {"slug": cop.slug, "number": member.pk, "page": "about"},
        **_of_parts(cop),
    }


def _of_parts(cop: Community) -> dict[str, dict[str, object]]:
    section = Section.objects.create(community=cop, title="How we meet")
    picture = Picture.objects.create(
        community=cop,
        file_name="a.png",
        content_type="image/png",
        alt="A",
        width=1,
        height=1,
        size=2,
        key=store.put(b"hi"),
    )
    resource = cop.resource_links.create(title="Toolkit", url="https://example.gov/t")
    part = {"slug": cop.slug, "kind": "section", "number": section.pk}
    numbers = {"section": section.pk, "resource": resource.pk}
    pictures = ("picture", "picture-small", "picture-words", "picture-deletion")
    return {
        **{f"communities:{name}": {"slug": cop.slug, "number": number} for name, number in numbers.items()},
        **{f"communities:{name}": {"slug": cop.slug, "number": picture.pk} for name in pictures},
        **{f"communities:{name}": part for name in ("place", "part-removal", "part-return", "history", "restoration")},
    }


def _of_discussions(cop: Community, ben: Person, message: Message) -> dict[str, dict[str, object]]:
    post = HeldPost.objects.create(community=cop, waits_for="moderator", raw=message.raw, email=ben.email, rule="x")
    draft = HeldPost.objects.create(community=cop, waits_for="author", raw=message.raw, email=ben.email, rule="x")
    later = HeldPost.objects.create(community=cop, waits_for="clock", raw=message.raw, email=ben.email, rule="x")
    Attachment.objects.create(
        message=message, position=1, file_name="a.txt", content_type="text/plain", size=2, key=store.put(b"hi")
    )
    moderator = cop.memberships.moderating().get()
    notice = HeldNotice.objects.create(held=post, membership=moderator)
    return {
        "signed:feed": {"token": private_path(ben.memberships.get(community=cop)).split("/")[-2]},
        "signed:send-post": {"token": tokens.sign(SEND_SCOPE, draft.pk)},
        "signed:hints": {"token": tokens.sign(HINTS_SCOPE, ben.memberships.get(community=cop).pk)},
        "signed:decide": {"token": tokens.sign(DECIDE_SCOPE, notice.pk)},
        "signed:answers": {"token": tokens.sign(ANSWERS_SCOPE, message.thread_id)},
        "discussions:held-file": {"slug": cop.slug, "pk": post.pk, "position": 1},
        "signed:confirm-post": {"token": tokens.sign(CONFIRM_SCOPE, draft.pk)},
        "discussions:waiting": {"slug": cop.slug, "pk": later.pk},
        "signed:thread": {
            "token": tokens.sign("communities.membership", ben.memberships.get(community=cop).pk),
            "thread": message.thread_id,
        },
        "discussions:decision": {"slug": cop.slug, "pk": post.pk},
        **dict.fromkeys(("discussions:discard-draft", "discussions:draft-file"), _of_a_draft(cop, ben)),
        "discussions": {"slug": cop.slug, "number": message.thread.number, "message": message.pk, "position": 1},
    }


def _of_events(cop: Community, ben: Person) -> dict[str, dict[str, object]]:
    """Three of the community, which anybody may see: one published, a draft, one that is cancelled; and one of the site."""
    ada = cop.memberships.managing().get().person
    told = {"title": "Call", "starts_at": _soon(), "ends_at": _soon() + timedelta(hours=1), "audience": "public"}
    published, _, cancelled = (events.plan(community=cop, by=ada, **told) for _ in range(3))
    for event in (published, cancelled):
        events.publish(event=event, by=ada)
    events.cancel(event=cancelled, by=ada)
    Event.objects.create(number=1, state="published", **told)
    return {
        "signed:calendar": {"token": private_path(ben.memberships.get(community=cop)).split("/")[-2]},
        "events:publication": {"slug": cop.slug, "number": 2},
        "events:restoration": {"slug": cop.slug, "number": 3},
        "events": {"slug": cop.slug, "number": 1},
        "site-events": {"number": 1},
    }


def _another_session() -> str:
    session = SessionStore()
    session.create()
    return str(session.session_key)


def _of_a_draft(cop: Community, ben: Person) -> dict[str, object]:
    draft = Draft.objects.create(community=cop, person=ben, place="new", subject="Not yet", body="Wait.")
    draft.files.create(position=1, file_name="a.txt", content_type="text/plain", size=2, content=b"hi")
    return {"slug": cop.slug, "pk": draft.pk, "position": 1}


def _of_library(cop: Community) -> dict[str, dict[str, object]]:
    author = library.write_author(slug="nora", name="Nora Nolan", by=None)
    draft = library.Draft(kind="news", title="Shorter waits", authors=[author], topics=list(cop.topics.all()))
    piece = library.publish(slug="shorter-waits", draft=draft, by=None)
    return {
        "library:author": {"slug": author.slug},
        "library": {"slug": piece.slug},
        "shelf": {"slug": cop.slug, "piece": piece.slug},
    }


def _of_insights(cop: Community) -> dict[str, dict[str, object]]:
    """Counted once, so that looking asks for no count; and a link that still opens the sponsor’s page."""
    insights.recount(community=cop, by=None)
    link = insights.make_link(community=cop, by=cop.memberships.managing().get().person)
    return {
        "signed:sponsor": {"token": tokens.sign(SPONSOR_SCOPE, link.pk)},
        "insights": {"slug": cop.slug, "name": "members", "number": link.pk},
    }


def _soon() -> datetime:
    return timezone.now() + timedelta(hours=1)


def arguments_of(name: str, scene: Scene) -> dict[str, object]:
    """Arguments that lead to something that is there."""
    return scene.arguments.get(name) or scene.arguments.get(name.partition(":")[0], {})


def address_of(name: str, scene: Scene) -> str | None:
    """The address of a named view with sample arguments; None where it needs an argument that nobody has listed."""
    known = arguments_of(name, scene)
    for wanted in _parameters_of(name):
        if set(wanted) <= set(known):
            try:
                return reverse(name, kwargs={key: known[key] for key in wanted})
            except NoReverseMatch:
                continue
    return None


def _parameters_of(name: str) -> list[tuple[str, ...]]:
    """The names of the parameters of an address, for each of the paths that may carry its name."""
    resolver = get_resolver()
    lead: tuple[str, ...] = ()
    *spaces, last = name.split(":")
    for space in spaces:
        prefix, resolver = resolver.namespace_dict[space]
        lead += tuple(re.findall(r"%\((\w+)\)s", prefix)) + tuple(re.findall(r"<(?:\w+:)?(\w+)>", prefix))
    paths = [parameters for possibilities, *_ in resolver.reverse_dict.getlist(last) for _, parameters in possibilities]
    return [tuple(dict.fromkeys([*lead, *parameters])) for parameters in paths]


def doors() -> list[tuple[str, Who]]:
    return [(name, view.door) for name, view in views() if isinstance(getattr(view, "door", None), Who)]  # type: ignore[attr-defined]


def test_every_address_can_be_walked(scene: Scene) -> None:
    missing = {name for name, _ in doors() if address_of(name, scene) is None}
    assert not missing, f"Add sample arguments to arguments_of for: {sorted(missing)}"


@pytest.mark.parametrize("visitor", VISITORS)
def test_doors_open_to_whom_they_say(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    person = scene.people[visitor]
    client = _browser(person, client_of)
    wrong = []
    for name, who in doors():
        address = address_of(name, scene)
        expected = OTHERWISE.get(name, {}).get(visitor) or EXPECTED[who][visitor]
        answer = client.get(address or "/nowhere/")
        if answer.status_code == 405 and not expected & {200}:
            answer = client.post(address or "/nowhere/")
        if answer.status_code not in expected | ({405} if 200 in expected else set()):
            wrong.append(f"{name} ({who}) answered {answer.status_code} at {address}; expected {sorted(expected)}")
        if "sign-in" in name and visitor != "stranger":
            client = _browser(person, client_of)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", VISITORS)
def test_closed_doors_let_no_deed_through(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    """Whoever may not open a door changes nothing by sending a form to it, however well it is filled in."""
    client, before = _browser(scene.people[visitor], client_of), _rows()
    for name, who in doors():
        expected = OTHERWISE.get(name, {}).get(visitor) or EXPECTED[who][visitor]
        if 200 not in expected:
            answer = client.post(address_of(name, scene) or "/nowhere/", FILLED_IN)
            assert answer.status_code in expected | {302, 403, 404, 405}, f"{name} answered {answer.status_code}"
            assert _rows() == before, f"{name} changed something for {visitor}"


@pytest.mark.parametrize(
    "name",
    [
        "signed:delivery",
        "signed:unsubscribe",
        "signed:confirm",
        "signed:confirm-post",
        "signed:decide",
        "signed:answers",
    ],
)
def test_a_changed_link_opens_nothing(name: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    client, before = _browser(None, client_of), _rows()
    right = address_of(name, scene) or ""
    head, _, digest = right.strip("/").rpartition("-")
    another = "0" if digest[-1] != "0" else "1"
    for wrong in (f"/{head}-{digest[:-1]}{another}/", f"/{head}/", f"/{head}0-{digest}/", right.upper() + "x/"):
        assert client.get(wrong).status_code in {400, 404, 410}
        assert client.post(wrong, FILLED_IN).status_code in {400, 404, 410}
    assert _rows() == before


FILLED_IN = {
    "name": "Mallory", "subject": "s", "body": "b", "reason": "r", "note": "n", "decision": "accept", "admits": "yes",
    "role": "manager", "delivery": "none", "email": "m@epa.gov", "addresses": "m@epa.gov", "accepts_guidelines": "on",
    "pattern": "evil.example.com", "verdict": "government", "List-Unsubscribe": "One-Click", "title": "t", "slug": "t",
    "description": "d", "outcome": "accepted", "do": "accept", "weeks": "1", "resume": "1", "wish": "mute",
    "step": "removal", "words": "w", "message": "1", "post": "1", "day": "2027-03-03", "starts": "10:00", "ends": "11:00",
    "time_zone": "UTC", "kind": "meeting", "audience": "public",
}  # fmt: skip


@pytest.mark.parametrize("visitor", VISITORS)
def test_looking_changes_nothing(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    """Government gateways open every link before its reader does: a GET changes no row that matters."""
    person = scene.people[visitor]
    client = _browser(person, client_of)
    before = _rows()
    for name, _ in doors():
        client.get(address_of(name, scene) or "/nowhere/")
    assert _rows() == before


def _browser(person: Person | None, client_of: Callable[[Person], Client]) -> Client:
    """One in which a crash is an answer of 500, to be told with its address."""
    client = client_of(person) if person else Client()
    client.raise_request_exception = False
    return client


def _rows() -> dict[str, list[dict[str, object]]]:
    """Every row of every room, as it stands."""
    models = [model for model in apps.get_models() if model.__module__.startswith("junto.")]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
