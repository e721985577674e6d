"""Who may do what in discussions."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b

from django.utils import timezone
from django.utils.translation import gettext

from junto.communities import queries as communities
from junto.communities import rules as community_rules
from junto.communities.models import Community, Membership, Zone
from junto.discussions.models import Alias, HeldNotice, HeldPost, PostType, Thread
from junto.discussions.rules.chain import PATIENCE, already_been_here, is_encrypted, is_too_large
from junto.discussions.rules.posts import Post
from junto.discussions.rules.reasons import LEFT, decided_already, said
from junto.discussions.rules.suspicion import author_is_under_notice
from junto.kit.rulings import Ruling, no, yes
from junto.mail.models import Mailing
from junto.people.models import Person

CONFIRMATION_LASTS = timedelta(days=7)
CONFIRMATIONS_A_DAY = 5
DECISION_LINK_LASTS = timedelta(days=30)
REMINDS_AFTER = timedelta(days=7)
REMINDS_UNTIL = timedelta(days=60)
INERT_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def may_see(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_see(person, community)


def may_read(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_read(person, community)


def is_member(person: Person | None, community: Community) -> bool:
    membership = community_rules.membership_of(person, community)
    return membership is not None and membership.is_active()


def is_read_by_all(community: Community) -> bool:
    return community_rules.is_read_by_all(community)


def may_read_by_feed(membership: Membership) -> Ruling:
    """A private feed ends with the membership that it belongs to; otherwise it shows what the member may read."""
    if not membership.is_active() or not membership.person.is_active:
        return no(
            gettext("You are not a member of %(community)s any more, so this feed has ended.")
            % {"community": membership.community}
        )
    return may_read(membership.person, membership.community)


def may_see_addresses(person: Person | None, community: Community) -> Ruling:
    """Addresses inside what members wrote are for members."""
    return yes() if community_rules.may_take_part(person, community) else may_moderate(person, community)


def may_start(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_take_part(person, community)


def may_reply(person: Person | None, thread: Thread) -> Ruling:
    if thread.is_closed:
        return no(gettext("This discussion is closed. You can start a new one."))
    return may_start(person, thread.community)


def may_choose(membership: Membership, thread: Thread) -> Ruling:
    """May this member follow or mute a discussion? Those of their own list that its zone lets them read."""
    own = Membership.objects.filter(pk=membership.pk, community=thread.community_id)
    if not community_rules.within_zone(own, thread.zone).exists():
        return no(gettext("There is no such discussion here."), hidden=True)
    return community_rules.may_change_delivery(membership)


def may_moderate(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_moderate(person, community)


def may_manage(person: Person | None, community: Community) -> Ruling:
    return community_rules.may_manage(person, community)


def is_in_zone(person: Person | None, zone: str) -> bool:
    """Whether somebody may read what is in this zone."""
    return zone == Zone.PUBLIC or zone in community_rules.zones_of(person)


def may_mark_answer(person: Person | None, thread: Thread) -> Ruling:
    """Whoever asked the question while they are a member, and moderators, say what the answer is."""
    if not is_in_zone(person, thread.zone):
        return no(gettext("There is no such discussion here."), hidden=True)
    if thread.kind != PostType.QUESTION:
        return no(gettext("Only a question has an answer. Its subject begins with the word QUESTION."))
    if person is not None and asked_by(thread) == person.pk:
        return community_rules.may_take_part(person, thread.community)
    if may_moderate(person, thread.community):
        return yes()
    return no(gettext("Only whoever asked, or a moderator, can say what the answer is."))


def asked_by(thread: Thread) -> int | None:
    """The key of the person who started a thread; no query where its first page was read before."""
    if hasattr(thread, "known_asker"):
        known: int | None = thread.known_asker
        return known
    return thread.messages.order_by("sent_at", "id").values_list("author", flat=True).first()


def wants_reminder(thread: Thread) -> bool:
    """A question of one week, and not of ages ago, that has replies and no answer, and about which nobody was asked yet."""
    age = timezone.now() - thread.started_at
    is_due = REMINDS_AFTER <= age <= REMINDS_UNTIL and thread.message_count > 1
    is_open = thread.kind == PostType.QUESTION and thread.answered_at is None and thread.closed_at is None
    return is_due and is_open and thread.reminded_at is None


def may_decide(person: Person | None, held: HeldPost) -> Ruling:
    """A moderator, while nobody has decided yet. A private reply is no moderator's business."""
    if held.alias_id or held.waits_for != HeldPost.For.MODERATOR or not is_in_zone(person, held.zone):
        return no(gettext("This post does not wait for a moderator."), hidden=True)
    ruling = may_moderate(person, held.community)
    if not ruling:
        return ruling
    if person is not None and held.author_id == person.pk and held.rule == author_is_under_notice.__name__:
        return no(gettext("You wrote this post yourself, and are under a second notice: another moderator reads it."))
    return _is_open(held)


def may_order(notice: HeldNotice, email: str, *, is_proven: bool) -> Ruling:
    """Whether a reply to a moderator's letter may decide: a forwarded letter gives nobody its power."""
    own = notice.membership.person.addresses.exclude(proved_at=None).values_list("email", flat=True)
    if email.lower() not in {*own, notice.membership.address.email}:
        return no(
            gettext(
                "Nothing is changed. This letter was written to one moderator, and only a reply from that moderator’s own "
                "address can decide. Moderators find everything that waits on the web."
            )
        )
    if is_proven:
        return yes()
    return no(
        gettext(
            "Nothing is changed: nothing proves that the reply came from you. Press a button on the page that the letter "
            "links to, or sign in and decide there."
        )
    )


def may_decide_by_link(notice: HeldNotice, visitor: Person | None) -> Ruling:
    """Whoever holds a moderator's link, for a month, unless they are signed in as somebody else."""
    if visitor is not None and visitor.pk != notice.membership.person_id:
        return no(
            gettext(
                "This link is another moderator’s. If you moderate this community, decide on the page of held posts."
            )
        )
    if timezone.now() - notice.sent_at > DECISION_LINK_LASTS:
        return no(gettext("This link has expired. Sign in, and decide on the page of held posts."))
    return may_decide(notice.membership.person, notice.held)


def may_confirm(held: HeldPost) -> Ruling:
    """Whoever holds the signed link, once, while the post still waits for its author."""
    if not (ruling := _is_open(held)):
        return ruling
    if held.waits_for != HeldPost.For.AUTHOR:
        return no(gettext("You have confirmed this post already. It now waits for a moderator."))
    if held.rule in PATIENCE:
        return no(
            gettext("You have confirmed this post already. Another letter asks you whether it should go to everyone.")
        )
    if timezone.now() - held.held_at > CONFIRMATION_LASTS:
        return no(gettext("This link has expired. Please send your message again."))
    return yes()


def is_new(post: Post) -> Ruling:
    """Whether neither the archive nor the queue of held posts has this letter yet."""
    reason = already_been_here(post)
    return no(reason) if reason else yes()


def has_an_author(post: Post) -> Ruling:
    return yes() if post.author else no(gettext("Nobody is known under the address in its From line."))


def may_write_privately(post: Post, alias: Alias) -> Ruling:
    """Members reach a poster through the poster's alias, while the poster has not left."""
    if not post.is_from_a_member:
        return no(
            gettext("Only members can write to each other through this list, and your address is not a member’s.")
        )
    if reason := is_encrypted(post) or is_too_large(post):
        return no(said(reason))
    membership = communities.membership_of(alias.person, alias.community)
    if not alias.person.is_active or (membership is not None and not membership.is_active()):
        return no(gettext(LEFT) % {"name": alias.person.display_name})
    return yes()


def is_new_reply(post: Post, alias: Alias) -> Ruling:
    """Whether this letter was neither passed on to the poster before, nor waits for its author to confirm it."""
    if Mailing.objects.filter(about=mark_of_reply(post, alias)).exists():
        return no("This letter was passed on already.")
    held = HeldPost.objects.waiting().filter(alias=alias, message_id=post.message_id, email=post.email)
    if held.exclude(pk=post.held.pk if post.held else 0).exists():
        return no("This letter waits already for its author to confirm it.")
    return yes()


def mark_of_reply(post: Post, alias: Alias) -> str:
    """What a mailing of a private letter is about: the alias, and the letter by author and Message-ID."""
    told = f"{post.email}\0{post.message_id}".encode("utf-8", "replace")
    return f"discussions.alias:{alias.pk}:{blake2b(told, digest_size=16).hexdigest()}"


def address_in(alias: Alias) -> str:
    """Where the poster wants mail of this community: the address of the membership, or the person's first."""
    membership = communities.membership_of(alias.person, alias.community)
    return membership.address.email if membership else alias.person.email


def may_be_asked_to_confirm(email: str) -> Ruling:
    """Whoever forges From lines must not use Junto to flood the owner of the address."""
    since = timezone.now() - timedelta(days=1)
    asked = HeldPost.objects.for_their_author().filter(email=email, held_at__gte=since).count()
    return yes() if asked < CONFIRMATIONS_A_DAY else no("This address was asked often enough today.")


def _is_open(held: HeldPost) -> Ruling:
    if not held.is_decided:
        return yes()
    return no(decided_already(held.outcome, by=str(held.decided_by or "")))
