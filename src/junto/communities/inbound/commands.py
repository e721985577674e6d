"""The commands of list mail as a table: verb to function. Each function says what came of it, in a `Section`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from junto.communities import actions, letters, queries, rules
from junto.communities.inbound.reading import Command
from junto.communities.letters import Section
from junto.communities.models import Community, Confirmation, Delivery, Membership, State
from junto.kit.rulings import Refused
from junto.people import queries as people
from junto.people.models import Person


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote: the address and name in From:, whether that is proven, and the list that the letter was sent to."""

    email: str
    name: str
    is_proven: bool
    community: Community | None = None

    @property
    def person(self) -> Person | None:
        return people.find_by_email(self.email)


def obey(command: Command, sender: Sender) -> Section:
    """Do one command; a refusal becomes its sentence."""
    try:
        return COMMANDS[command.verb](command, sender)
    except Refused as refusal:
        return Section(command.line, [refusal.ruling.reason])


def subscribe(command: Command, sender: Sender) -> Section:
    """SUBSCRIBE list [name]: asks for a confirmation, which proves the address and accepts the guidelines."""
    community, rest = _list_and_rest(command, sender)
    if community is None or not _may_know(community, sender):
        return _no_such_list(command)
    membership = _membership(sender, community)
    if membership and membership.is_active():
        link = ("Change how you get mail", _signed("delivery", membership))
        return Section(command.line, [f"You are a member of {community} already."], [link])
    if membership and membership.state == State.WAITING:
        return Section(command.line, [f"Your request to join {community} waits for a manager, who will write to you."])
    name = " ".join(rest) if rest and "@" not in "".join(rest) else sender.name
    wish = Confirmation.Wish.JOIN
    confirmation = actions.ask(community=community, wish=wish, email=sender.email, name=name, by=sender.person)
    sentence = f"One step is left before you join {community}: confirm that it is you who asks."
    return Section(command.line, [sentence], confirmation=confirmation, letter=letters.confirm(confirmation))


def signoff(command: Command, sender: Sender) -> Section:
    """SIGNOFF list | SIGNOFF *: at once where the sender is proven, otherwise after a confirmation."""
    if command.words[:1] == ["*"]:
        return _signoff_everywhere(command, sender)
    community, _ = _list_and_rest(command, sender)
    membership = _membership(sender, community) if community else None
    if community is None or membership is None or not rules.may_see(sender.person, community):
        return _not_a_member(command, sender, community)
    if membership.state not in {State.ACTIVE, State.WAITING}:
        return _not_a_member(command, sender, community)
    return _leave(command, sender, membership)


def set_option(command: Command, sender: Sender) -> Section:
    """SET list MAIL|NOMAIL|DIGEST…: at once where the sender is proven, otherwise a signed link is sent back."""
    community, rest = _list_and_rest(command, sender)
    membership = _membership(sender, community) if community else None
    if community is None or membership is None or not membership.is_active():
        return _not_a_member(command, sender, community)
    option = rest[0].upper() if rest else ""
    link = ("Change how you get mail", _signed("delivery", membership))
    if option not in OPTIONS:
        known = ", ".join(OPTIONS)
        return Section(command.line, [f"“{option}” is not an option here. These are: {known}."], [link])
    if not sender.is_proven:
        words = "We could not tell whether your letter truly came from you, so nothing is changed yet. Change it here."
        return Section(command.line, [words], [link])
    delivery, own = OPTIONS[option]
    changed = actions.set_delivery(membership=membership, delivery=delivery, wants_own_posts=own, by=membership.person)
    return Section(command.line, [f"Done. {_how_mail_comes(changed)}"], [link])


def query(command: Command, sender: Sender) -> Section:
    """QUERY list | QUERY *: how the sender stands."""
    community, _ = _list_and_rest(command, sender)
    mine = queries.active_memberships_of_email(sender.email)
    if community is not None and command.words[:1] != ["*"]:
        mine = [one for one in mine if one.community_id == community.pk]
    elif command.words and command.words[0] != "*":
        return _no_such_list(command)
    if not mine:
        return Section(command.line, [f"{sender.email} is not a member of any list asked about."])
    links = [(f"Change {one.community.list_label}", _signed("delivery", one)) for one in mine]
    return Section(command.line, [_how_mail_comes(one) for one in mine], links)


def lists(command: Command, sender: Sender) -> Section:
    """LISTS: the communities that the directory names."""
    sentences = [f"{one.list_name}: {one.name}" for one in queries.lists()]
    link = ("All communities", settings.SITE_URL + reverse("communities:directory"))
    return Section(command.line, sentences or ["There are no lists here yet."], [link])


def tell_commands(command: Command, sender: Sender) -> Section:
    """HELP: every command, each in one line."""
    return Section(
        command.line, [f"These commands work, one on a line, sent to listserv@{settings.LIST_DOMAIN}:", *HELP]
    )


def confirm(command: Command, sender: Sender) -> Section:
    """CONFIRM token, or OK with the token: does what was asked, for the owner of the address only."""
    token = next((word.strip("[]") for word in command.words), "")
    if not token:
        words = (
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
            asked, ["Nothing is changed: this must come from the address that it is about. Write from there."]
        )
    try:
        membership = actions.confirm(confirmation=confirmation, by=sender.person)
    except actions.Expired as refusal:
        fresh = actions.ask_again(confirmation=confirmation, by=sender.person)
        return Section(asked, [refusal.ruling.reason, "Here is a fresh one."], confirmation=fresh)
    except Refused as refusal:
        return Section(asked, [refusal.ruling.reason])
    return Section(asked, [_what_came(membership)], is_told=True)


def _list_and_rest(command: Command, sender: Sender) -> tuple[Community | None, list[str]]:
    """The list that a command names, or the one whose address it was sent to; and the words after it."""
    first = command.words[0].partition("@")[0] if command.words else ""
    named = queries.community_of_list(first) if first else None
    if named is None and sender.community is not None:
        return sender.community, command.words
    return named, command.words[1:]


def _may_know(community: Community, sender: Sender) -> bool:
    return bool(rules.may_see(sender.person, community)) or rules.is_invited_at(sender.email, community)


def _membership(sender: Sender, community: Community) -> Membership | None:
    return queries.membership_of(sender.person, community)


def _leave(command: Command, sender: Sender, membership: Membership) -> Section:
    community = membership.community
    if ruling := rules.may_leave(membership):
        if sender.is_proven:
            left = actions.leave(membership=membership, came_by="mail", tells=False, by=membership.person)
            link = ("Join again", settings.SITE_URL + reverse("communities:join", args=[community.slug]))
            return Section(command.line, [_what_came(left)], [link], letter=letters.left(left))
        wish = Confirmation.Wish.LEAVE
        confirmation = actions.ask(community=community, wish=wish, email=sender.email, by=None)
        sentence = f"One step is left before you leave {community}."
        return Section(command.line, [sentence], confirmation=confirmation, letter=letters.confirm(confirmation))
    return Section(command.line, [ruling.reason])


def _signoff_everywhere(command: Command, sender: Sender) -> Section:
    mine = queries.active_memberships_of_email(sender.email)
    if not mine:
        return Section(command.line, [f"{sender.email} is not a member of any list here."])
    if not sender.is_proven:
        links = [(f"Leave {one.community}", _signed("unsubscribe", one)) for one in mine]
        return Section(
            command.line,
            ["We could not tell whether your letter truly came from you. Leave each list with one button here."],
            links,
        )
    return Section(command.line, [_leave(command, sender, one).sentences[0] for one in mine])


def _what_came(membership: Membership) -> str:
    if membership.state == State.LEFT:
        return f"Done: you have left {membership.community}. It sends you no more mail."
    if membership.is_active():
        return f"Done: you are a member of {membership.community}. A letter of welcome is on its way."
    return f"Thank you. {membership.reason} You will hear from a manager of {membership.community}."


def _how_mail_comes(membership: Membership) -> str:
    words = queries.DELIVERY_WORDS[Delivery(membership.delivery)]
    own = "" if membership.wants_own_posts else " Your own posts are not sent back to you."
    stopped = " Mail to this address has stopped, because it came back." if membership.address.stopped_at else ""
    return f"From {membership.community} ({membership.community.list_name}) you get {words}.{own}{stopped}"


def _no_such_list(command: Command) -> Section:
    named = command.words[0] if command.words else ""
    words = f"There is no list “{named}” here." if named else "Say which list: write its name after the command."
    return Section(command.line, [words, "Send LISTS to see all of them."])


def _not_a_member(command: Command, sender: Sender, community: Community | None) -> Section:
    if community is None or not _may_know(community, sender):
        return _no_such_list(command)
    return Section(
        command.line,
        [
            f"{sender.email} is not a member of {community}, so nothing is changed.",
            "If you get its mail at another address, write from there, or use the link in any message of the list.",
        ],
    )


def _signed(door: str, membership: Membership) -> str:
    return settings.SITE_URL + reverse(f"signed:{door}", args=[queries.membership_token(membership)])


OPTIONS: dict[str, tuple[str, bool | None]] = {
    "MAIL": (Delivery.EACH, None),
    "NOMAIL": (Delivery.NONE, None),
    "DIGEST": (Delivery.DAILY, None),
    "DAILY": (Delivery.DAILY, None),
    "NODIGEST": (Delivery.EACH, None),
    "WEEKLY": (Delivery.WEEKLY, None),
    "INDEX": (Delivery.DAILY, None),
    "EACH": (Delivery.EACH, None),
    "REPRO": ("", True),
    "NOREPRO": ("", False),
}

COMMANDS: dict[str, Callable[[Command, Sender], Section]] = {
    "SUBSCRIBE": subscribe,
    "SUB": subscribe,
    "JOIN": subscribe,
    "SIGNOFF": signoff,
    "UNSUBSCRIBE": signoff,
    "UNSUB": signoff,
    "LEAVE": signoff,
    "SET": set_option,
    "QUERY": query,
    "Q": query,
    "LISTS": lists,
    "LIST": lists,
    "HELP": tell_commands,
    "INFO": tell_commands,
    "CONFIRM": confirm,
    "OK": confirm,
}

HELP = [
    "SUBSCRIBE list: join a list.",
    "SIGNOFF list: leave a list. SIGNOFF *: leave all of them.",
    "SET list MAIL: each message. SET list DIGEST: a digest every day. SET list WEEKLY: one every week.",
    "SET list NOMAIL: no mail, you read on the web. SET list NOREPRO: your own posts are not sent back to you.",
    "QUERY list, or QUERY *: how you get mail.",
    "LISTS: the lists here.",
    "OK, as a reply: confirm what you asked for.",
]
