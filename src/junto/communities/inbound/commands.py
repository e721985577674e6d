"""The commands of list mail as a table: verb to function. Each function says what came of it, in a `Section`."""

from __future__ import annotations

from collections.abc import Callable

from junto.communities.inbound.joining import confirm, confirm_as, signoff, subscribe
from junto.communities.inbound.reading import Command
from junto.communities.inbound.sender import Sender, names_a_list
from junto.communities.inbound.settings import hold, query, set_option
from junto.communities.inbound.telling import archive, info, lists, no_password, not_here, review, tell_commands
from junto.communities.inbound.vocabulary import HELP, about
from junto.communities.letters import Section
from junto.kit.rulings import Refused

__all__ = ["COMMANDS", "HELP", "Sender", "confirm_as", "is_known", "obey"]


def obey(command: Command, sender: Sender) -> Section:
    """Do one command; a refusal becomes its sentence."""
    try:
        return COMMANDS[command.verb](command, sender)
    except Refused as refusal:
        return Section(command.line, [refusal.ruling.reason])


def is_known(word: str) -> bool:
    """May this word stand behind HELP, INFO or REVIEW: a list here, or a command?"""
    return bool(about(word)) or names_a_list(word)


COMMANDS: dict[str, Callable[[Command, Sender], Section]] = {
    "SUBSCRIBE": subscribe,
    "SUB": subscribe,
    "JOIN": subscribe,
    "SIGNOFF": signoff,
    "UNSUBSCRIBE": signoff,
    "UNSUB": signoff,
    "LEAVE": signoff,
    "SET": set_option,
    "HOLD": hold,
    "PAUSE": hold,
    "VACATION": hold,
    "RESUME": hold,
    "QUERY": query,
    "Q": query,
    "WHICH": query,
    "REVIEW": review,
    "REV": review,
    "WHO": review,
    "LISTS": lists,
    "LIST": lists,
    "INFO": info,
    "HELP": tell_commands,
    "CONFIRM": confirm,
    "OK": confirm,
    "GET": archive,
    "INDEX": archive,
    "PASSWORD": no_password,
    "PW": no_password,
    "AUTHENTICATE": no_password,
    "STATS": not_here,
    "SCAN": not_here,
    "SEARCH": not_here,
    "ECHO": not_here,
    "OPTIONS": query,
}
