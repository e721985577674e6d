"""Who sent a command, which list it is about, and what is answered where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from junto.communities import queries, rules
from junto.communities.inbound.reading import Command
from junto.communities.letters import Section
from junto.communities.models import Community, Membership
from junto.people import queries as people
from junto.people.models import Person

_EVERYWHERE = frozenset({"*", "ALL", "GLOBALLY", "NETWIDE", "EVERYWHERE", "EVERYTHING"})
_FILLERS = frozenset(
    [
        "me",
        "my",
        "address",
        "email",
        "e-mail",
        "from",
        "this",
        "the",
        "that",
        "your",
        "a",
        "list",
        "lists",
        "mailing",
        "mail",
        "to",
        "of",
        "on",
        "off",
        "out",
        "for",
        "please",
        "thanks",
        "thank",
        "you",
        "now",
        "immediately",
        "asap",
    ]
)


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

    @property
    def language(self) -> str:
        """That of the person who has this address; empty, which stands for the site's, where nobody has it."""
        return queries.language_at(self.email)


def list_and_rest(command: Command, sender: Sender) -> tuple[Community | None, list[str]]:
    """The list that a command names, or the one whose address it was sent to; and the words after it."""
    first = list_name(command.words[0]) if command.words else ""
    named = queries.community_of_list(first) if first else None
    if named is None and sender.community is not None:
        return sender.community, command.words
    return named, command.words[1:]


def list_name(word: str) -> str:
    """The local part of a list in a word as people write it: CX-COP, cx-cop@lists.agency.gov, “cx-cop”."""
    return word.strip("\"'.,:;!?()[]<>").partition("@")[0]


def names_a_list(word: str) -> bool:
    """Is this word the name of a list here, or a word for all of them?"""
    return word == "*" or bool(list_name(word) and queries.is_list(list_name(word)))


def without_fillers(words: list[str]) -> list[str]:
    """The words of a sentence from its first one that says something: “me from the cx-cop list” begins at cx-cop."""
    for place, word in enumerate(words):
        if word.lower().strip(".,:;!?") not in _FILLERS:
            return words[place:]
    return []


def means_all_lists(words: list[str]) -> bool:
    """`*`, and LISTSERV's (GLOBALLY and (NETWIDE."""
    return bool(words) and words[0].strip("().,!").upper() in _EVERYWHERE


def may_know(community: Community, sender: Sender) -> bool:
    """May the sender be told that this list exists?"""
    return bool(rules.may_see(sender.person, community)) or rules.is_invited_at(sender.email, community)


def membership_of(sender: Sender, community: Community) -> Membership | None:
    return queries.membership_of(sender.person, community)


def no_such_list(command: Command) -> Section:
    named = command.words[0] if command.words else ""
    words = (
        gettext("There is no list “%(named)s” here.") % {"named": named}
        if named
        else gettext("Say which list: write its name after the command.")
    )
    return Section(command.line, [words, gettext("Send LISTS to see all of them.")])


def not_a_member(command: Command, sender: Sender, community: Community | None) -> Section:
    if community is None or not may_know(community, sender):
        return no_such_list(command)
    return Section(
        command.line,
        [
            gettext("%(email)s is not a member of %(community)s, so nothing is changed.")
            % {"email": sender.email, "community": community},
            gettext(
                "If you get its mail at another address, write from there, or use the link in any message of the list."
            ),
        ],
    )


def page(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def signed(door: str, membership: Membership) -> str:
    return page(f"signed:{door}", queries.membership_token(membership))
