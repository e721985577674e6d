"""What waits on the manager's desk, section by section, each in one query; and the pages that manage letters and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Window
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from junto.communities import rules
from junto.communities.models import UNDO_LASTS, Announcement, Community, Deed, Membership, MembershipQuerySet, Role
from junto.communities.queries.audience import announced_to
from junto.communities.queries.directory import PER_PAGE
from junto.communities.queries.finding import find
from junto.kit.addresses import BadAddress, normalise
from junto.mail import queries as mail
from junto.people.models import PROOF_LASTS, Person
from junto.people.queries import visitor
from junto.people.rules import PROOF_ASKED_EVERY, PROOF_WARNING

MOST_SHOWN = 10
PROOF_IS_MISSED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Heap:
    """The first of what waits, and how much there is in all."""

    rows: Sequence[Any] = ()
    total: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


def find_managed(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    """The community, and the manager who looks. Raises Http404, Refused."""
    person = visitor(request)
    community = find(slug, may=rules.may_manage, person=person)
    assert person is not None, "may_manage lets nobody in who is not signed in"
    return community, person


def heap_of(found: QuerySet[Any], limit: int = MOST_SHOWN) -> Heap:
    """The first rows of an ordered query and the number of all, in one question to the database."""
    rows: list[Model] = list(found.annotate(in_all=Window(Count("pk")))[:limit])
    return Heap(rows, getattr(rows[0], "in_all", len(rows)) if rows else 0)


def requests_to_join(community: Community) -> Heap:
    """Who waits for a decision, the newest first."""
    waiting = _members(community).waiting()
    return heap_of(waiting.order_by("-asked_at", "-pk"))


def mail_that_comes_back(community: Community) -> Heap:
    """Members to whom no mail goes any more, the latest first."""
    stopped = _members(community).active().filter(address__stopped_at__isnull=False)
    return heap_of(stopped.order_by("-address__stopped_at", "-pk"))


def proofs_running_out(community: Community) -> Heap:
    """Members whose address was not proved for nearly a year, and whom nobody has asked within two weeks."""
    now = timezone.now()
    lapsing = _members(community).active().filter(
        Q(address__proof_asked_at=None) | Q(address__proof_asked_at__lt=now - PROOF_ASKED_EVERY),
        address__stopped_at=None,
        address__proved_at__lt=now - PROOF_LASTS + PROOF_WARNING,
        address__proved_at__gt=now - PROOF_LASTS - PROOF_IS_MISSED,
    )  # fmt: skip
    heap = heap_of(lapsing.order_by("address__proved_at", "pk"))
    for one in heap.rows:
        one.proof_ends_at = one.address.proved_at + PROOF_LASTS
    return heap


def links_to_nowhere(community: Community) -> Heap:
    """Resources of the page that lead nowhere, in its order."""
    return heap_of(community.resource_links.leading_nowhere().order_by("position", "pk"))


def open_notices(community: Community) -> Heap:
    """What happened with the mail, and nobody has settled."""
    return heap_of(community.notices.filter(settled_at=None).order_by("-last_at", "-pk"))


def invitations_not_taken(community: Community) -> Heap:
    """Invitations older than a week that nobody took, and about which nobody was reminded, the newest first."""
    since = timezone.now() - rules.INVITATION_WAITS
    found = community.invitations.filter(used_at=None, reminded_at=None, invited_at__lt=since)
    heap = heap_of(found.order_by("-invited_at", "-pk"))
    for one in heap.rows:
        one.community = community
    return heap


def lately_done(community: Community) -> list[Deed]:
    """What can still be undone."""
    since = timezone.now() - UNDO_LASTS
    found = community.deeds.filter(at__gt=since, undone_at=None).exclude(what=Deed.What.WELCOME)
    return list(found.select_related("by").defer("before").order_by("-at")[:5])


def deed_to_tell(community: Community, pk: int) -> Deed | None:
    """The deed that a page of the desk tells of, while it is fresh."""
    since = timezone.now() - UNDO_LASTS
    found = community.deeds.filter(pk=pk, at__gt=since).defer("before").first()
    if found is not None:
        found.community = community
    return found


def invitations_page(community: Community, person: Person, *, before: str = "") -> dict[str, Any]:
    """Invitations that nobody has taken, the newest first, each with whether it may be repeated; and the last that were."""
    open_ones = community.invitations.filter(used_at=None).order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 18:
        open_ones = open_ones.filter(pk__lt=int(before))
    rows = list(open_ones.select_related("invited_by")[: PER_PAGE + 1])
    taken = community.invitations.exclude(used_at=None).select_related("invited_by").order_by("-used_at", "-pk")
    for one in rows:
        one.community = community
    return {
        "open": [(one, rules.may_remind(person, one)) for one in rows[:PER_PAGE]],
        "open_count": community.invitations.filter(used_at=None).count(),
        "older": f"?before={rows[PER_PAGE - 1].pk}" if len(rows) > PER_PAGE else "",
        "taken": list(taken[:PER_PAGE]),
        "taken_count": community.invitations.exclude(used_at=None).count(),
    }


def team(community: Community) -> dict[str, list[Membership]]:
    """Managers and moderators, by name."""
    found = list(_members(community).moderating().order_by("person__name", "pk"))
    return {role: [one for one in found if one.role == role] for role in (Role.MANAGER.value, Role.MODERATOR.value)}


def member_with_address(community: Community, text: str) -> Membership | None:
    """The member to whom an address belongs, as somebody typed it; None for nobody."""
    try:
        email = normalise(text)
    except BadAddress:
        return None
    return _members(community).active().filter(person__addresses__email=email).first()


def addresses_of_list(community: Community) -> list[tuple[str, str]]:
    """(address, what it is for) of everything to which mail can be sent."""
    older = [f"{one.name}@{community.list_address.partition('@')[2]}" for one in community.list_names.order_by("name")]
    return [
        (community.list_address, gettext("A post to everybody")),
        (community.command_address("subscribe-request"), gettext("To join")),
        (community.command_address("signoff-request"), gettext("To leave")),
        (community.command_address("request"), gettext("To the managers")),
        *((address, gettext("An older address, which still works")) for address in older),
    ]


def announcements_page(community: Community, *, before: str = "") -> dict[str, Any]:
    """Drafts, and what was announced, the latest first, with how far each has come."""
    everything = community.announcements.select_related("by")
    sent = everything.exclude(sent_at=None).order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 18:
        sent = sent.filter(pk__lt=int(before))
    rows = list(sent[: PER_PAGE + 1])
    deliveries = mail.deliveries_of([one.mailing_id for one in rows if one.mailing_id])
    return {
        "drafts": list(everything.filter(sent_at=None).order_by("-written_at")[:PER_PAGE]),
        "sent": [(one, deliveries.get(one.mailing_id or 0)) for one in rows[:PER_PAGE]],
        "older": f"?before={rows[PER_PAGE - 1].pk}" if len(rows) > PER_PAGE else "",
    }


def reach_of_announcement(announcement: Announcement) -> dict[str, Any]:
    """Whom a draft would reach now, and whom not and why; of one that was sent, how far it has come."""
    if announcement.mailing_id:
        return {"delivery": mail.delivery_of(announcement.mailing_id)}
    members = Membership.objects.filter(community=announcement.community_id).active()
    return {
        "recipients": announced_to(announcement.community_id).count(),
        "left_out": members.aggregate(
            stopped=Count("pk", filter=Q(address__stopped_at__isnull=False)),
            complained=Count("pk", filter=Q(address__stopped_at=None, complained_at__isnull=False)),
            unwilling=Count("pk", filter=Q(address__stopped_at=None, complained_at=None, wants_announcements=False)),
        ),
    }


def _members(community: Community) -> MembershipQuerySet:
    """Memberships with their people; each knows the community without asking for it."""
    found = Membership.objects.filter(community=community)
    return found.select_related("person__agency", "address__agency")
