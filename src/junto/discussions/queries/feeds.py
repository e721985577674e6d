"""Feeds: the newest messages of communities as entries, and the private address at which a member's own feed stands.

The thirty newest messages stand in the thirty discussions with the latest activity, so that both are read from an index
however large the archive is.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db.models import Min
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone

from junto.communities import queries as communities
from junto.communities.models import Community, Membership, Readers, Topic, Zone
from junto.communities.rules import is_read_by_all, membership_of, zones_of
from junto.discussions.models import Message, Thread
from junto.discussions.queries.marks import without_addresses
from junto.kit import tokens
from junto.kit.atom import Entry, Feed, urn
from junto.mail import quoting
from junto.people.models import Person

FEED = "discussions.feed"
ENTRIES = 30
_READ_CHARACTERS, _MOST_CHARACTERS, _MOST_LINES = 2_000, 600, 60
_EDITION_BITS = 16
_FIELDS = (
    "message_id", "fingerprint", "subject", "sent_at", "author_name", "author_agency", "thread__number", "thread__subject",
    "thread__kind", "thread__community__slug", "thread__community__list_id",
)  # fmt: skip


def feed_of(community: Community, person: Person | None, *, path: str, key: str = "discussions") -> Feed:
    """What was said last in a community, as far as this person may read it. Three queries, and one for their zones."""
    return Feed(
        id=urn(community.list_id, key),
        title=f"{community.name}: discussions",
        subtitle=community.summary,
        url=f"{settings.SITE_URL}{reverse('discussions:threads', args=[community.slug])}",
        own_url=f"{settings.SITE_URL}{path}",
        founded=community.created_at,
        entries=_entries({community.pk}, zones_of(person)),
    )


def public_feed(topic: Topic | None, *, path: str) -> Feed:
    """What was said last where anybody may read: in the communities of a topic, or in all of them."""
    public = Community.objects.filter(readers=Readers.PUBLIC, is_hidden=False)
    public = public.filter(topics=topic) if topic else public
    founded = Community.objects.aggregate(first=Min("created_at"))["first"] or timezone.now()
    words = f" on {topic.title}" if topic else ""
    where = f"{reverse('communities:directory')}?topic={topic.slug}" if topic else reverse("web:home")
    return Feed(
        id=urn(settings.LIST_DOMAIN, f"topics/{topic.slug}" if topic else "discussions"),
        title=f"{settings.SITE_NAME}: public discussions{words}",
        subtitle=f"What was said last{words} in the communities that anybody may read.",
        url=f"{settings.SITE_URL}{where}",
        own_url=f"{settings.SITE_URL}{path}",
        founded=founded,
        entries=_entries(set(public.values_list("pk", flat=True)), {Zone.PUBLIC}),
    )


def feed_path(community: Community, person: Person | None) -> str:
    """The address of the feed for this reader: a member's own, else the public one; empty where there is neither."""
    membership = membership_of(person, community)
    if membership is not None and membership.is_active():
        return private_path(membership)
    return reverse("discussions:feed", args=[community.slug]) if is_read_by_all(community) else ""


def private_path(membership: Membership) -> str:
    """The address of a member's own feed, which opens without signing in until the member asks for a new one."""
    return reverse("signed:feed", args=[feed_token(membership)])


def feed_token(membership: Membership) -> str:
    """The key of a member's own feeds and calendar, until the member asks for a new one."""
    return tokens.sign(FEED, membership.pk << _EDITION_BITS | membership.feed_edition)


def membership_of_feed(token: str) -> Membership:
    """Whose feed a private address is. Raises DeadLink."""
    try:
        number = tokens.read(FEED, token)
    except tokens.BadToken as error:
        raise communities.DeadLink(str(error)) from None
    found = Membership.objects.select_related("community", "person").filter(pk=number >> _EDITION_BITS).first()
    if found is None or found.feed_edition != number & ((1 << _EDITION_BITS) - 1):
        raise communities.DeadLink("This feed has moved: its member asked for a new address.")
    found.community.known_memberships = {found.person_id: found}  # type: ignore[attr-defined]
    return found


def _entries(ids: Collection[int], zones: Collection[str]) -> list[Entry]:
    threads = Thread.objects.filter(community__in=ids).within(zones).listed().order_by("-last_at", "-pk")
    latest = list(threads.values_list("pk", flat=True)[:ENTRIES])
    newest = (
        Message.objects.filter(thread__in=latest).order_by("-sent_at", "-pk").values_list("pk", flat=True)[:ENTRIES]
    )
    found = Message.objects.filter(pk__in=list(newest)).select_related("thread__community").only(*_FIELDS)
    return [
        _entry(one) for one in found.annotate(beginning=Substr("text", 1, _READ_CHARACTERS)).order_by("-sent_at", "-pk")
    ]


def _entry(message: Message) -> Entry:
    author = without_addresses(message.author_name) or "Somebody"
    return Entry(
        id=urn(message.thread.community.list_id, f"{message.message_id} {message.fingerprint}"),
        title=without_addresses(message.subject or message.thread.subject) or "(no subject)",
        url=f"{settings.SITE_URL}{message.get_absolute_url()}",
        author=f"{author} ({message.author_agency})" if message.author_agency else author,
        summary=_summary(message.beginning),  # type: ignore[attr-defined]
        published=message.sent_at,
        kind=message.thread.kind,
    )


def _summary(text: str) -> str:
    """The first words that the author wrote, without what they quote."""
    lines = text.splitlines()[:_MOST_LINES]
    marks = [line.startswith(">") for line in lines]
    end = quoting.original_at(lines, marks)
    own = " ".join(" ".join(line.split()) for line, is_quoted in zip(lines[:end], marks, strict=False) if not is_quoted)
    words = without_addresses(own).strip()
    return words if len(words) <= _MOST_CHARACTERS else words[:_MOST_CHARACTERS].rsplit(" ", 1)[0] + "…"
