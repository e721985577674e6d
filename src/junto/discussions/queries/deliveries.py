"""The last messages of a list as they went to one member: what the servers said, or why nothing was sent.

The engine keeps no row for a copy that went well, so why somebody got no copy is told from how their membership stood
at the time: the book has each change of it, and is read backwards. Known limit: who follows and later mutes a
discussion is told of the later choice only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.audit.models import Entry
from junto.communities import rules as community_rules
from junto.communities.models import Delivery, Membership, Zone
from junto.discussions.models import Message, Thread, ThreadChoice
from junto.discussions.queries.places import key_now
from junto.mail import queries as mail
from junto.mail.queries import Copy

MOST_CHANGES = 200
_CHANGES = ("communities.member.delivery_set", "communities.member.paused", "communities.member.resumed")
_DIGESTS = {Delivery.DAILY: _("It is in your daily digest."), Delivery.WEEKLY: _("It is in your weekly digest.")}
_TITLES = {
    Copy.Fate.ACCEPTED: _("Accepted"),
    Copy.Fate.DEFERRED: _("Deferred"),
    Copy.Fate.REFUSED: _("Refused"),
    Copy.Fate.CAME_BACK: _("Came back"),
    Copy.Fate.ON_ITS_WAY: _("On its way"),
    Copy.Fate.NOT_SENT: _("Not sent"),
}
_EXPLAINED = {
    Copy.Fate.ACCEPTED: _("Your mail server took it."),
    Copy.Fate.DEFERRED: _("Your mail server asked to try again later; it is tried for five days."),
    Copy.Fate.NOT_SENT: _("You were not among its readers when it went out."),
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message on its way to one member: what became of it in a word, why, and what the server said."""

    subject: str
    href: str
    author: str
    at: datetime
    title: str
    why: str
    words: str = ""


def last_deliveries(membership: Membership, *, limit: int = 10) -> list[Delivered]:
    """The last messages of a list since this member joined, the newest first, in at most ten queries."""
    found = Message.objects.filter(
        community=membership.community_id,
        mailing_id__isnull=False,
        received_at__gte=membership.joined_at,
        thread__zone__in=_zones(membership),
    )
    shown = ("subject", "author_name", "received_at", "mailing_id", "thread__number", "thread__community_id")
    messages = list(found.select_related("thread").only(*shown).order_by("-pk")[:limit])
    for message in messages:
        message.thread.community = membership.community
    copies = mail.copies_for(membership.pk, membership.address.email, [one.mailing_id or 0 for one in messages])
    past = _Past(membership, messages, copies)
    return [_delivered(one, copies.get(one.mailing_id or 0), past) for one in messages]


def thread_for(membership: Membership, pk: int) -> Thread:
    """A discussion of the member's own list that its zone lets them read. Raises Http404."""
    thread = Thread.objects.filter(
        pk=key_now(pk), community=membership.community_id, zone__in=_zones(membership)
    ).first()
    if thread is None:
        raise Http404(gettext("There is no such discussion here."))
    thread.community = membership.community
    return thread


def choice_of(membership: Membership, thread: Thread) -> str:
    """ "follow" or "mute", or empty."""
    choice = ThreadChoice.objects.filter(thread=thread, membership=membership).first()
    return choice.wish if choice else ""


class _Past:
    """How a membership stood when a message went out."""

    def __init__(self, membership: Membership, messages: Sequence[Message], copies: dict[int, Copy]) -> None:
        self.membership = membership
        self._now = {name: getattr(membership, name) for name in ("delivery", "paused_until", "complained_at")}
        oldest = min((one.received_at for one in messages), default=None)
        self._changes = _changes_since(membership, oldest) if oldest else []
        chosen = ThreadChoice.objects.filter(membership=membership, thread__in=[one.thread_id for one in messages])
        self._choices = {one.thread_id: one for one in chosen}
        self._elsewhere = _reached_elsewhere(membership, copies.values())

    def why_not(self, message: Message, copy: Copy) -> str:
        """Why the member was to get no copy, in words; empty where they were."""
        told, at = copy.told, copy.at
        stood = self._stood(at)
        choice = self._choices.get(message.thread_id)
        wish = choice.wish if choice and choice.chosen_at <= at else ""
        if told.get("except_person") == self.membership.person_id:
            return gettext("It is your own, and your own posts are not sent back to you.")
        return (
            self._held(stood, at)
            or (gettext("You muted this discussion.") if wish == ThreadChoice.Wish.MUTE else "")
            or ("" if wish else _not_each(stood["delivery"]))
            or next(
                (gettext("You got it from %(community)s.") % {"community": name} for name in self._through(told)), ""
            )
        )

    def _held(self, stood: dict[str, Any], at: datetime) -> str:
        stopped, complained, paused = self.membership.address.stopped_at, stood["complained_at"], stood["paused_until"]
        if stopped and stopped <= at:
            return gettext("Mail to your address had stopped, because it came back.")
        if complained and complained <= at:
            return gettext("Mail to you had stopped, because a message was reported as spam from your mailbox.")
        return gettext("Your mail was paused.") if paused and paused > at else ""

    def _stood(self, at: datetime) -> dict[str, Any]:
        stood = dict(self._now)
        for changed_at, before in self._changes:
            if changed_at <= at:
                break
            stood |= {name: value for name, value in before.items() if name in stood}
        return stood

    def _through(self, told: dict[str, Any]) -> list[str]:
        return [self._elsewhere[pk] for pk, *_ in told.get("elsewhere", ()) if pk in self._elsewhere]


def _delivered(message: Message, copy: Copy | None, past: _Past) -> Delivered:
    about = {"subject": str(message), "href": message.get_absolute_url(), "author": message.author_name}
    if copy is None:
        return Delivered(
            **about, at=message.received_at, title=gettext("Sent"), why=gettext("Its delivery is no longer on record.")
        )
    is_told = copy.fate in {Copy.Fate.DEFERRED, Copy.Fate.REFUSED, Copy.Fate.CAME_BACK} or bool(copy.words)
    if not is_told and (why := past.why_not(message, copy)):
        return Delivered(**about, at=copy.at, title=gettext("Not sent"), why=why)
    return Delivered(
        **about, at=copy.at, title=str(_TITLES[copy.fate]), why=str(_EXPLAINED.get(copy.fate, "")), words=copy.words
    )


def _not_each(delivery: str) -> str:
    if delivery == Delivery.EACH:
        return ""
    return str(_DIGESTS.get(Delivery(delivery)) or gettext("You had chosen no mail."))


def _changes_since(membership: Membership, since: datetime) -> list[tuple[datetime, dict[str, Any]]]:
    """What the book says of this membership since then, the newest first: when, and how it stood before."""
    entries = Entry.objects.filter(
        about_type=membership._meta.label_lower, about_id=str(membership.pk), fact__in=_CHANGES, at__gte=since
    )
    rows = entries.order_by("-at", "-pk").values_list("at", "details")[:MOST_CHANGES]
    return [(at, _read(details.get("before"))) for at, details in rows]


def _read(before: Any) -> dict[str, Any]:
    """The book keeps moments as text; entries from before pauses kept the delivery alone."""
    if not isinstance(before, dict):
        return {"delivery": before} if before else {}
    moments = ("paused_until", "complained_at")
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value for name, value in before.items()
    }


def _reached_elsewhere(membership: Membership, copies: Collection[Copy]) -> dict[int, str]:
    """The other communities, of those that the same letters went to, in which this person gets each message."""
    others = {pk for copy in copies for pk, *_ in copy.told.get("elsewhere", ())}
    if not others:
        return {}
    mine = Membership.objects.filter(community__in=others, person=membership.person_id).receiving_each_message()
    return dict(mine.values_list("community", "community__name"))


def _zones(membership: Membership) -> list[str]:
    own = Membership.objects.filter(pk=membership.pk)
    return [zone for zone in Zone.values if zone == Zone.PUBLIC or community_rules.within_zone(own, zone).exists()]
