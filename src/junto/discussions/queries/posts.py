"""What a door needs to find: the author of a post, what it answers, held posts, aliases, moderators."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.http import Http404

from junto.communities import queries as communities
from junto.communities.models import Community, Membership
from junto.discussions.models import Alias, HeldPost, Message
from junto.discussions.rules import Post
from junto.kit import tokens
from junto.mail.reading import ParsedMail
from junto.mail.seals import Seal
from junto.people import queries as people

CONFIRM = "discussions.confirm"
ALIAS = "discussions.alias"
SEND = "discussions.send"
HINTS = "discussions.hints"
LONGEST_NAME = 30


def post_of(
    *,
    community: Community,
    mail: ParsedMail,
    raw: str,
    size: int,
    sender: str,
    received_at: datetime,
    is_proven: bool,
    came_by: str = "mail",
    arrival_id: int | None = None,
    held: HeldPost | None = None,
    seal: Seal | None = None,
) -> Post:
    """A letter with all that the posting chain asks about it: author, membership, the message that it answers."""
    author = people.find_by_email(mail.from_address) if mail.from_address else None
    return Post(
        community=community,
        mail=mail,
        raw=raw,
        size=size,
        sender=sender,
        received_at=received_at,
        is_proven=is_proven,
        author=author,
        membership=communities.membership_of(author, community) if author else None,
        parent=parent_of(community, mail),
        came_by=came_by,
        arrival_id=arrival_id,
        held=held,
        seal=seal,
    )


def parent_of(community: Community, mail: ParsedMail) -> Message | None:
    """The message that a letter answers: In-Reply-To first, then References from the last back (RFC 5322, 3.6.4).

    Never by subject, and never in another community.
    """
    ids = [mail.in_reply_to, *reversed(mail.references)]
    wanted = [one for one in ids if one][:50]
    if not wanted:
        return None
    found = Message.objects.filter(community=community).with_message_id(*wanted).select_related("thread")
    by_id = {message.message_id: message for message in found}
    return next((by_id[one] for one in wanted if one in by_id), None)


def held_for_moderators(community: Community) -> list[HeldPost]:
    """The queue, oldest first."""
    return list(community.held_posts.waiting().for_moderators().select_related("author__agency").order_by("held_at"))


def find_held(community: Community, pk: int) -> HeldPost:
    """A post that is or was before the moderators. Raises Http404."""
    held = community.held_posts.for_moderators().filter(pk=pk).select_related("decided_by").first()
    if held is None:
        raise Http404("There is no such post.")
    held.community = community
    return held


def held_of_token(token: str, scope: str = CONFIRM) -> HeldPost:
    """The post that a signed link names. Raises BadToken, Http404."""
    pk = tokens.read(scope, token)
    held = HeldPost.objects.filter(pk=pk).select_related("community", "decided_by", "alias__person").first()
    if held is None:
        raise Http404("This post is no longer here.")
    return held


def alias_of_token(token: str) -> Alias | None:
    """The poster for whom an address stands; None where the token is not ours."""
    try:
        pk = tokens.read(ALIAS, token)
    except tokens.BadToken:
        return None
    return Alias.objects.filter(pk=pk).select_related("community", "person__agency").first()


def alias_exists(token: str) -> bool:
    return alias_of_token(token) is not None


def alias_address(alias: Alias) -> str:
    """cx-cop.reply.TOKEN@lists.agency.gov: the address that stands for a poster.

    No "+" in it: where a detail behind "+" is left off, a private reply to a mangled address would reach the list.
    """
    name = alias.community.list_name[:LONGEST_NAME]
    return f"{name}.reply.{tokens.sign(ALIAS, alias.pk)}@{settings.LIST_DOMAIN}".lower()


def alias_addresses(community: Community, people: Collection[int]) -> dict[int, str]:
    """The addresses that stand for posters, by person: one query. Who never posted has none."""
    found = Alias.objects.filter(community=community, person__in=people)
    for alias in found:
        alias.community = community
    return {alias.person_id: alias_address(alias) for alias in found}


def moderators_of(community: Community) -> list[Membership]:
    """Those who are told of held posts: managers and moderators whose address still takes mail."""
    moderating = community.memberships.moderating().filter(address__stopped_at=None)
    return list(moderating.select_related("address", "person").order_by("pk"))


def reach_of(community: Community) -> int:
    """To how many people a post goes as each message."""
    return community.memberships.receiving_each_message().count()


def communities_that_have(message: Message) -> list[int]:
    """The communities that the same letter went to before: their members need no second copy."""
    same = Message.objects.with_message_id(message.message_id).filter(fingerprint=message.fingerprint)
    return sorted(
        same.exclude(community=message.community_id).exclude(mailing_id=None).values_list("community", flat=True)
    )
