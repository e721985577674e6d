"""What stands in the database while the doors are walked: one real thing for each address to lead to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
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
    Picture,
    Section,
    State,
)
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

ANNOUNCED = ("communities:announcement", "communities:announcement-edit", "communities:announcement-dropping")


def arguments(cop: Community, ben: Person, eve: Person, message: Message) -> dict[str, dict[str, object]]:
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
