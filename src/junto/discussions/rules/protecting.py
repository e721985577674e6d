"""What protects everyone on a list: rules under which a post waits for its author or for the clock, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from junto.communities.models import Community, Membership
from junto.communities.rules import may_moderate, zones_of
from junto.discussions.models import HeldPost, HintGiven, Message, Thread
from junto.discussions.rules import coach
from junto.discussions.rules.posts import Post
from junto.discussions.rules.reasons import SHORT, SLOW, decided_already
from junto.discussions.rules.short import FEWEST_READERS, is_little, says_little
from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Person

AUTHOR_CAN_STOP_IT_FOR = timedelta(minutes=10)
STORM_IS_MEASURED_OVER = timedelta(hours=1)
FIRST_BRAKE = timedelta(hours=1)
LONGEST_BRAKE = timedelta(hours=24)
CALM_FOR = timedelta(days=7)
HINT_COMES_AGAIN_AFTER = timedelta(days=7)
STORM_OF_COMMANDS = 5


def says_little_to_many(post: Post) -> str:
    """“Me too”, thanks or nothing at all, to a list with many readers: its author is asked first."""
    if not post.community.asks_before_short_posts or not says_little(post):
        return ""
    readers = readers_of(post.community)
    return SHORT % {"people": f"{readers:,}"} if readers >= FEWEST_READERS else ""


def may_do_harm(post: Post) -> str:
    """What the coach finds that could hurt somebody: the post goes out in ten minutes, unless its author stops it."""
    found = coach.hints(post, coach.Severity.HARM)
    return " ".join(hint.in_english for hint in found)


def thread_is_braked(post: Post) -> str:
    """A discussion that explodes: further replies wait until it has calmed down. Moderators may still speak."""
    thread = post.parent.thread if post.parent else None
    if thread is None or not (is_braked(thread) or is_storming(thread, post.community)):
        return ""
    if may_moderate(post.author, post.community):
        return ""
    return _("Very many replies came to this discussion within an hour, so further ones wait until it has calmed down.")


def author_is_in_slow_mode(post: Post) -> str:
    minutes = post.community.slow_mode_minutes
    if not minutes or slow_ends(post) is None or may_moderate(post.author, post.community):
        return ""
    return SLOW % {"minutes": minutes}


def list_is_quiet(post: Post) -> str:
    ends = quiet_ends(post.community, timezone.now())
    return _("This list is quiet at this hour: its posts go out when the quiet hours end.") if ends else ""


def goes_on_at(post: Post, rule: str) -> datetime:
    """When a post that waits for the clock under a rule goes on."""
    now = timezone.now()
    found = _ENDS[rule](post, now) if rule in _ENDS else None
    return found or now


def quiet_ends(community: Community, now: datetime) -> datetime | None:
    """When the quiet hours in which `now` lies end; None outside them. Hours are those of the community's own clock."""
    begins, ends = community.quiet_from, community.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(_zone(community))
    is_past_midnight = begins > ends
    is_quiet = (local.hour >= begins or local.hour < ends) if is_past_midnight else begins <= local.hour < ends
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if is_past_midnight and local.hour >= begins else 0)
    return datetime(day.year, day.month, day.day, ends, tzinfo=local.tzinfo).astimezone(now.tzinfo)


def slow_ends(post: Post) -> datetime | None:
    """When the author may post next in slow mode: some minutes after their last post, or after the last that waits."""
    step = timedelta(minutes=post.community.slow_mode_minutes)
    posts = Message.objects.filter(community=post.community, author=post.author)
    waited = HeldPost.objects.filter(community=post.community, author=post.author, rule=author_is_in_slow_mode.__name__)
    waited = waited.exclude(pk=post.held.pk if post.held else 0).filter(outcome__in=["", HeldPost.Outcome.ACCEPTED])
    found = (posts.aggregate(at=Max("received_at"))["at"], waited.aggregate(at=Max("release_at"))["at"])
    moments = [moment for moment in found if moment is not None]
    ends = max(moments) + step if moments and post.author else None
    return ends if ends is not None and ends > timezone.now() else None


def is_braked(thread: Thread) -> bool:
    return thread.braked_until is not None and thread.braked_until > timezone.now()


def is_storming(thread: Thread, community: Community) -> bool:
    """Whether a discussion got as many posts within the last hour as its list takes."""
    if not community.storm_posts:
        return False
    since = timezone.now() - STORM_IS_MEASURED_OVER
    recent = thread.messages.filter(received_at__gt=since).exclude(came_by="import")[: community.storm_posts]
    return recent.count() >= community.storm_posts


def brake_lasts(thread: Thread) -> timedelta:
    """Twice as long as the last time, up to a day; an hour at first, and again after a calm week."""
    if thread.braked_until is None or timezone.now() - thread.braked_until > CALM_FOR:
        return FIRST_BRAKE
    return min(FIRST_BRAKE * (1 << min(thread.brake_count, 10)), LONGEST_BRAKE)


def may_lift_brake(person: Person | None, thread: Thread) -> Ruling:
    return may_moderate(person, thread.community)


def is_due(held: HeldPost) -> Ruling:
    """Whether a post has waited for the clock long enough, and nobody has decided on it meanwhile."""
    if held.is_decided or held.waits_for != HeldPost.For.CLOCK:
        return no(gettext("This post does not wait for the clock any more."))
    is_late = held.release_at is not None and held.release_at <= timezone.now()
    return yes() if is_late else no(gettext("Its time has not come yet."))


def may_get_hint(membership: Membership, name: str) -> Ruling:
    """The same hint comes once a week at most, and none to a member who wants none."""
    given = HintGiven.objects.filter(membership=membership)
    lately = timezone.now() - HINT_COMES_AGAIN_AFTER
    if given.filter(name="").exists() or given.filter(name=name, given_at__gt=lately).exists():
        return no("This member had this hint a short while ago, or wants none.")
    return yes()


def advice_on_the_web(
    community: Community, *, subject: str, body: str, html: str, thread: Thread | None, by: Person
) -> list[coach.Advice]:
    """What is shown to somebody above the button, before what they wrote on the web goes out."""
    draft = coach.Draft(subject, body, body, html, is_reply=thread is not None, email=by.email)
    found = coach.advice(draft, community)
    if community.asks_before_short_posts and is_little(body, names=[by.name], is_reply=thread is not None):
        readers = readers_of(community)
        if readers >= FEWEST_READERS:
            found.insert(0, coach.Advice("short", coach.Severity.MILD, SHORT, {"people": f"{readers:,}"}))
    return found


def may_decide_on_waiting(person: Person | None, held: HeldPost) -> Ruling:
    """Moderators let a post that waits for the clock go at once, or drop it. One that its author thinks over is not theirs."""
    if held.zone not in zones_of(person):
        return no(gettext("This post does not wait for the clock."), hidden=True)
    if held.waits_for != HeldPost.For.CLOCK or held.rule == may_do_harm.__name__ or held.alias_id:
        return no(gettext("This post does not wait for the clock."), hidden=True)
    ruling = may_moderate(person, held.community)
    return (yes() if not held.is_decided else no(gettext("This post was decided on already."))) if ruling else ruling


def may_stop(held: HeldPost) -> Ruling:
    """Whoever holds the signed link may take their post back, while it waits for them or for the clock."""
    if held.is_decided:
        return no(decided_already(held.outcome))
    if held.waits_for == HeldPost.For.MODERATOR:
        return no(gettext("This post waits for a moderator now."))
    return yes()


def may_send_now(held: HeldPost) -> Ruling:
    """Only a question to its author may be answered: quiet hours, slow mode and the brake are not theirs to lift."""
    if not (ruling := may_stop(held)):
        return ruling
    if held.rule not in {says_little_to_many.__name__, may_do_harm.__name__}:
        return no(gettext("It goes out by itself when its time has come."))
    return yes()


def readers_of(community: Community) -> int:
    """To how many people a post goes as each message."""
    return community.memberships.receiving_each_message().count()


def _zone(community: Community) -> ZoneInfo:
    try:
        return ZoneInfo(community.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def _brake_ends(post: Post, now: datetime) -> datetime | None:
    thread = post.parent.thread if post.parent else None
    if thread is None:
        return None
    return thread.braked_until if is_braked(thread) else now + brake_lasts(thread)


_ENDS: dict[str, Callable[[Post, datetime], datetime | None]] = {
    may_do_harm.__name__: lambda post, now: now + AUTHOR_CAN_STOP_IT_FOR,
    thread_is_braked.__name__: _brake_ends,
    author_is_in_slow_mode.__name__: lambda post, now: slow_ends(post),
    list_is_quiet.__name__: lambda post, now: quiet_ends(post.community, now),
}
