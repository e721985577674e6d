"""The doors for mail: a post to LIST@, a private reply to the alias of a poster (LIST.reply.TOKEN@), a moderator's decision
(LIST.held.TOKEN@), and the answer to “Was this you?” (LIST.confirm.TOKEN@)."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404

from junto.communities import actions as communities
from junto.communities.models import Community
from junto.communities.queries import community_of_list
from junto.discussions import actions, letters, queries, rules
from junto.discussions.models import Alias, HeldNotice, HeldPost
from junto.discussions.rules import Decision, Order, Post, Verb, Verdict
from junto.kit.rulings import Refused
from junto.kit.tokens import BadToken
from junto.mail import actions as mail
from junto.mail.automatic import is_automatic
from junto.mail.router import Incoming, NeverWorks, Outcome, discarded, done, held
from junto.mail.seals import Seal
from junto.people import queries as people

NOT_PROVEN = Decision(
    "author_is_not_proven", Verdict.CONFIRM, "Nothing proves that it comes from the address in its From line."
)

WISHES = {
    "send": actions.send_now,
    "private": actions.send_privately,
    "drop": actions.take_back,
}


def prepare_post(incoming: Incoming, *, name: str) -> None:
    """Before the transaction: find the signature by which a post may keep its From line, where the list wants that."""
    community = community_of_list(name)
    if community is not None and community.passes_through:
        _ = incoming.seal


HOW_TO_DECIDE = "Reply with ACCEPT, REJECT and a reason, or DISCARD on the first line."
ASKS_FOR_REASON = "Reply again: REJECT, and after it the reason. Nothing is changed yet."
CONFIRMED = {
    Verdict.ACCEPT: "Thank you. Your message is on its way.",
    Verdict.HOLD: "Thank you. A moderator reads your message next, and you will get a mail.",
}


def post(incoming: Incoming, *, name: str) -> Outcome:
    """A letter to a list: the posting chain decides (rules.POSTING_CHAIN)."""
    community = community_of_list(name)
    if community is None:
        raise NeverWorks(f"There is no list named {name}.")
    place = _where_it_answers(incoming, community)
    seal = incoming.seal if place.passes_through else None
    found = replace(_post_of(incoming, place, seal), written_to=community)
    return _outcome(actions.receive(post=found, by=found.author if found.is_proven else None))


def reply_to_alias(incoming: Incoming, *, token: str) -> Outcome:
    """A private reply: passed on to the one whom the alias stands for, without either side's address."""
    alias = queries.alias_of_token(token)
    if alias is None:
        raise NeverWorks("The address was not made here, or was changed on its way.")
    found = _post_of(incoming, alias.community)
    if reason := rules.loops(found) or is_automatic(found.mail, found.sender):
        return discarded(reason)
    if not (ruling := rules.is_new_reply(found, alias)):
        return discarded(ruling.reason)
    if not found.is_proven:
        actions.hold(post=found, decision=NOT_PROVEN, alias=alias, by=None)
        return held(NOT_PROVEN.reason)
    return _pass_on(found, alias)


def answer_about_post(incoming: Incoming, *, name: str, token: str) -> Outcome:
    """SEND, PRIVATE or DROP, in answer to the question whether a post should go to everyone. Other words are asked again."""
    try:
        waiting = queries.sendable_of_token(token)
    except (BadToken, Http404):
        raise NeverWorks("The address was not made here, or its post is gone.") from None
    if reason := is_automatic(incoming.mail, incoming.sender):
        return discarded(reason)
    words = rules.own_words(incoming.mail.text) or incoming.mail.subject
    wish = rules.wish_about_post(words)
    if wish is None:
        actions.ask_again(held=waiting, by=None)
        return done("not understood; asked again")
    try:
        WISHES[wish](held=waiting, by=waiting.author)
    except Refused as refused:
        letter = letters.rejected(
            community=waiting.community, subject=waiting.subject, reason=str(refused), may_join=False
        )
        communities.answer(letter=letter, to=waiting.email, by=None)
        return done(f"refused: {refused}")
    return done(f"{name}: {wish}")


def decide_held(incoming: Incoming, *, token: str) -> Outcome:
    """A moderator's reply. It counts only where the letter is proven to come from the moderator whom the address names."""
    notice = queries.notice_of_token(token)
    if notice is None:
        raise NeverWorks("The address was not made here, or was changed on its way.")
    if reason := is_automatic(incoming.mail, incoming.sender):
        return discarded(reason)
    ruling = rules.may_order(notice, incoming.mail.from_address, is_proven=incoming.proof.is_proven)
    said = _carry_out(notice, rules.order_in(incoming.mail.text)) if ruling else [ruling.reason]
    keeps = queries.decision_address(notice) if ruling and not notice.held.is_decided else ""
    return _answer(incoming, notice.held, said, reply_to=keeps)


def confirm_by_reply(incoming: Incoming, *, token: str) -> Outcome:
    """“Was this you?”, answered with OK or NO. The address reached nobody but the owner of the one in the From line."""
    try:
        found = queries.held_of_token(token)
    except (BadToken, Http404):
        raise NeverWorks("The address was not made here, or was changed on its way.") from None
    if reason := is_automatic(incoming.mail, incoming.sender):
        return discarded(reason)
    if incoming.mail.from_address.lower() != found.email.lower():
        words = "Nothing is changed: the answer must come from the address that the question went to."
        return _answer(incoming, found, [words])
    return _answer(incoming, found, [_confirmed(found, incoming.mail.text)], reply_to=queries.confirm_address(found))


def _carry_out(notice: HeldNotice, order: Order) -> list[str]:
    """Do what a moderator wrote, and say what came of it."""
    held, by = notice.held, notice.membership.person
    try:
        if order.verb == Verb.ACCEPT:
            actions.accept_held(held=held, subject=order.subject, by=by)
            return ["It is accepted, and on its way to the members. Its author has been told."]
        if order.verb == Verb.REJECT:
            actions.reject_held(held=held, reason=order.reason, by=by)
            return ["It is rejected. Its author got your reason by mail."]
        if order.verb == Verb.DISCARD:
            actions.discard_held(held=held, by=by)
            return ["It is discarded. Its author was not told."]
        if order.subject:
            actions.retitle_held(held=held, subject=order.subject, by=by)
            return [
                f"Its subject is now “{order.subject}”. It still waits: reply ACCEPT, REJECT and a reason, or DISCARD."
            ]
    except Refused as refused:
        return [str(refused), *([ASKS_FOR_REASON] if order.verb == Verb.REJECT and not order.reason else [])]
    said = f"“{order.misunderstood}” is no decision. " if order.misunderstood else ""
    return [f"{said}Nothing is changed. {HOW_TO_DECIDE}"]


def _confirmed(found: HeldPost, text: str) -> str:
    try:
        if rules.says_mine(text):
            decided = actions.confirm(held=found, by=found.author)
            return CONFIRMED.get(decided.verdict, decided.reason)
        if rules.says_not_mine(text):
            actions.disown(held=found, by=found.author)
            return "Thank you. It was not sent."
    except Refused as refused:
        return str(refused)
    return "Nothing is changed yet. Reply with the one word OK if you wrote it, or with NO if you did not."


def _answer(incoming: Incoming, about: HeldPost, said: list[str], *, reply_to: str = "") -> Outcome:
    letter = letters.about_your_reply(about, said, reply_to=reply_to, answers=incoming.mail)
    by = people.find_by_email(incoming.mail.from_address)
    if incoming.mail.from_address and communities.answer(letter=letter, to=incoming.mail.from_address, by=by):
        return done(said[0])
    return done(f"{said[0]} (not answered: this address had its day’s share of answers)")


def _pass_on(found: Post, alias: Alias) -> Outcome:
    try:
        actions.pass_on(post=found, alias=alias, by=found.author)
    except Refused as refused:
        letter = letters.rejected(
            community=alias.community, subject=found.mail.subject, reason=str(refused), may_join=not found.membership
        )
        mail.post(letter, to=found.email, about=f"discussions.alias:{alias.pk}")
        return done(f"rejected: {refused}")
    return done("passed on privately")


def _post_of(incoming: Incoming, community: Community, seal: Seal | None = None) -> Post:
    return queries.post_of(
        community=community,
        mail=incoming.mail,
        raw=incoming.raw_key,
        size=len(incoming.raw),
        sender=incoming.sender,
        received_at=incoming.received_at,
        is_proven=incoming.proof.is_proven,
        arrival_id=incoming.arrival_id,
        seal=seal,
    )


def _where_it_answers(incoming: Incoming, community: Community) -> Community:
    """The list that a letter belongs to: another one, where the discussion that it answers was moved there since. Whom that
    community hides from writes to the list that they named."""
    mail = incoming.mail
    answered = queries.answered_elsewhere(community, [mail.in_reply_to, *reversed(mail.references)])
    if answered is None or queries.parent_of(community, mail) is not None:
        return community
    author = people.find_by_email(mail.from_address) if mail.from_address else None
    return answered.community if rules.may_see(author, answered.community) else community


def _outcome(decision: Decision) -> Outcome:
    words = f"{decision.verdict}: {decision.rule}. {decision.reason}".strip()
    if decision.verdict == Verdict.DISCARD:
        return discarded(words)
    if decision.verdict in {Verdict.HOLD, Verdict.CONFIRM}:
        return held(words)
    return done(words)
