"""What a person's page and the directory of people gather: profile, communities in common, posts that one may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries as communities
from junto.discussions import queries as discussions
from junto.discussions import rules as discussion_rules
from junto.kit.rulings import require
from junto.mail import store
from junto.people import queries as people
from junto.people import rules
from junto.people.models import Audience, Person, Profile
from junto.people.queries import Experts, Sought

LABELS = {
    "agency": _("Agency"),
    "job_title": _("Job title"),
    "helps_with": _("Can help with"),
    "learning": _("Wants to learn"),
    "time_zone": _("Time zone"),
    "about": _("About"),
}
_UNDER_THE_NAME = frozenset({"agency", "job_title"})


VIEWS = {
    "": _("You"),
    Audience.COLLEAGUES: _("Members of my communities"),
    Audience.GOVERNMENT: _("Government"),
    Audience.EVERYONE: _("Everyone"),
}
"""As whom one may look at one's own page."""


def person_page(pk: int, viewer: Person | None, *, seen_by: str = "") -> dict[str, Any]:
    """Everything that a person's page shows to this viewer. Raises Http404, or Refused, that reads the same.

    One's own page can be looked at as one of VIEWS sees it: `seen_by`.
    """
    person = people.find_person(pk)
    profile = people.profile_of(person)
    shared = communities.shared_communities(viewer, person)
    fields = rules.fields_open_to(profile, viewer, is_colleague=bool(shared))
    shows_photo = bool(rules.may_see_photo(viewer, profile, is_colleague=bool(shared)))
    posts = discussions.posts_of(person, reader=viewer, communities=communities.readable_ids(viewer))
    require(rules.may_see_profile(viewer, person, is_colleague=bool(shared), is_known=bool(fields or posts)))
    is_own = viewer is not None and viewer.pk == person.pk
    as_other = is_own and seen_by in rules.UP_TO
    if as_other:
        fields, shows_photo = _as_seen_by(Audience(seen_by), profile)
        if seen_by != Audience.COLLEAGUES:
            posts = discussions.posts_of(person, reader=None, communities=communities.readable_ids(None))
    return {
        "person": person,
        "is_own": is_own,
        "as_other": as_other,
        "views": [(name, label, name == (seen_by if as_other else "")) for name, label in VIEWS.items()],
        "photo": person.photo_address if shows_photo else "",
        "agency": fields.get("agency", ""),
        "job_title": fields.get("job_title", ""),
        "rows": _rows(profile, fields, is_own=is_own and not as_other),
        "shared": shared,
        "posts": posts,
        "may_ask": None if is_own else discussion_rules.may_ask(viewer, person, shared),
    }


def asked_person(pk: int, viewer: Person) -> dict[str, Any]:
    """The person to whom a question is to go, and the communities through which it can. Raises as the page does."""
    told = person_page(pk, viewer)
    if told["is_own"]:
        raise Http404(gettext("This is your own profile."))
    is_open = [community for community in told["shared"] if community.retired_at is None]
    return told | {"through": is_open[0] if is_open else None}


def experts(sought: Sought, viewer: Person | None) -> Experts:
    return people.experts(sought, viewer=viewer, colleagues=communities.colleagues_of(viewer))


def older_of(found: Experts, sought: Sought) -> str:
    """The query string of the next page of the directory, or nothing."""
    return "?" + urlencode(sought.query() | {"after": str(found.older)}) if found.older else ""


@dataclass(frozen=True, slots=True)
class Photo:
    content: bytes
    content_type: str


def photo_of(pk: int, viewer: Person | None) -> Photo:
    """A photo that this viewer may see. Raises Http404."""
    person = people.find_person(pk)
    profile = people.profile_of(person)
    is_colleague = viewer is not None and communities.colleagues_of(viewer).filter(person=person).exists()
    if not rules.may_see_photo(viewer, profile, is_colleague=is_colleague):
        raise Http404(rules.NO_PROFILE.reason)
    try:
        return Photo(store.get(profile.photo_key), profile.photo_type)
    except store.NotStored as error:
        raise Http404(rules.NO_PROFILE.reason) from error


def _as_seen_by(audience: Audience, profile: Profile) -> tuple[dict[str, str], bool]:
    """The fields of a profile that this audience sees, and whether it sees the photo."""
    open_to = rules.UP_TO[audience]
    return rules.fields_told_to(profile, open_to), bool(profile.photo_key) and profile.photo_for in open_to


def _rows(profile: Profile, fields: dict[str, str], *, is_own: bool) -> list[tuple[str, str, str]]:
    """(label, text, who sees it); the last for one's own page only, where agency and title are told again with it."""
    return [
        (str(LABELS[name]), text, str(getattr(profile, f"get_{name}_for_display")()) if is_own else "")
        for name, text in fields.items()
        if is_own or name not in _UNDER_THE_NAME
    ]
