"""The doors for mail: a post to LIST@, a private reply to the alias of a poster (LIST.reply.TOKEN@), a moderator's decision
(LIST.held.TOKEN@), and the answer to “Was this you?” (LIST.confirm.TOKEN@)."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

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
    "author_is_not_proven",
    Verdict.CONFIRM,
    gettext_noop("Nothing proves that it comes from the address in its From line."),
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


HOW_TO_DECIDE = _("Reply with ACCEPT, REJECT and a reason, or DISCARD on the first line.")
ASKS_FOR_REASON = _("Reply again: REJECT, and after it the reason. Nothing is changed yet.")
CONFIRMED = {
    Verdict.ACCEPT: _("Thank you. Your message is on its way."),
    Verdict.HOLD: _("Thank you. A moderator reads your message next, and you will get a mail."),
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
        with letters.speaking(waiting.author):
            WISHES[wish](held=waiting, by=waiting.author)
    except Refused as refused:
        letter = letters.rejected(
            community=waiting.community,
            subject=waiting.subject,
            reason=str(refused),
            may_join=False,
            to=waiting.author,
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
    with letters.speaking(people.find_by_email(incoming.mail.from_address)):
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
    with letters.speaking(people.find_by_email(incoming.mail.from_address)):
        if incoming.mail.from_address.lower() != found.email.lower():
            words = gettext("Nothing is changed: the answer must come from the address that the question went to.")
            return _answer(incoming, found, [words])
        words = _confirmed(found, incoming.mail.text)
    return _answer(incoming, found, [words], reply_to=queries.confirm_address(found))


def _carry_out(notice: HeldNotice, order: Order) -> list[str]:
    """Do what a moderator wrote, and say what came of it."""
    held, by = notice.held, notice.membership.person
    try:
        if order.verb == Verb.ACCEPT:
            actions.accept_held(held=held, subject=order.subject, by=by)
            return [gettext("It is accepted, and on its way to the members. Its author has been told.")]
        if order.verb == Verb.REJECT:
            actions.reject_held(held=held, reason=order.reason, by=by)
            return [gettext("It is rejected. Its author got your reason by mail.")]
        if order.verb == Verb.DISCARD:
            actions.discard_held(held=held, by=by)
            return [gettext("It is discarded. Its author was not told.")]
        if order.subject:
            actions.retitle_held(held=held, subject=order.subject, by=by)
            words = gettext(
                "Its subject is now “%(subject)s”. It still waits: reply ACCEPT, REJECT and a reason, or DISCARD."
            )
            return [words % {"subject": order.subject}]
    except Refused as refused:
        return [str(refused), *([str(ASKS_FOR_REASON)] if order.verb == Verb.REJECT and not order.reason else [])]
    if not order.misunderstood:
        return [gettext("Nothing is changed. %(how)s") % {"how": HOW_TO_DECIDE}]
    words = gettext("“%(words)s” is no decision. Nothing is changed. %(how)s")
    return [words % {"words": order.misunderstood, "how": HOW_TO_DECIDE}]


def _confirmed(found: HeldPost, text: str) -> str:
    try:
        if rules.says_mine(text):
            decided = actions.confirm(held=found, by=found.author)
            return str(CONFIRMED.get(decided.verdict) or rules.said(decided.reason))
        if rules.says_not_mine(text):
            actions.disown(held=found, by=found.author)
            return gettext("Thank you. It was not sent.")
    except Refused as refused:
        return str(refused)
    return gettext("Nothing is changed yet. Reply with the one word OK if you wrote it, or with NO if you did not.")


def _answer(incoming: Incoming, about: HeldPost, said: list[str], *, reply_to: str = "") -> Outcome:
    by = people.find_by_email(incoming.mail.from_address)
    letter = letters.about_your_reply(about, said, reply_to=reply_to, answers=incoming.mail, to=by)
    if incoming.mail.from_address and communities.answer(letter=letter, to=incoming.mail.from_address, by=by):
        return done(said[0])
    return done(f"{said[0]} (not answered: this address had its day’s share of answers)")


def _pass_on(found: Post, alias: Alias) -> Outcome:
    try:
        with letters.speaking(found.author):
            actions.pass_on(post=found, alias=alias, by=found.author)
    except Refused as refused:
        letter = letters.rejected(
            community=alias.community,
            subject=found.mail.subject,
            reason=str(refused),
            may_join=not found.membership,
            to=found.author,
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
