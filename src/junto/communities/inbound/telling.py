"""LISTS, INFO, REVIEW, HELP, and the words of other list servers that have no meaning here."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, ngettext

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
        sentences = [
            gettext("No list here has the words “%(words)s”.") % {"words": " ".join(words)}
            if words
            else gettext("There are no lists here yet.")
        ]
    return Section(command.line, sentences, [(gettext("All communities"), page("communities:directory"))])


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
        str(rules.ELIGIBLE[community.policy][1]),
        gettext("To write to everyone: %(list_address)s") % {"list_address": community.list_address},
        gettext("To join: %(join)s. To leave: %(leave)s.")
        % {"join": community.command_address("join"), "leave": community.command_address("leave")},
        gettext("To reach the managers: %(address)s")
        % {"address": community.contact or community.command_address("request")},
    ]
    links = [
        (gettext("The community, with its guidelines") if community.guidelines else gettext("The community"), front)
    ]
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
    sentences = [
        ngettext("%(community)s has %(number)s member.", "%(community)s has %(number)s members.", found.total)
        % {"community": community, "number": f"{found.total:,}"}
    ]
    sentences += [_in_a_line(one, may_manage) for one in found.members]
    if found.concealed and not may_manage:
        words = ngettext(
            "%(number)s more is not named, at their own wish.",
            "%(number)s more are not named, at their own wish.",
            found.concealed,
        )
        sentences.append(words % {"number": f"{found.concealed:,}"})
    if found.is_cut:
        sentences.append(gettext("These are the first %(most)d. The page has all of them.") % {"most": MOST_REVIEWED})
    return Section(command.line, sentences, [(gettext("The members"), page("communities:members", community.slug))])


def tell_commands(command: Command, sender: Sender) -> Section:
    """HELP: every command, each in one line. HELP command: that one at length."""
    for word in command.words:
        if sentences := vocabulary.about(word):
            return Section(command.line, sentences)
    here = f"listserv@{settings.LIST_DOMAIN}"
    return Section(
        command.line,
        [
            gettext("These commands work, one on a line, sent to %(here)s:") % {"here": here},
            *map(gettext, vocabulary.HELP),
        ],
    )


def archive(command: Command, sender: Sender) -> Section:
    """GET file, INDEX list: what a list has kept is on the web."""
    community = next((found for word in [*command.words, ""] if (found := _named(command, word, sender))), None)
    if community is None or not may_know(community, sender):
        link = (gettext("All communities"), page("communities:directory"))
        return Section(
            command.line, [gettext("Files and archives are on the web, at the page of each community.")], [link]
        )
    front = page("communities:front", community.slug)
    words = gettext("The archive of %(community)s is on the web, where you can search it; no file is sent by mail.") % {
        "community": community
    }
    return Section(
        command.line,
        [words],
        [(gettext("The archive of %(community)s") % {"community": community}, f"{front}discussions/")],
    )


def no_password(command: Command, sender: Sender) -> Section:
    """PASSWORD, PW, AUTHENTICATE: there is none."""
    words = gettext("There are no passwords here. Your own letter, or the link in any message of a list, is enough.")
    return Section(command.line.split()[0], [words])


def not_here(command: Command, sender: Sender) -> Section:
    """STATS, SCAN and other commands of LISTSERV that members never needed, or that are on the web."""
    words = gettext(
        "%(verb)s does nothing here. What a list has kept is on its page on the web. HELP tells what works."
    ) % {"verb": command.verb}
    return Section(command.line, [words], [(gettext("All communities"), page("communities:directory"))])


def _named(command: Command, word: str, sender: Sender) -> Community | None:
    return list_and_rest(Command(command.line, command.verb, [word] if word else []), sender)[0]


def _in_a_line(one: Membership, may_manage: bool) -> str:
    agency = f" ({one.person.agency_label})" if one.person.agency_label else ""
    role = f", {queries.ROLE_WORDS[one.role]}" if one.role != "member" else ""
    if not may_manage:
        return f"{one.person.display_name}{agency}{role}"
    concealed = gettext(", concealed") if one.is_concealed else ""
    return f"{one.person.display_name}{agency} <{one.address.email}>{role}, {one.get_delivery_display()}{concealed}"
