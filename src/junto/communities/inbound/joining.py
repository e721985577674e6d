"""SUBSCRIBE, SIGNOFF and CONFIRM."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext

from junto.communities import actions, letters, queries, rules
from junto.communities.inbound import options
from junto.communities.inbound.reading import Command
from junto.communities.inbound.sender import (
    Sender,
    list_and_rest,
    may_know,
    means_all_lists,
    membership_of,
    no_such_list,
    not_a_member,
    page,
    signed,
    without_fillers,
)
from junto.communities.letters import Section
from junto.communities.models import Community, Confirmation, Membership, State
from junto.kit.rulings import Refused


def subscribe(command: Command, sender: Sender) -> Section:
    """SUBSCRIBE list [name] [DIGEST]: asks for a confirmation, which proves the address and accepts the guidelines."""
    command = Command(command.line, command.verb, without_fillers(command.words))
    community, rest = list_and_rest(command, sender)
    if community is None or not may_know(community, sender):
        return no_such_list(command)
    membership = membership_of(sender, community)
    if membership and membership.is_active():
        link = (gettext("Change how you get mail"), signed("delivery", membership))
        return Section(
            command.line, [gettext("You are a member of %(community)s already.") % {"community": community}], [link]
        )
    if membership and membership.state == State.WAITING:
        return Section(
            command.line,
            [
                gettext("Your request to join %(community)s waits for a manager, who will write to you.")
                % {"community": community}
            ],
        )
    return _ask_to_join(command, sender, community, rest)


def signoff(command: Command, sender: Sender) -> Section:
    """SIGNOFF list | SIGNOFF *: at once where the sender is proven, otherwise after a confirmation."""
    command = Command(command.line, command.verb, without_fillers(command.words))
    if means_all_lists(command.words):
        return _signoff_everywhere(command, sender)
    community, _ = list_and_rest(command, sender)
    if community is None and not command.words:
        return _signoff_somewhere(command, sender)
    membership = membership_of(sender, community) if community else None
    if community is None or membership is None or not rules.may_see(sender.person, community):
        return not_a_member(command, sender, community)
    if membership.state not in {State.ACTIVE, State.WAITING}:
        return not_a_member(command, sender, community)
    return _leave(command, sender, membership)


def confirm(command: Command, sender: Sender) -> Section:
    """CONFIRM token, or OK with the token: does what was asked, for the owner of the address only."""
    token = next((bare for word in command.words if (bare := word.strip("[].:!")) and bare[:1].isalnum()), "")
    if not token:
        words = gettext(
            "Which confirmation? Reply to the letter that asked you, or send CONFIRM with the code in its subject. "
            "Where a letter asked whether you wrote a post, open its link and press the button."
        )
        return Section(command.line, [words])
    try:
        confirmation = queries.confirmation_by_token(token)
    except Http404 as error:
        return Section(command.line, [str(error)])
    return confirm_as(confirmation, sender, command.line)


def confirm_as(confirmation: Confirmation, sender: Sender, asked: str) -> Section:
    """Confirm in the name of a sender. An expired one is replaced by a fresh one, as the sender has just asked."""
    if confirmation.email != sender.email:
        return Section(
            asked, [gettext("Nothing is changed: this must come from the address that it is about. Write from there.")]
        )
    try:
        membership = actions.confirm(confirmation=confirmation, by=sender.person)
    except actions.Expired as refusal:
        fresh = actions.ask_again(confirmation=confirmation, by=sender.person)
        return Section(asked, [refusal.ruling.reason, gettext("Here is a fresh one.")], confirmation=fresh)
    except Refused as refusal:
        return Section(asked, [refusal.ruling.reason])
    return Section(asked, [_what_came(membership)], is_told=True)


def _ask_to_join(command: Command, sender: Sender, community: Community, rest: list[str]) -> Section:
    name, delivery = _name_and_delivery(rest, sender)
    confirmation = actions.ask(
        community=community,
        wish=Confirmation.Wish.JOIN,
        email=sender.email,
        name=name,
        delivery=delivery,
        by=sender.person,
    )
    sentence = gettext("One step is left before you join %(community)s: confirm that it is you who asks.") % {
        "community": community
    }
    return Section(command.line, [sentence], confirmation=confirmation, letter=letters.confirm(confirmation))


def _name_and_delivery(rest: list[str], sender: Sender) -> tuple[str, str]:
    """The name, and how mail is to come, from the words after the list: “Cleo Q. Chen WITH DIGEST”, “nodigest”."""
    delivery, name = "", []
    for word in rest:
        bare = word.upper().strip(".,:;()")
        if bare in {"DIGEST", "DAILY", "WEEKLY", "NOMAIL", "NODIGEST", "MAIL"}:
            delivery = str(options.OPTIONS[bare]["delivery"])
        elif bare not in {*options.NAMES, "WITH", "ANONYMOUS"} and "=" not in word:
            name.append(word)
    if not name or "@" in "".join(name):
        return sender.name, delivery
    return " ".join(name), delivery


def _leave(command: Command, sender: Sender, membership: Membership) -> Section:
    community = membership.community
    if ruling := rules.may_leave(membership):
        if sender.is_proven:
            left = actions.leave(membership=membership, came_by="mail", tells=False, by=membership.person)
            link = (gettext("Join again"), page("communities:join", community.slug))
            return Section(command.line, [_what_came(left)], [link], letter=letters.left(left))
        wish = Confirmation.Wish.LEAVE
        confirmation = actions.ask(community=community, wish=wish, email=sender.email, by=None)
        sentence = gettext("One step is left before you leave %(community)s.") % {"community": community}
        return Section(command.line, [sentence], confirmation=confirmation, letter=letters.confirm(confirmation))
    return Section(command.line, [ruling.reason])


def _signoff_somewhere(command: Command, sender: Sender) -> Section:
    """“Please unsubscribe me”: from the only list where that is clear, otherwise with a button for each list."""
    mine = queries.active_memberships_of_email(sender.email)
    if len(mine) == 1:
        return _leave(command, sender, mine[0])
    section = no_such_list(command)
    links = [
        (gettext("Leave %(community)s") % {"community": one.community}, signed("unsubscribe", one)) for one in mine
    ]
    return Section(section.asked, [*section.sentences, *([gettext("Or use a button here.")] if links else [])], links)


def _signoff_everywhere(command: Command, sender: Sender) -> Section:
    mine = queries.active_memberships_of_email(sender.email)
    if not mine:
        return Section(command.line, [gettext("%(email)s is not a member of any list here.") % {"email": sender.email}])
    if not sender.is_proven:
        links = [
            (gettext("Leave %(community)s") % {"community": one.community}, signed("unsubscribe", one)) for one in mine
        ]
        return Section(
            command.line,
            [gettext("Nothing in your letter proves that it came from you. Leave each list with one button here.")],
            links,
        )
    return Section(command.line, [_leave(command, sender, one).sentences[0] for one in mine])


def _what_came(membership: Membership) -> str:
    if membership.state == State.LEFT:
        return gettext("Done: you have left %(community)s. It sends you no more mail.") % {
            "community": membership.community
        }
    if membership.is_active():
        return gettext("Done: you are a member of %(community)s. A letter of welcome is on its way.") % {
            "community": membership.community
        }
    return gettext("Thank you. %(reason)s You will hear from a manager of %(community)s.") % {
        "reason": membership.reason,
        "community": membership.community,
    }
