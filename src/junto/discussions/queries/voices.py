"""Who speaks on a page: role in the community, whether they offer help, the alias that reaches them. One query for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from junto.communities.models import Membership, Role
from junto.discussions.models import Alias, Thread, ThreadChoice, UsefulMark
from junto.kit.prepared import Prepared
from junto.people.models import Person
from junto.people.rules import audiences_of


@dataclass(frozen=True, slots=True)
class Voice:
    """What stands beside an author's name in this community; `alias` is the key of the address that stands for them,
    `wish` whether they follow or mute the thread."""

    role: str
    alias: int | None
    wish: str = ""


def voices_in(thread: Thread, authors: Collection[int], reader: Person | None) -> dict[int, Voice]:
    """The active members among these people and the reader, by key. Experts are those who let this reader know what they
    can help with."""
    people = {*authors, reader.pk} if reader else authors
    if not people:
        return {}
    rows = _VOICES.all(thread=thread.pk, community=thread.community_id, people=tuple(people))
    known = getattr(thread.community, "known_memberships", {}).get(reader.pk) if reader else None
    sees = audiences_of(reader, is_colleague=known is not None and known.is_active())
    return {
        person: Voice(_role(role, is_expert=bool(helps) and audience in sees), alias_pk, wish or "")
        for person, role, helps, audience, alias_pk, wish in rows
    }


def _voices(thread: int, community: int, people: Collection[int]) -> QuerySet[Membership, Any]:
    chosen = ThreadChoice.objects.filter(thread=thread, membership=OuterRef("pk")).values("wish")
    alias = Alias.objects.filter(community=community, person=OuterRef("person")).values("pk")
    return (
        Membership.objects.filter(community=community, person__in=people)
        .active()
        .values_list(
            "person",
            "role",
            "person__profile__helps_with",
            "person__profile__helps_with_for",
            Subquery(alias),
            Subquery(chosen),
        )
    )


_VOICES: Prepared[tuple[int, str, str, str, int | None, str | None]] = Prepared(_voices)


def found_useful_by(thread: Thread, person: Person | None) -> frozenset[int]:
    """The messages of a thread that somebody marked; no query where nobody marked any."""
    if person is None or not thread.useful_count:
        return frozenset()
    own = UsefulMark.objects.filter(message__thread=thread, person=person)
    return frozenset(own.values_list("message_id", flat=True))


def _role(role: str, *, is_expert: bool) -> str:
    if role == Role.MANAGER:
        return _("Manager")
    if role == Role.MODERATOR:
        return _("Moderator")
    return _("Subject expert") if is_expert else ""
