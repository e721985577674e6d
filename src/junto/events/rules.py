"""Who may see an event and its link, and who may plan, publish and cancel one."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junto.communities import rules as communities
from junto.communities.models import Community, Readers
from junto.events.models import Audience, Event, State
from junto.kit.rulings import Ruling, no, yes
from junto.people import rules as people
from junto.people.models import Person

NOT_THERE = gettext_lazy("There is no such event here.")


def may_see(person: Person | None, event: Event) -> Ruling:
    """Drafts are there for those who manage them; all else for its audience."""
    if event.is_draft and not may_manage(person, event):
        return no(str(NOT_THERE), hidden=True)
    if event.community is None:
        return yes()
    if event.audience == Audience.PUBLIC:
        return communities.may_see(person, event.community)
    return may_see_all(person, event.community)


def may_see_all(person: Person | None, community: Community) -> Ruling:
    """May this person see the events that are for readers of the community only?"""
    if not (seen := communities.may_see(person, community)):
        return seen
    if communities.may_read(person, community):
        return yes()
    if community.readers == Readers.GOVERNMENT:
        return no(_("Sign in with a government address, or join the community, to see this event."))
    return no(_("Only members of the community may see this event. Join to see it."))


def may_see_link(person: Person | None, event: Event) -> Ruling:
    """May this person see where one joins online?

    Members may. Of what anybody may see, people in government may too, since it was announced to them. A link that
    strangers find brings strangers into the room.
    """
    if not (seen := may_see(person, event)):
        return seen
    if person is None:
        return no(_("Sign in to see the link to join."))
    if _is_member(person, event.community) or people.may_run_site(person):
        return yes()
    if _is_for_everyone(event) and people.is_government(person):
        return yes()
    if event.community is None:
        return no(_("People with a government address see the link to join. Add yours to your addresses."))
    return no(_("Members of the community see the link to join. Join the community first."))


def may_manage(person: Person | None, event: Event) -> Ruling:
    """May this person change the event? Those of the site belong to whoever runs it."""
    if event.community is not None:
        return communities.may_manage(person, event.community)
    return people.may_run_site(person) if person else no(_("Sign in first."))


def may_plan(person: Person | None, community: Community) -> Ruling:
    if not (managed := communities.may_manage(person, community)):
        return managed
    if community.retired_at:
        return no(_("This community has closed, so no new event can be planned."))
    return yes()


def may_publish(person: Person | None, event: Event) -> Ruling:
    if not (managed := may_manage(person, event)):
        return managed
    return yes() if event.state == State.DRAFT else no(_("This event is published already."))


def may_cancel(person: Person | None, event: Event) -> Ruling:
    if not (managed := may_manage(person, event)):
        return managed
    if event.state != State.PUBLISHED:
        return no(_("Only an event that is published can be canceled."))
    return no(_("This event is over, so it can no longer be canceled.")) if event.is_over() else yes()


def may_restore(person: Person | None, event: Event) -> Ruling:
    if not (managed := may_manage(person, event)):
        return managed
    return yes() if event.state == State.CANCELLED else no(_("This event is not canceled."))


def public_label(community_id: int | None) -> str:
    """The search label of events that anybody may see who may see their community."""
    return f"events:{community_id}" if community_id else "public"


def _is_member(person: Person, community: Community | None) -> bool:
    membership = communities.membership_of(person, community) if community else None
    return membership is not None and membership.is_active()


def _is_for_everyone(event: Event) -> bool:
    return event.community is None or event.audience == Audience.PUBLIC or communities.is_read_by_all(event.community)
