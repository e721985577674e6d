"""What a person's page and the directory of people gather: profile, communities in common, posts that one may read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from junto.communities import queries as communities
from junto.discussions import queries as discussions
from junto.discussions import rules as discussion_rules
from junto.kit.rulings import require
from junto.people import queries as people
from junto.people import rules
from junto.people.models import Person, Profile
from junto.people.queries import Experts, Sought

LABELS = {
    "agency": "Agency",
    "job_title": "Job title",
    "helps_with": "Can help with",
    "learning": "Wants to learn",
    "time_zone": "Time zone",
    "about": "About",
}
_UNDER_THE_NAME = frozenset({"agency", "job_title"})


def person_page(pk: int, viewer: Person | None) -> dict[str, Any]:
    """Everything that a person's page shows to this viewer. Raises Http404, or Refused, that reads the same."""
    person = people.find_person(pk)
    shared = communities.shared_communities(viewer, person)
    fields = rules.fields_open_to(people.profile_of(person), viewer, is_colleague=bool(shared))
    posts = discussions.posts_of(person, reader=viewer, communities=communities.readable_ids(viewer))
    require(rules.may_see_profile(viewer, person, is_colleague=bool(shared), is_known=bool(fields or posts)))
    is_own = viewer is not None and viewer.pk == person.pk
    return {
        "person": person,
        "is_own": is_own,
        "agency": fields.get("agency", ""),
        "job_title": fields.get("job_title", ""),
        "rows": _rows(people.profile_of(person), fields, is_own=is_own),
        "shared": shared,
        "posts": posts,
        "may_ask": None if is_own else discussion_rules.may_ask(viewer, person, shared),
    }


def asked_person(pk: int, viewer: Person) -> dict[str, Any]:
    """The person to whom a question is to go, and the communities through which it can. Raises as the page does."""
    told = person_page(pk, viewer)
    if told["is_own"]:
        raise Http404("This is your own profile.")
    is_open = [community for community in told["shared"] if community.retired_at is None]
    return told | {"through": is_open[0] if is_open else None}


def experts(sought: Sought, viewer: Person | None) -> Experts:
    return people.experts(sought, viewer=viewer, colleagues=communities.colleagues_of(viewer))


def older_of(found: Experts, sought: Sought) -> str:
    """The query string of the next page of the directory, or nothing."""
    asked = {"q": sought.words, "agency": sought.agency, "level": sought.level, "state": sought.state}
    kept = {name: value for name, value in asked.items() if value}
    return "?" + urlencode(kept | {"after": found.older}) if found.older else ""


def _rows(profile: Profile, fields: dict[str, str], *, is_own: bool) -> list[tuple[str, str, str]]:
    """(label, text, who sees it); the last for one's own page only, where agency and title are told again with it."""
    return [
        (LABELS[name], text, getattr(profile, f"get_{name}_for_display")() if is_own else "")
        for name, text in fields.items()
        if is_own or name not in _UNDER_THE_NAME
    ]
