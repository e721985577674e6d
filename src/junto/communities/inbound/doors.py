"""The doors themselves: who wrote, is an answer due, what came of it, one letter back."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext

from junto.communities import actions, letters, queries, rules
from junto.communities.inbound import reading
from junto.communities.inbound.commands import COMMANDS, Sender, confirm_as, is_known, obey
from junto.communities.letters import Answered, Section
from junto.communities.models import Community, Confirmation
from junto.kit.addresses import BadAddress, normalise
from junto.mail.automatic import is_automatic
from junto.mail.letter import Enclosure
from junto.mail.router import Incoming, Outcome, discarded, done

_LARGEST_FORWARD = 5_000_000


def subscribe(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-subscribe-request@, LIST-subscribe@, LIST-join@: any letter asks to join, whatever it says."""
    return _one_command(incoming, name, "SUBSCRIBE")


def subscribe_digest(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-digest@: any letter asks to join, with a daily digest to begin with."""
    return _one_command(incoming, name, "SUBSCRIBE", "DIGEST")


def signoff(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-signoff-request@, LIST-unsubscribe@, LIST-leave@…: any letter asks to leave, whatever it says."""
    return _one_command(incoming, name, "SIGNOFF")


def help_with(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-help@: any letter gets the list of commands."""
    return _one_command(incoming, name, "HELP")


def info(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-info@: any letter gets what the list is for, and its addresses."""
    return _one_command(incoming, name, "INFO")


def request(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-request@ and LIST-owner@: commands are obeyed; anything else goes to the managers."""
    community = queries.community_of_list(name)
    if community is None:
        return discarded(f"no list {name}")
    if why := _is_no_letter(incoming):
        return discarded(why)
    sender = _sender(incoming, community)
    mail = incoming.mail
    first = reading.first_line(mail.text)
    if reading.is_short_command(first, COMMANDS, known=is_known) or (
        reading.is_short_command(mail.subject, COMMANDS, known=is_known) and (not first or len(first.split()) <= 4)
    ):
        return _obey_all(incoming, sender)
    return _forward(incoming, sender, community)


def listserv(incoming: Incoming) -> Outcome:
    """listserv@: commands, one on a line, in subject or body."""
    if why := _is_no_letter(incoming):
        return discarded(why)
    return _obey_all(incoming, _sender(incoming, None))


def commands(incoming: Incoming, *, name: str) -> Outcome:
    """LIST-confirm@ without a code behind it: commands, and an OK that finds its code in the subject."""
    community = queries.community_of_list(name)
    if why := _is_no_letter(incoming):
        return discarded(why)
    return _obey_all(incoming, _sender(incoming, community))


def confirm(incoming: Incoming, *, name: str, token: str) -> Outcome:
    """LIST-confirm+TOKEN@: a reply that says OK, from the address that it is about, confirms."""
    if why := _is_no_letter(incoming):
        return discarded(why)
    sender = _sender(incoming, queries.community_of_list(name))
    with queries.in_language(sender.language):
        return _confirm(incoming, sender, token)


def _confirm(incoming: Incoming, sender: Sender, token: str) -> Outcome:
    asked = reading.first_line(incoming.mail.text) or "OK"
    try:
        confirmation = queries.confirmation_by_token(token)
    except Http404 as error:
        return _answer(incoming, sender, [Section(asked, [str(error)])])
    if incoming.mail.text.strip() and not reading.says_yes(incoming.mail.text):
        words = gettext("Nothing is changed yet. To confirm, reply with the one word OK on the first line.")
        return _answer(incoming, sender, [Section(asked, [words], confirmation=_own(confirmation, sender))])
    return _answer(incoming, sender, [confirm_as(confirmation, sender, asked)])


def _one_command(incoming: Incoming, name: str, verb: str, *more: str) -> Outcome:
    community = queries.community_of_list(name)
    if community is None:
        return discarded(f"no list {name}")
    if why := _is_no_letter(incoming):
        return discarded(why)
    sender = _sender(incoming, community)
    words = [community.list_name, *more]
    with queries.in_language(sender.language):
        section = obey(reading.Command(" ".join([verb, *words]), verb, words), sender)
        return _answer(incoming, sender, [section], community=community)


def _obey_all(incoming: Incoming, sender: Sender) -> Outcome:
    with queries.in_language(sender.language):
        return _obey_each(incoming, sender)


def _obey_each(incoming: Incoming, sender: Sender) -> Outcome:
    mail = incoming.mail
    found = reading.read(mail.subject, mail.text, COMMANDS, known=is_known)
    sections = [obey(_with_token(command, mail.subject), sender) for command in found.commands]
    if nothing_understood := not sections:
        found.misunderstood = found.misunderstood or reading.tidy(mail.subject)
        found.suggestion = found.suggestion or reading.nearest(mail.subject, COMMANDS)
        sections = [obey(reading.Command("HELP", "HELP", []), sender)]
    if found.is_cut:
        words = gettext("One letter may hold %(most)d commands. Send the rest in another.")
        sections.append(Section("…", [words % {"most": reading.MOST_COMMANDS}]))
    return _answer(
        incoming,
        sender,
        sections,
        misunderstood=found.misunderstood,
        suggestion=found.suggestion,
        nothing_understood=nothing_understood,
        community=sender.community,
    )


def _with_token(command: reading.Command, subject: str) -> reading.Command:
    """A bare OK confirms what the subject of the letter names."""
    if command.verb in {"OK", "CONFIRM"} and not command.words:
        command.words = _token_in(subject)
    return command


def _answer(
    incoming: Incoming,
    sender: Sender,
    sections: list[Section],
    *,
    misunderstood: str = "",
    suggestion: str = "",
    nothing_understood: bool = False,
    community: Community | None = None,
) -> Outcome:
    """One letter for all that came of a letter; none where what came of it is told already."""
    words = "; ".join(section.sentences[0] for section in sections)
    if all(section.is_told for section in sections):
        return done(words)
    answers = Answered(incoming.mail.message_id, tuple(incoming.mail.references[-20:]))
    only = sections[0] if len(sections) == 1 and not misunderstood else None
    if only and only.letter:
        letter = letters.in_answer_to(only.letter, answers)
    else:
        letter = letters.answer(
            sections,
            answers=answers,
            misunderstood=misunderstood,
            suggestion=suggestion,
            nothing_understood=nothing_understood,
            community=community or sender.community,
            language=sender.language,
        )
    if actions.answer(letter=letter, to=sender.email, by=sender.person):
        return done(words)
    return done(f"{words} (not answered: this address had its day’s share of answers)")


def _forward(incoming: Incoming, sender: Sender, community: Community) -> Outcome:
    mail = incoming.mail
    enclosures = tuple(Enclosure(file.file_name, file.content_type, file.content) for file in mail.files)
    if sum(len(one.content) for one in enclosures) > _LARGEST_FORWARD:
        enclosures = ()
    letter = letters.forwarded(
        community,
        sender=sender.email,
        name=sender.name,
        subject=mail.subject,
        text=mail.text,
        enclosures=enclosures,
    )
    told = actions.forward_to_managers(community=community, letter=letter, sender=sender.email, by=sender.person)
    return done(f"forwarded to {told} manager{'' if told == 1 else 's'}")


def _is_no_letter(incoming: Incoming) -> str:
    """Why a letter gets no answer: nobody wrote it, a list did, or it has no address to answer to. Empty if a person did."""
    if not incoming.sender:
        return "null sender: a report, not a letter"
    if why := is_automatic(incoming.mail, incoming.sender):
        return f"automatic: {why}"
    try:
        email = normalise(incoming.mail.from_address)
    except BadAddress:
        return "no address in From: to answer to"
    if rules.is_own_address(email) or rules.is_own_address(incoming.sender):
        return f"from an address of a list at {settings.LIST_DOMAIN}"
    return ""


def _sender(incoming: Incoming, community: Community | None) -> Sender:
    mail = incoming.mail
    return Sender(normalise(mail.from_address), reading.tidy(mail.from_name)[:200], incoming.proof.is_proven, community)


def _own(confirmation: Confirmation, sender: Sender) -> Confirmation | None:
    return confirmation if confirmation.email == sender.email and confirmation.is_open() else None


def _token_in(subject: str) -> list[str]:
    """The token in square brackets that the subject of a confirmation letter carries."""
    inside = subject.rpartition("[")[2].partition("]")
    return [inside[0]] if inside[1] else []
