"""LISTS, INFO, REVIEW, HELP, and the words of other list servers that have no meaning here."""

from __future__ import annotations

from django.conf import settings

from junto.communities import queries, rules
from junto.communities.inbound import vocabulary
from junto.communities.inbound.reading import Command
from junto.communities.inbound.sender import Sender, list_and_rest, may_know, no_such_list, page
from junto.communities.letters import Section
from junto.communities.models import Community, Membership

MOST_REVIEWED = 500


def lists(command: Command, sender: Sender) -> Section:
    """LISTS [words]: the communities that the directory names."""
    words = [word for word in command.words if word.upper() not in {"GLOBAL", "DETAILED", "ALL", "*"}]
    found = queries.lists(words=" ".join(words))
    sentences = [f"{one.list_name}: {one.name}" for one in found]
    if not sentences:
        sentences = [f"No list here has the words “{' '.join(words)}”." if words else "There are no lists here yet."]
    return Section(command.line, sentences, [("All communities", page("communities:directory"))])


def info(command: Command, sender: Sender) -> Section:
    """INFO list: what a list is for, who may join, guidelines and addresses. Without a list: all commands."""
    community, _ = list_and_rest(command, sender)
    if community is None and not command.words:
        return tell_commands(command, sender)
    if community is None or not may_know(community, sender):
        return no_such_list(command)
    front = page("communities:front", community.slug)
    sentences = [
        f"{community} ({community.list_name})" + (f": {community.summary}" if community.summary else ""),
        rules.ELIGIBLE[community.policy][1],
        f"To write to everyone: {community.list_address}",
        f"To join: {community.command_address('join')}. To leave: {community.command_address('leave')}.",
        f"To reach the managers: {community.contact or community.command_address('request')}",
    ]
    links = [("The community" + (", with its guidelines" if community.guidelines else ""), front)]
    return Section(command.line, sentences, links)


def review(command: Command, sender: Sender) -> Section:
    """REVIEW list: its members, for members; addresses for managers. Who is concealed is counted and not named."""
    community, _ = list_and_rest(command, sender)
    if community is None or not may_know(community, sender):
        return no_such_list(command)
    if not (ruling := rules.may_see_members(sender.person, community)):
        return Section(command.line, [ruling.reason])
    may_manage = bool(rules.may_manage(sender.person, community))
    found = queries.review(community, with_concealed=may_manage, limit=MOST_REVIEWED)
    sentences = [f"{community} has {found.total:,} member{'' if found.total == 1 else 's'}."]
    sentences += [_in_a_line(one, may_manage) for one in found.members]
    if found.concealed and not may_manage:
        verb = "is" if found.concealed == 1 else "are"
        sentences.append(f"{found.concealed:,} more {verb} not named, at their own wish.")
    if found.is_cut:
        sentences.append(f"These are the first {MOST_REVIEWED}. The page has all of them.")
    return Section(command.line, sentences, [("The members", page("communities:members", community.slug))])


def tell_commands(command: Command, sender: Sender) -> Section:
    """HELP: every command, each in one line. HELP command: that one at length."""
    for word in command.words:
        if sentences := vocabulary.about(word):
            return Section(command.line, sentences)
    here = f"listserv@{settings.LIST_DOMAIN}"
    return Section(command.line, [f"These commands work, one on a line, sent to {here}:", *vocabulary.HELP])


def archive(command: Command, sender: Sender) -> Section:
    """GET file, INDEX list: what a list has kept is on the web."""
    community = next((found for word in [*command.words, ""] if (found := _named(command, word, sender))), None)
    if community is None or not may_know(community, sender):
        link = ("All communities", page("communities:directory"))
        return Section(command.line, ["Files and archives are on the web, at the page of each community."], [link])
    front = page("communities:front", community.slug)
    words = f"The archive of {community} is on the web, where you can search it; no file is sent by mail."
    return Section(command.line, [words], [(f"The archive of {community}", f"{front}discussions/")])


def no_password(command: Command, sender: Sender) -> Section:
    """PASSWORD, PW, AUTHENTICATE: there is none."""
    words = "There are no passwords here. Your own letter, or the link in any message of a list, is enough."
    return Section(command.line.split()[0], [words])


def not_here(command: Command, sender: Sender) -> Section:
    """STATS, SCAN and other commands of LISTSERV that members never needed, or that are on the web."""
    words = f"{command.verb} does nothing here. What a list has kept is on its page on the web. HELP tells what works."
    return Section(command.line, [words], [("All communities", page("communities:directory"))])


def _named(command: Command, word: str, sender: Sender) -> Community | None:
    return list_and_rest(Command(command.line, command.verb, [word] if word else []), sender)[0]


def _in_a_line(one: Membership, may_manage: bool) -> str:
    agency = f" ({one.person.agency_label})" if one.person.agency_label else ""
    role = f", {queries.ROLE_WORDS[one.role].lower()}" if one.role != "member" else ""  # type: ignore[index]
    if not may_manage:
        return f"{one.person.display_name}{agency}{role}"
    concealed = ", concealed" if one.is_concealed else ""
    return f"{one.person.display_name}{agency} <{one.address.email}>{role}, {one.get_delivery_display()}{concealed}"
