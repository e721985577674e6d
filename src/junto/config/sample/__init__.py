"""The sample community of `junto demo`, made through the verbs of the rooms, so that it is as real as any other.

Its texts lie beside this file; people and discussions are invented, agencies and their domains are real names.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.utils import timezone

from junto.communities import actions as communities
from junto.communities.models import Community, Membership, Topic
from junto.discussions import actions as discussions
from junto.discussions.models import Message, Thread
from junto.events import actions as events
from junto.insights import actions as insights
from junto.library import actions as library
from junto.mail.models import Mailing
from junto.people import actions as people
from junto.people.models import Agency, Person

FOLDER = Path(__file__).parent


def make(*, say: Callable[[str], None] = print) -> None:
    """Fill an empty database: the register, people, three communities, their discussions."""
    people.take_register(FOLDER / "register.csv", by=None)
    told = _read("people")
    hal = _welcome(told["staff"])
    Person.objects.filter(pk=hal.pk).update(is_staff=True, is_superuser=True)
    hal.refresh_from_db()
    everybody = {entry["email"]: _welcome(entry) for entry in (*told["members"], *told["outside"])}
    _shorten(told["short_names"])
    places = _read("communities")
    topics = {slug: Topic.objects.create(slug=slug, title=title) for slug, title in places["topics"].items()}
    for entry in places["communities"]:
        _found(entry, topics, told["members"], everybody, hal)
    _publish(_read("library"), topics, hal)
    told_of = sorted([*_read("history"), *_read("discussions")], key=lambda entry: -entry["days"])
    count = sum(_discuss(entry, everybody) for entry in told_of)
    for entry in _read("events"):
        _announce(entry, everybody)
    for community in Community.objects.order_by("pk"):
        insights.recount(community=community, by=None)
    say(f"{len(everybody)} people, {len(places['communities'])} communities and {count} messages are there.")


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def _welcome(entry: dict[str, str]) -> Person:
    person = people.welcome(email=entry["email"], name=entry["name"], by=None)
    people.prove(email=entry["email"], by=person)
    Person.objects.filter(pk=person.pk).update(job_title=entry.get("title", ""))
    person.refresh_from_db()
    if "helps" in entry:
        people.set_profile(
            person=person, told={"helps_with": entry["helps"], "helps_with_for": "government"}, by=person
        )
    return person


def _shorten(names: dict[str, str]) -> None:
    for domain, short_name in names.items():
        Agency.objects.filter(domains__name=domain).update(short_name=short_name)


def _found(
    entry: dict[str, Any],
    topics: dict[str, Topic],
    members: list[dict[str, str]],
    everybody: dict[str, Person],
    hal: Person,
) -> None:
    taken_over = (
        "summary",
        "terms",
        "description",
        "guidelines",
        "sponsor",
        "contact",
        "policy",
        "readers",
        "short_name",
    )
    community = communities.create(
        slug=entry["slug"],
        name=entry["name"],
        list_name=entry["list_name"],
        by=hal,
        **{name: entry[name] for name in taken_over},
    )
    founded = entry["founded"] if isinstance(entry["founded"], date) else date.fromisoformat(entry["founded"])
    Community.objects.filter(pk=community.pk).update(founded_date=founded)
    community.topics.set(topics[slug] for slug in entry["topics"])
    communities.set_resources(community=community, links=[tuple(link) for link in entry["resources"]], by=hal)
    for slug, title, body in entry["pages"]:
        communities.write_page(community=community, slug=slug, title=title, body=body, by=hal)
    for member in _members(entry["members"], members, entry["contact"]):
        _join(community, member, everybody[member["email"]])


def _members(wanted: str | list[str], members: list[dict[str, str]], manager: str) -> Iterator[dict[str, str]]:
    """Who belongs; whoever is the contact manages."""
    for member in members:
        if wanted == "all" or member["email"] in wanted:
            role = member.get("role", "member") if wanted == "all" else "member"
            yield {**member, "role": "manager" if member["email"] == manager else role}


def _join(community: Community, member: dict[str, str], person: Person) -> None:
    membership = communities.join(
        community=community,
        person=person,
        address=person.addresses.get(email=member["email"]),
        accepts_guidelines=True,
        came_by="web",
        delivery=member.get("delivery", "each"),
        role=member["role"],
        tells=False,
        by=person,
    )
    age = timedelta(days=10 + 1500 * random.Random(member["email"]).random() ** 3)  # noqa: S311
    Membership.objects.filter(pk=membership.pk).update(joined_at=timezone.now() - age)


def _publish(told: dict[str, Any], topics: dict[str, Topic], hal: Person) -> None:
    authors = {entry["slug"]: library.write_author(**entry, by=hal) for entry in told["authors"]}
    today = timezone.localdate()
    for entry in told["pieces"]:
        draft = library.Draft(
            kind=entry["kind"],
            title=entry["title"],
            summary=entry["summary"],
            body=entry["body"],
            published_date=today - timedelta(days=entry["days"]),
            expired_date=today - timedelta(days=entry["expired"]) if "expired" in entry else None,
            topics=[topics[slug] for slug in entry["topics"]],
            authors=[authors[slug] for slug in entry["authors"]],
        )
        library.publish(slug=entry["slug"], draft=draft, by=hal)


def _discuss(entry: dict[str, Any], everybody: dict[str, Person]) -> int:
    """One discussion, told as if it had taken place some days ago. Returns the number of its messages."""
    community = Community.objects.get(slug=entry["community"])
    at = timezone.now() - timedelta(days=entry["days"], hours=2)
    first = discussions.start(
        community=community, subject=entry["subject"], body=entry["body"].strip(), by=everybody[entry["by"]]
    )
    if not isinstance(first, Message):
        raise ValueError(f"The sample post “{entry['subject']}” was held. Look at the posting rules.")
    _backdate(first, at)
    thread = Thread.objects.get(pk=first.thread_id)
    for answer in entry["replies"]:
        at = min(at + timedelta(hours=answer["hours"], minutes=17), timezone.now() - timedelta(minutes=5))
        message = discussions.reply(thread=thread, body=answer["body"].strip(), by=everybody[answer["by"]])
        if isinstance(message, Message):
            _backdate(message, at)
    Thread.objects.filter(pk=thread.pk).update(started_at=first.sent_at, last_at=at)
    _mark(thread, entry, everybody)
    return 1 + len(entry["replies"])


def _announce(entry: dict[str, Any], everybody: dict[str, Person]) -> None:
    """One event, some days from today or before it; on a Monday where that would be a weekend."""
    zone, by = ZoneInfo(entry["zone"]), everybody[entry["by"]]
    day = timezone.localdate() + timedelta(days=entry["days"])
    day += timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else timedelta()
    starts_at, ends_at = (datetime.combine(day, time(hour), zone) for hour in entry["hours"])
    told = {name: entry[name] for name in ("title", "kind", "summary", "link", "address", "audience") if name in entry}
    community = Community.objects.get(slug=entry["community"])
    event = events.plan(
        community=community, by=by, starts_at=starts_at, ends_at=ends_at, time_zone=entry["zone"],
        description=entry.get("description", "").strip(), **told,
    )  # fmt: skip
    events.publish(event=event, by=by)


def _mark(thread: Thread, entry: dict[str, Any], everybody: dict[str, Person]) -> None:
    """What readers and moderators made of it: the answer and the useful ones by their place, first is 0; and the pin."""
    messages = list(thread.messages.order_by("sent_at", "pk"))
    for place, people_ in entry.get("useful", {}).items():
        for email in people_:
            discussions.find_useful(message=messages[place], by=everybody[email])
    thread.refresh_from_db()
    if "answer" in entry:
        discussions.mark_answer(thread=thread, message=messages[entry["answer"]], by=everybody[entry["by"]])
    if "pinned_by" in entry:
        discussions.pin(thread=thread, by=everybody[entry["pinned_by"]])


def _backdate(message: Message, at: datetime) -> None:
    message.sent_at = at
    message.save(update_fields=["sent_at"])
    Mailing.objects.filter(pk=message.mailing_id or 0).update(created_at=at)
