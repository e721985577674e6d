"""Reads for what is handed out: rows as plain values, streamed, so that a large community costs no more memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from junto.audit.models import Entry
from junto.communities.models import Community, ConductCase, Membership
from junto.discussions.models import Attachment, Draft, HeldPost, Message
from junto.people import queries as people
from junto.people.models import Person, SignInCode
from junto.records.queries.belongings import drafts_about, files_about, photo_about
from junto.records.queries.front import parts_of_page, pictures_of, told_of_picture, versions_of

__all__ = [
    "attachments_of",
    "entries_about",
    "facts_about",
    "files_about",
    "kept_about",
    "members_of",
    "messages_of",
    "pictures_of",
    "settings_of",
    "told_of_picture",
    "versions_of",
]

CHUNK = 500
_SETTINGS = (
    "slug", "name", "short_name", "summary", "description", "guidelines", "terms", "sponsor", "contact", "list_name",
    "list_id", "policy", "readers", "reply_to", "moderation", "largest_post", "weight", "is_hidden", "redirect_to",
    "founded_date", "retired_at", "imported_from", "created_at", "passes_through", "time_zone", "quiet_from", "quiet_until",
    "slow_mode_minutes", "storm_posts", "asks_before_short_posts", "coach_is_on", "coach_skips", "welcome", "first_delivery",
    "has_zones", "default_zone", "shows_insights",
)  # fmt: skip

_MEMBERSHIP = (
    "role", "state", "delivery", "digest_form", "digest_hour", "digest_weekday", "paused_until", "is_concealed",
    "wants_own_posts", "wants_receipt", "joined_at", "ended_at", "guidelines_accepted_at", "came_by", "reason",
    "decided_at", "decision_note",
)  # fmt: skip


_OF_EVENTS = (
    "number", "uid", "sequence", "state", "kind", "title", "summary", "description", "starts_at", "ends_at", "time_zone",
    "link", "address", "source_url", "audience", "cancellation_note", "created_at", "changed_at",
)  # fmt: skip


def settings_of(community: Community) -> dict[str, Any]:
    """Everything that the managers of a community set, and the parts of its page and its events as Markdown."""
    return {name: getattr(community, name) for name in _SETTINGS} | {
        "part_of": community.part_of.slug if community.part_of else None,
        "topics": sorted(community.topics.values_list("slug", flat=True)),
        "other_list_names": sorted(community.list_names.values_list("name", flat=True)),
        "old_addresses": sorted(community.old_addresses.values_list("path", flat=True)),
        "feeds": sorted(community.feeds.values_list("slug", flat=True)),
        **parts_of_page(community),
        "events": list(community.events.order_by("number").values(*_OF_EVENTS)),
    }


def members_of(community: Community) -> Iterator[Membership]:
    """All memberships, also those that ended, with person, agency and address."""
    rows = community.memberships.select_related("person__agency", "address").order_by("pk")
    return rows.iterator(chunk_size=CHUNK)


def messages_of(community: Community) -> Iterator[Message]:
    """All messages, oldest first, with their thread and attachments."""
    rows = community.messages.select_related("thread").prefetch_related("attachments").order_by("sent_at", "pk")
    return rows.iterator(chunk_size=CHUNK)


def attachments_of(community: Community) -> Iterator[Attachment]:
    """Attachments whose bytes are kept apart from the raw letter."""
    rows = Attachment.objects.filter(message__community=community).exclude(key="").select_related("message__thread")
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def entries_about(community: Community) -> Iterator[Entry]:
    """What the book says of the community, its page, memberships, threads, messages and events."""
    parts = {
        "communities.section": community.sections.values_list("pk", flat=True),
        "communities.page": community.pages.values_list("pk", flat=True),
        "communities.resourcelink": community.resource_links.values_list("pk", flat=True),
        "communities.picture": community.pictures.values_list("pk", flat=True),
        "communities.membership": community.memberships.values_list("pk", flat=True),
        "discussions.thread": community.threads.values_list("pk", flat=True),
        "discussions.message": community.messages.values_list("pk", flat=True),
        "events.event": community.events.values_list("pk", flat=True),
        "discussions.heldpost": community.held_posts.values_list("pk", flat=True),
    }
    known = {kind: {str(pk) for pk in keys} for kind, keys in parts.items()}
    mine = Q(about_type="communities.community", about_id=str(community.pk))
    for entry in Entry.objects.filter(mine | Q(about_type__in=known)).order_by("pk").iterator(chunk_size=CHUNK):
        if entry.about_type == "communities.community" or entry.about_id in known[entry.about_type]:
            yield entry


def kept_about(person: Person) -> list[tuple[str, int, str]]:
    """What is kept about somebody: (what, how many, why and how long), in plain words, for their own eyes."""
    emails = [address.email for address in person.addresses.all()]
    return [
        (
            gettext("E-mail addresses, with the day on which you confirmed them"),
            len(emails),
            gettext("So that mail reaches you."),
        ),
        (
            gettext("Communities that you belong to, or once did"),
            person.memberships.count(),
            gettext("Since when, and how you get mail. They stay on record after you leave a community."),
        ),
        *_writings_kept(person),
        (
            gettext("Your photo"),
            int(bool(person.photo_mark)),
            gettext("Shown beside your name, to those whom you chose."),
        ),
        (
            gettext("Steps about your conduct"),
            ConductCase.objects.filter(person=person).count(),
            gettext("What a moderator told you, and until when it counts."),
        ),
        (
            gettext("Sign-in codes"),
            SignInCode.objects.filter(email__in=emails).count(),
            gettext("Without the codes themselves; they are deleted after a day."),
        ),
        *_ways_kept(person),
        (
            gettext("Entries in the book of who did what"),
            Entry.objects.filter(by_id=str(person.pk)).count(),
            gettext("What you did here and when. Entries are never changed."),
        ),
    ]


def _writings_kept(person: Person) -> list[tuple[str, int, str]]:
    return [
        (
            gettext("Posts in discussions"),
            Message.objects.filter(author=person).count(),
            gettext("They belong to the archive of the community, and stay there."),
        ),
        (
            gettext("Posts that wait, or that were not sent"),
            HeldPost.objects.filter(author=person).count(),
            gettext("So that a moderator, or you, can decide."),
        ),
        (
            gettext("Drafts that you have not sent, with their files"),
            Draft.objects.filter(person=person).count(),
            gettext("So that you can go on writing. They go when you send or discard them, or after 90 days."),
        ),
    ]


def _ways_kept(person: Person) -> list[tuple[str, int, str]]:
    return [
        (
            gettext("Passkeys and accounts elsewhere that sign you in"),
            person.passkeys.count() + person.provider_accounts.count(),
            gettext("Public keys and a number that the provider gave. You can remove each; they go with your account."),
        ),
        (
            gettext("Browsers in which you are signed in"),
            person.signed_in.count(),
            gettext("With the hour of their last use and half of the network address. They go when you sign out."),
        ),
    ]


def facts_about(person: Person) -> dict[str, Any]:
    """What is kept about somebody, but for the words of their posts, as plain values for a file."""
    return {
        **_described(person),
        "addresses": list(
            person.addresses.order_by("pk").values(
                "email", "proved_at", "level", "state", "agency__name", "stopped_at", "stop_reason"
            )
        ),
        "passkeys": list(person.passkeys.order_by("pk").values("name", "made_at", "last_used_at", "is_synced")),
        "accounts_elsewhere": list(
            person.provider_accounts.order_by("pk").values("issuer", "subject", "made_at", "last_used_at")
        ),
        "browsers": list(
            person.signed_in.order_by("pk").values("browser", "network", "way", "began_at", "last_seen_at")
        ),
        "memberships": list(
            person.memberships.order_by("pk").values("community__name", "address__email", *_MEMBERSHIP)
        ),
        "conduct": list(
            ConductCase.objects.filter(person=person)
            .order_by("pk")
            .values("community__name", "step", "words", "at", "expires_at", "lifted_at")
        ),
        "posts": list(
            Message.objects.filter(author=person)
            .order_by("sent_at", "pk")
            .values("community__name", "subject", "message_id", "sent_at", "came_by", "author_name", "author_agency")
        ),
        "drafts": drafts_about(person),
        "book": list(Entry.objects.filter(by_id=str(person.pk)).order_by("pk").values("at", "fact")),
    }


def _described(person: Person) -> dict[str, Any]:
    profile = people.profile_of(person)
    own = ("helps_with", "learning", "about", "takes_questions", *(f"{field}_for" for field in profile.WITH_AUDIENCE))
    return {
        "person": {
            "name": person.name,
            "job_title": person.job_title,
            "agency": person.agency.name if person.agency else "",
            "time_zone": person.time_zone,
            "first_address": person.email,
            "joined_at": person.joined_at,
        },
        "profile": {name: getattr(profile, name) for name in own} | {"photo": photo_about(person)},
    }
