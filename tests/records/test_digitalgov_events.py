"""The events of Digital.gov, on small files of our own and on the real thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from junto.communities.models import Community
from junto.events.models import Audience, Event, Kind, State
from junto.kit.hugo import front_matter
from junto.kit.hugo.front_matter import Content
from junto.people.models import Person
from junto.records.actions.digitalgov._events import Events

pytestmark = pytest.mark.django_db

CALL = """---
slug: uswds-monthly-call-july-2021
title: "Plain Talk &amp; Tea - July 2021"
kicker: "Design"
summary: "Join the team."
host: Web Managers Community of Practice and Customer Experience (CX) CoP
date: 2021-07-15 14:00:00 -0500
end_date: 2021-07-15 15:00:00 -0500
registration_url: https://www.eventbrite.com/e/1
youtube_id: V9l4MvXcrSc
---

## Agenda

Say **hello**.
"""


@dataclass
class Run:
    """A run without the rest of the import: its own site, and a report."""

    content: Path
    by: Person | None = None
    taken: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)

    @property
    def site(self) -> Run:
        return self

    def markdown(self, content: Content, repairs: list[str] | None = None) -> str:
        return content.body

    def skip(self, where: str, what: str) -> None:
        self.skipped[where] = what

    def count(self, is_new: bool, repairs: list[str], where: str) -> None:
        (self.taken if is_new else self.there).append(where)
        self.repairs += repairs


def take(content: Path) -> Run:
    run = Run(content)
    for path, step in Events(run).plan():
        step(path, front_matter.read(path), path.relative_to(content).as_posix())
    return run


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "events" / "2021" / "07" / "2021-07-01-call.md"
    path.parent.mkdir(parents=True)
    path.write_text(CALL)
    return path


def test_an_event_is_taken_with_the_clock_of_washington(call, tmp_path, other, cop):
    run = take(tmp_path)
    event = Event.objects.get()
    assert event.starts_at == datetime(2021, 7, 15, 18, tzinfo=UTC)
    assert (event.title, event.summary) == ("Plain Talk & Tea - July 2021", "Join the team.")
    assert (event.audience, event.state, event.kind) == (Audience.PUBLIC, State.PUBLISHED, Kind.WEBINAR)
    assert event.source_url == "https://digital.gov/event/2021/07/15/uswds-monthly-call-july-2021/"
    assert "<strong>hello</strong>" in event.description_html
    assert "https://www.youtube.com/watch?v=V9l4MvXcrSc" in event.description
    assert "eventbrite" not in event.description
    assert event.community == other
    assert run.repairs == ["it stands under “Web Managers”; told with it: Customer Experience"]


def test_run_again_it_takes_nothing_twice_and_leaves_what_was_changed_here(call, tmp_path, other):
    take(tmp_path)
    assert take(tmp_path).there == ["events/2021/07/2021-07-01-call.md"]
    before = Event.objects.get()
    call.write_text(CALL.replace("14:00", "13:30"))
    assert take(tmp_path).taken
    after = Event.objects.get()
    assert (after.uid, after.number, after.sequence) == (before.uid, before.number, 1)
    assert after.starts_at < before.starts_at
    Event.objects.update(title="Ours")
    call.write_text(CALL.replace("14:00", "13:00"))
    assert take(tmp_path).there
    assert Event.objects.get().title == "Ours"


@pytest.mark.parametrize(
    ("host", "kicker", "slug"),
    [
        ("Plain Language", "", "plain-language"),
        ('"PLAIN and Digital.gov"', "", "plain-language"),
        ("18F", "Plain Language", "plain-language"),
        ("18F", "Tea", None),
        ('""', '""', None),
        ("The Federal Plain Language CoP", "", "plain-language"),
    ],
)
def test_host_and_kicker_tell_the_community(host, kicker, slug, call, tmp_path, other):
    Community.objects.filter(pk=other.pk).update(name="Plain Language", slug="plain-language")
    text = CALL.replace("Web Managers Community of Practice and Customer Experience (CX) CoP", host)
    call.write_text(text.replace('kicker: "Design"', f"kicker: {kicker}"))
    take(tmp_path)
    event = Event.objects.select_related("community").get()
    assert (event.community.slug if event.community else None) == slug
    if slug is None:
        assert event.get_absolute_url() == "/events/1/"


def test_what_has_no_end_lasts_an_hour_and_what_has_no_start_is_skipped(call, tmp_path, other):
    call.write_text(CALL.replace("end_date: 2021-07-15 15:00:00", "end_date: 2021-07-15 14:00:00"))
    assert "it does not say when it ends; an hour was taken" in take(tmp_path).repairs
    event = Event.objects.get()
    assert (event.ends_at - event.starts_at).total_seconds() == 3600
    Event.objects.all().delete()
    call.write_text(CALL.replace("\ndate: 2021-07-15 14:00", "\ndate: soon 14:00"))
    assert list(take(tmp_path).skipped.values()) == ["its date “soon 14:00:00 -0500” is no day and time"]
    call.write_text(CALL.replace("---\n\n", "draft: true\n---\n\n"))
    assert list(take(tmp_path).skipped.values()) == ["it is a draft"]
    assert not Event.objects.exists()


def test_a_venue_becomes_one_line(call, tmp_path, other):
    venue = "venue:\n  venue_name: GSA\n  address: 1800 F Street NW\n  room: 1459\n  city: Washington\n  state: D.C.\n  zip: 20405\n"
    call.write_text(CALL.replace("summary:", f"{venue}summary:"))
    take(tmp_path)
    event = Event.objects.get()
    assert event.address == "GSA, 1800 F Street NW, room 1459, Washington, D.C. 20405"
    assert event.kind == Kind.MEETING


@pytest.mark.material
def test_the_real_events_are_taken(material):
    content = material / "digitalgov" / "content"
    for slug, name in (("uswds", "U.S. Web Design System"), ("plain-language", "Plain Language")):
        Community.objects.create(slug=slug, name=name, list_name=slug, list_id=f"{slug}.example.gov")
    run = take(content)
    assert len(run.taken) > 320
    assert all(what == "it is a draft" or "list’s own" in what for what in run.skipped.values())
    counts = {slug: Event.objects.filter(community__slug=slug).count() for slug in ("uswds", "plain-language")}
    assert counts["uswds"] > 50
    assert counts["plain-language"] > 25
    assert not take(content).taken
