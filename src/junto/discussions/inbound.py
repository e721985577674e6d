"""The doors for mail: a post to LIST@, and a private reply to the alias of a poster (LIST.reply.TOKEN@)."""

from __future__ import annotations

from django.http import Http404

from junto.communities import actions as communities
from junto.communities.models import Community
from junto.communities.queries import community_of_list
from junto.discussions import actions, letters, queries, rules
from junto.discussions.models import Alias
from junto.discussions.rules import Decision, Post, Verdict
from junto.kit.rulings import Refused
from junto.kit.tokens import BadToken
from junto.mail import actions as mail
from junto.mail.automatic import is_automatic
from junto.mail.router import Incoming, NeverWorks, Outcome, discarded, done, held
from junto.mail.seals import Seal

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


def post(incoming: Incoming, *, name: str) -> Outcome:
    """A letter to a list: the posting chain decides (rules.POSTING_CHAIN)."""
    community = community_of_list(name)
    if community is None:
        raise NeverWorks(f"There is no list named {name}.")
    seal = incoming.seal if community.passes_through else None
    found = _post_of(incoming, community, seal)
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


def _outcome(decision: Decision) -> Outcome:
    words = f"{decision.verdict}: {decision.rule}. {decision.reason}".strip()
    if decision.verdict == Verdict.DISCARD:
        return discarded(words)
    if decision.verdict in {Verdict.HOLD, Verdict.CONFIRM}:
        return held(words)
    return done(words)
