"""What somebody tells of themselves, and the end of an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.kit.pictures import squared
from junto.kit.rulings import require
from junto.mail import actions as mail_actions
from junto.mail import store
from junto.people import letters, queries, rules, tasks
from junto.people.actions.persons import rename, set_time_zone
from junto.people.actions.sessions import end_other_sessions
from junto.people.models import Audience, Person, Profile, SignInCode

PHOTO_SIDE = 256
WORDS = ("helps_with", "learning", "about")


@transaction.atomic
def set_profile(*, person: Person, told: Mapping[str, Any], by: Person) -> Profile:
    """Change what somebody tells of themselves, and to whom: `told` has fields of Person and Profile by their names.

    What is missing there stays as it is, and so does an audience that is not one. Raises Refused.
    """
    require(rules.may_change_person(by, person))
    if "name" in told:
        rename(person=person, name=told["name"], job_title=told.get("job_title", person.job_title), by=by)
    if told.get("time_zone", person.time_zone) != person.time_zone:
        set_time_zone(person=person, time_zone=told["time_zone"], by=by)
    profile = queries.profile_of(person)
    for field in WORDS:
        setattr(profile, field, _tidy(told.get(field, getattr(profile, field)), keeps_lines=field == "about"))
    for field in (f"{one}_for" for one in Profile.WITH_AUDIENCE):
        if told.get(field) in Audience.values:
            setattr(profile, field, told[field])
    profile.takes_questions = told.get("takes_questions", profile.takes_questions)
    profile.save()
    _mark_photo(profile)
    record("people.profile.changed", about=person, by=by)
    tasks.index_person.enqueue(person.pk)
    return profile


def set_photo(*, person: Person, content: bytes, by: Person) -> Profile:
    """Show a photo beside somebody's name: cut to a square and drawn anew. Raises Refused; NoPicture where it is none."""
    require(rules.may_change_person(by, person))
    drawn = squared(content, side=PHOTO_SIDE)
    key = store.put(drawn.content)
    with transaction.atomic():
        profile = queries.profile_of(person)
        profile.photo_key, profile.photo_type = key, drawn.content_type
        profile.save()
        _mark_photo(profile)
        record("people.photo.set", about=person, by=by)
    return profile


@transaction.atomic
def remove_photo(*, person: Person, by: Person) -> Profile:
    """Initials stand beside the name again. Its file stays in the store, as all files do, under the rules of retention.

    Raises Refused.
    """
    require(rules.may_change_person(by, person))
    profile = queries.profile_of(person)
    profile.photo_key = profile.photo_type = ""
    profile.save()
    _mark_photo(profile)
    record("people.photo.removed", about=person, by=by)
    return profile


def _mark_photo(profile: Profile) -> None:
    person = profile.person
    if person.photo_mark != profile.photo_mark():
        person.photo_mark = profile.photo_mark()
        person.save(update_fields=["photo_mark"])


@transaction.atomic
def close_account(*, person: Person, keeps_name: bool, frees_addresses: bool, by: Person) -> Person:
    """Switch an account off for good: nobody signs in with it, and its profile, roles, codes, passkeys and sessions are gone.

    `keeps_name` leaves the name beside what the person wrote. `frees_addresses` lets whoever has them begin anew, as
    somebody whom nobody knows; kept, they open nothing. Memberships and posts belong to rooms above, which end and sign
    them over first. Raises Refused.
    """
    require(rules.may_close_account(by, person))
    mail_actions.post(letters.account_closed(person, is_free=frees_addresses), to=person.email, about="people.account")
    Profile.objects.filter(person=person).delete()
    _forget_ways_in(person)
    end_other_sessions(person=person, session_key="", by=by)
    record("people.account.closed", about=person, by=by, keeps_name=keeps_name, frees_addresses=frees_addresses)
    if frees_addresses:
        _free_addresses(person)
    person.name = person.display_name if keeps_name else rules.NAMELESS
    person.email = _nowhere(f"person-{person.pk}") if frees_addresses else person.email
    person.job_title, person.time_zone, person.photo_mark, person.agency = "", "", "", None
    person.is_active = person.is_staff = person.is_superuser = False
    person.save()
    tasks.index_person.enqueue(person.pk)
    return person


def _forget_ways_in(person: Person) -> None:
    emails = list(person.addresses.values_list("email", flat=True))
    SignInCode.objects.filter(email__in=emails).delete()
    SignInCode.objects.filter(person=person).delete()
    person.passkeys.all().delete()
    person.provider_accounts.all().delete()


def _free_addresses(person: Person) -> None:
    """Memberships that are over point to these rows for good; only what they say goes."""
    for address in person.addresses.all():
        address.email, address.proved_at, address.stopped_at = _nowhere(f"address-{address.pk}"), None, timezone.now()
        address.agency, address.level, address.state, address.stop_reason = None, "", "", "The owner left."
        address.save()


def _nowhere(name: str) -> str:
    """An address that no mail can reach, now or ever (RFC 2606)."""
    return f"{name}@left.invalid"


def _tidy(text: str, *, keeps_lines: bool) -> str:
    lines = ["".join(c for c in " ".join(line.split()) if c.isprintable()) for line in text.splitlines()]
    return "\n".join(lines).strip() if keeps_lines else " ".join(filter(None, lines))
