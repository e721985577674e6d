"""What managers do to many members at once, or to settings, so that it can be undone within a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from junto.audit.actions import record, record_each
from junto.communities import letters, rules
from junto.communities.actions import parts
from junto.communities.actions._rows import hold_managers
from junto.communities.actions.editing import edit
from junto.communities.actions.feeding import set_feeds, set_zones
from junto.communities.actions.managing import appoint, remove
from junto.communities.models import Community, Deed, Delivery, Membership, Role, State
from junto.kit.rulings import Refused, no, require
from junto.mail import actions as mail
from junto.mail.letter import Audience, Letter
from junto.people.models import Person

_PORTION = 500


@transaction.atomic
def set_settings(*, community: Community, words: str, by: Person, **fields: Any) -> Deed | None:
    """Change settings, keep what they were, and tell it in `words`; None where nothing differs. Raises Refused."""
    require(rules.may_manage(by, community))
    before = {name: getattr(community, name) for name, value in fields.items() if getattr(community, name) != value}
    if not before:
        return None
    edit(community=community, by=by, **{name: fields[name] for name in before})
    return _note(community, Deed.What.SETTINGS, words, before, by)


@transaction.atomic
def set_reach(
    *, community: Community, has_zones: bool, default_zone: str, targets: Collection[Community], words: str, by: Person
) -> Deed | None:
    """Say how far posts go from now on, keep how far they went, and tell it in `words`; None where nothing differs.

    Raises Refused.
    """
    require(rules.may_manage(by, community))
    parts.lock(community)
    before = rules.how_far(community)
    after = {"has_zones": has_zones, "default_zone": default_zone, "feeds": sorted(one.pk for one in targets)}
    if before == after:
        return None
    _go_as_far(community, before, after, by)
    return _note(community, Deed.What.REACH, words, {"before": before, "after": after}, by)


@transaction.atomic
def dismiss(*, membership: Membership, reason: str, by: Person) -> Deed:
    """Remove one member, with a letter of their own, so that it can be undone. Raises Refused."""
    role = membership.role
    gone = remove(membership=membership, reason=reason, by=by)
    words = gettext("%(name)s is no longer a member, and has been told by mail.") % {"name": gone.person.display_name}
    return _note(gone.community, Deed.What.REMOVAL, words, [[gone.pk, role]], by)


@transaction.atomic
def remove_many(*, community: Community, keys: Collection[int], reason: str, by: Person) -> Deed:
    """End these memberships with one letter to all of them. Managers, and whoever does it, stay. Raises Refused."""
    require(rules.may_manage(by, community))
    if not reason.strip():
        raise Refused(no(gettext("Say why: the reason goes to the members and in the book.")))
    hold_managers(community)
    told = [one for one in _active(community, keys) if rules.may_remove_from_table(by, one)]
    now = timezone.now()
    before = [[one.pk, one.role] for one in told]
    _update(
        before, state=State.REMOVED, ended_at=now, role=Role.MEMBER, decided_by=by, decided_at=now,
        decision_note=reason.strip(),
    )  # fmt: skip
    record_each("communities.member.removed", about=told, by=by, reason=reason.strip())
    count = len(before)
    words = ngettext(
        "%(count)d member was removed, and is told by mail.",
        "%(count)d members were removed, and are told by mail.",
        count,
    ) % {"count": count}
    deed = _note(community, Deed.What.REMOVAL, words, before, by, reason=reason.strip())
    _write_to(deed, letters.removed_with_others(community, reason=reason.strip()))
    return deed


@transaction.atomic
def set_delivery_of_many(*, community: Community, keys: Collection[int], delivery: str, by: Person) -> Deed:
    """From now on these members get mail this way; each can change it again. Raises Refused."""
    require(rules.may_manage(by, community))
    if delivery not in Delivery.values:
        raise Refused(no(gettext("Choose how the mail is to come.")))
    told = [one for one in _active(community, keys) if one.delivery != delivery]
    before = [[one.pk, one.delivery] for one in told]
    _update(before, delivery=delivery)
    record_each("communities.member.delivery_set", about=told, by=by, after={"delivery": delivery})
    label = str(Delivery(delivery).label)
    words = ngettext(
        "From now on %(count)d member gets: %(delivery)s.",
        "From now on %(count)d members get: %(delivery)s.",
        len(before),
    ) % {"count": len(before), "delivery": label}
    return _note(community, Deed.What.DELIVERY, words, before, by)


@transaction.atomic
def appoint_many(*, community: Community, keys: Collection[int], role: str, by: Person) -> Deed:
    """Give some members a role; each is told by mail. At most rules.MOST_APPOINTED at once. Raises Refused."""
    require(rules.may_manage(by, community))
    if len(keys) > rules.MOST_APPOINTED:
        raise Refused(no(gettext("Give a role to at most %(most)d at a time.") % {"most": rules.MOST_APPOINTED}))
    told = [one for one in _active(community, keys) if one.role == Role.MEMBER]
    before = [[one.pk, one.role] for one in told]
    for one in told:
        appoint(membership=one, role=role, by=by)
    words = ngettext(
        "%(count)d member is a moderator now, and is told by mail.",
        "%(count)d members are moderators now, and are told by mail.",
        len(before),
    ) % {"count": len(before)}
    return _note(community, Deed.What.ROLE, words, before, by)


@transaction.atomic
def welcome_many_again(*, community: Community, keys: Collection[int], by: Person) -> Deed:
    """Send the letter of welcome once more. Raises Refused."""
    require(rules.may_manage(by, community))
    before = [[one.pk, ""] for one in _active(community, keys)]
    words = ngettext(
        "The welcome letter is on its way to %(count)d member.",
        "The welcome letter is on its way to %(count)d members.",
        len(before),
    ) % {"count": len(before)}
    deed = _note(community, Deed.What.WELCOME, words, before, by)
    _write_to(deed, letters.welcome_again(community))
    return deed


@transaction.atomic
def undo(*, deed: Deed, by: Person) -> Deed:
    """Put back what was before, where nobody changed it since. Raises Refused."""
    deed = Deed.objects.select_for_update(of=("self",)).select_related("community").get(pk=deed.pk)
    require(rules.may_undo(by, deed))
    deed.undone_at = timezone.now()
    deed.save(update_fields=["undone_at"])
    record("communities.deed.undone", about=deed, by=by, what=deed.what)
    _UNDOES[deed.what](deed, by)
    return deed


def _undo_settings(deed: Deed, by: Person) -> None:
    edit(community=deed.community, by=by, **deed.before)


def _undo_reach(deed: Deed, by: Person) -> None:
    """What went out meanwhile stays with those who got it: this holds for posts from now on."""
    parts.lock(deed.community)
    require(rules.may_take_reach_back(deed))
    _go_as_far(deed.community, deed.before["after"], deed.before["before"], by)


def _go_as_far(community: Community, before: dict[str, Any], after: dict[str, Any], by: Person) -> None:
    zones = {name: after[name] for name in ("has_zones", "default_zone")}
    if any(before[name] != value for name, value in zones.items()):
        set_zones(community=community, by=by, **zones)
    if after["feeds"] != before["feeds"]:
        set_feeds(source=community, targets=Community.objects.filter(pk__in=after["feeds"]), by=by)


def _undo_delivery(deed: Deed, by: Person) -> None:
    for value in {value for _, value in deed.before}:
        _update([pair for pair in deed.before if pair[1] == value], delivery=value)


def _undo_role(deed: Deed, by: Person) -> None:
    values = dict(deed.before)
    for one in Membership.objects.filter(pk__in=values).active().select_related("community"):
        appoint(membership=one, role=values[one.pk], by=by)


def _undo_removal(deed: Deed, by: Person) -> None:
    for role in {role for _, role in deed.before}:
        pairs = [pair for pair in deed.before if pair[1] == role]
        _update(pairs, gone_by=deed.at, state=State.ACTIVE, ended_at=None, role=role, decision_note="")
    _write_to(deed, letters.restored(deed.community))


_UNDOES: dict[str, Callable[[Deed, Person], None]] = {
    Deed.What.SETTINGS: _undo_settings,
    Deed.What.REACH: _undo_reach,
    Deed.What.DELIVERY: _undo_delivery,
    Deed.What.ROLE: _undo_role,
    Deed.What.REMOVAL: _undo_removal,
}


def _active(community: Community, keys: Collection[int]) -> list[Membership]:
    """Those among these numbers who are members now, their rows held until the transaction ends."""
    found: list[Membership] = []
    for portion in _portions(sorted(keys)):
        rows = Membership.objects.filter(community=community, pk__in=portion).active().order_by("pk")
        found += rows.select_for_update(of=("self",)).select_related("person", "community", "address")
    return found


def _update(pairs: Collection[Any], *, gone_by: datetime | None = None, **values: Any) -> None:
    """Change the rows with these numbers; with `gone_by`, only those that were removed by then and did not come back."""
    for portion in _portions([key for key, _ in pairs]):
        rows = Membership.objects.filter(pk__in=portion)
        (rows.filter(state=State.REMOVED, ended_at__lte=gone_by) if gone_by else rows).update(**values)


def _portions(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _PORTION] for start in range(0, len(keys), _PORTION))


def _note(community: Community, what: str, words: str, before: Any, by: Person, reason: str = "") -> Deed:
    deed = Deed.objects.create(community=community, what=what, words=words[:1_000], before=before, by=by)
    record("communities.deed.done", about=deed, by=by, reason=reason, what=what, count=len(before))
    return deed


def _write_to(deed: Deed, letter: Letter) -> None:
    if deed.before:
        audience = Audience("communities.of_deed", {"community": deed.community_id, "deed": deed.pk})
        mail.fan_out(letter, audience=audience, return_to="post", about=f"communities.deed:{deed.pk}")
