"""SET, HOLD and QUERY: how a member gets mail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from junto.communities import actions, queries
from junto.communities.inbound import options
from junto.communities.inbound.options import Wish
from junto.communities.inbound.reading import Command
from junto.communities.inbound.sender import (
    Sender,
    list_and_rest,
    list_name,
    means_all_lists,
    membership_of,
    names_a_list,
    no_such_list,
    not_a_member,
    signed,
)
from junto.communities.letters import Section
from junto.communities.models import Delivery, Membership
from junto.kit.rulings import Refused

_UNPROVEN = _("Nothing in your letter proves that it came from you, so nothing is changed yet. Change it here.")


def set_option(command: Command, sender: Sender) -> Section:
    """SET list|* option…: at once where the sender is proven, otherwise a signed link is sent back."""
    mine, rest = _which(command, sender)
    if not mine:
        community, _ = list_and_rest(command, sender)
        return not_a_member(command, sender, community)
    if len(mine) > 1 and not means_all_lists(command.words):
        return _say_which(command, mine)
    wish = options.read(rest, queries.today_of(mine[0]))
    links = [
        (
            gettext("Change how you get %(list_label)s") % {"list_label": one.community.list_label},
            signed("delivery", one),
        )
        for one in mine
    ]
    if wish.shows and not wish.asks_for_something:
        return Section(command.line, [words for one in mine for words in queries.settings_in_words(one)], links)
    told = _told_about(wish)
    if not wish.asks_for_something:
        return Section(command.line, told or [_known_options()], links)
    if not sender.is_proven:
        return Section(command.line, [str(_UNPROVEN), *told], links)
    return Section(command.line, [words for one in mine for words in _obey(wish, one)] + told, links)


def hold(command: Command, sender: Sender) -> Section:
    """HOLD list until a day, and RESUME list: the same as SET list HOLD and SET list HOLD OFF."""
    named = bool(command.words) and (means_all_lists(command.words) or names_a_list(command.words[0]))
    which, rest = (command.words[:1], command.words[1:]) if named else ([], command.words)
    verb = "RESUME" if command.verb == "RESUME" else "HOLD"
    return set_option(Command(command.line, "SET", [*which, verb, *rest]), sender)


def query(command: Command, sender: Sender) -> Section:
    """QUERY list | QUERY *: how the sender stands, everything that is set."""
    community, _ = list_and_rest(command, sender)
    mine = queries.active_memberships_of_email(sender.email)
    if community is not None and not means_all_lists(command.words):
        mine = [one for one in mine if one.community_id == community.pk]
    elif command.words and not means_all_lists(command.words):
        return no_such_list(command)
    if not mine:
        return Section(
            command.line, [gettext("%(email)s is not a member of any list asked about.") % {"email": sender.email}]
        )
    links = [
        (
            gettext("Change how you get %(list_label)s") % {"list_label": one.community.list_label},
            signed("delivery", one),
        )
        for one in mine
    ]
    return Section(command.line, [words for one in mine for words in queries.settings_in_words(one)], links)


def _which(command: Command, sender: Sender) -> tuple[list[Membership], list[str]]:
    """The memberships that a SET is about, and its options. One that names no list is about all that could be meant."""
    if means_all_lists(command.words):
        return queries.active_memberships_of_email(sender.email), command.words[1:]
    community, rest = list_and_rest(command, sender)
    if community is not None:
        membership = membership_of(sender, community)
        return ([membership] if membership and membership.is_active() else []), rest
    first = list_name(command.words[0]).upper() if command.words else ""
    if not first or first in options.NAMES:
        return queries.active_memberships_of_email(sender.email), command.words
    return [], rest


def _say_which(command: Command, mine: list[Membership]) -> Section:
    lists = ", ".join(one.community.list_name for one in mine)
    example = f"SET {mine[0].community.list_name} {' '.join(command.words) or 'DIGEST'}"
    words = gettext(
        "You are a member of several lists: %(lists)s. Say which, as in “%(example)s”, or SET * for all of them."
    ) % {"lists": lists, "example": example}
    return Section(command.line, [words])


def _obey(wish: Wish, membership: Membership) -> list[str]:
    """Change what was asked for; what came of it, in sentences."""
    by, refused = membership.person, []
    try:
        if wish.changes:
            membership = actions.set_delivery(membership=membership, by=by, **_changes(wish, membership))
        if wish.resumes:
            membership = actions.resume(membership=membership, by=by)
        if wish.until:
            membership = actions.pause(membership=membership, until=wish.until, by=by)
    except Refused as refusal:
        refused.append(refusal.ruling.reason)
        if not wish.changes:
            return refused
    first, *others = queries.settings_in_words(membership)
    return [*refused, gettext("Done. %(settings)s") % {"settings": first}, *others]


def _changes(wish: Wish, membership: Membership) -> dict[str, Any]:
    changes = dict(wish.changes)
    if changes.get("delivery") == options.DIGEST_AS_IT_IS:
        is_weekly = membership.delivery == Delivery.WEEKLY
        changes["delivery"] = Delivery.WEEKLY if is_weekly else Delivery.DAILY
    return changes


def _told_about(wish: Wish) -> list[str]:
    told = list(dict.fromkeys(wish.remarks))
    if wish.unknown:
        words = ngettext(
            "%(names)s is not an option here. %(known)s", "%(names)s are not options here. %(known)s", len(wish.unknown)
        )
        names = ", ".join(f"“{name}”" for name in wish.unknown)
        told.append(words % {"names": names, "known": _known_options()})
    return told


def _known_options() -> str:
    days = {day.upper() for day in queries.WEEKDAYS}
    return gettext("These are: %(choices)s, HOLD with a date, HOUR.") % {
        "choices": ", ".join(name for name in options.OPTIONS if name not in days)
    }
