"""People and their addresses: who is known, what is proved, where mail is not wanted."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.kit.addresses import masked, normalise
from junto.kit.rulings import Refused, no, require
from junto.kit.tokens import read
from junto.people import letters, queries, rules
from junto.people.actions.bouncing import resume
from junto.people.models import Address, Agency, Level, Person, SignInCode
from junto.people.queries import Judgement
from junto.people.rules.exceptions import DEFENSE
from junto.people.rules.federal import key_of, short_name_of

_BATCH = 1_000


@transaction.atomic
def welcome(*, email: str, name: str = "", by: Person | None = None) -> Person:
    """The person whose address this is, made when there is none. The address is judged, and not yet proved.

    A name is taken only where none is known. Raises BadAddress. Anyone may be welcomed: what the person may join is
    asked later.
    """
    known = normalise(email)
    address = Address.objects.select_related("person__agency").filter(email=known).first()
    if address is None:
        return _make(known, name, by)
    if name and not address.person.name:
        address.person.name = _tidy(name)
        address.person.save(update_fields=["name"])
    return address.person


def _make(email: str, name: str, by: Person | None) -> Person:
    judgement = queries.judge(email)
    agency = _agency_of(judgement)
    person, is_new = Person.objects.get_or_create(email=email, defaults={"name": _tidy(name), "agency": agency})
    address, is_new_address = Address.objects.get_or_create(
        email=email,
        defaults={"person": person, "agency": agency, "level": judgement.level, "state": judgement.state},
    )
    if is_new:
        record("people.person.welcomed", about=person, by=by, reason=judgement.reason, address=masked(email))
    return person if is_new or not is_new_address else address.person


@transaction.atomic
def welcome_many(*, names: Mapping[str, str], by: Person | None = None) -> dict[str, Address]:
    """The same for many at once: names by addresses that `normalise` has made; the addresses with their people come back."""
    known = {a.email: a for a in Address.objects.select_related("person").filter(email__in=names)}
    half_known = set(Person.objects.filter(email__in=names.keys() - known.keys()).values_list("email", flat=True))
    for email in names:
        if email in half_known or (email in known and names[email] and not known[email].person.name):
            welcome(email=email, name=names[email], by=by)
    missing = [email for email in names if email not in known and email not in half_known]
    _make_many(dict(zip(missing, queries.judge_many(missing), strict=True)), names, by)
    return {a.email: a for a in Address.objects.select_related("person").filter(email__in=names)}


def _make_many(judgements: Mapping[str, Judgement], names: Mapping[str, str], by: Person | None) -> None:
    agencies: dict[tuple[str, str, str], Agency | None] = {}
    people: list[Person] = []
    for email, judgement in judgements.items():
        body = (judgement.agency_name, judgement.parent_name, judgement.state)
        if judgement.agency is None and body not in agencies:
            agencies[body] = _agency_of(judgement)
        people.append(Person(email=email, name=_tidy(names[email]), agency=judgement.agency or agencies[body]))
    Person.objects.bulk_create(people)
    Address.objects.bulk_create(
        Address(person=person, email=email, agency=person.agency, level=judgement.level, state=judgement.state)
        for person, (email, judgement) in zip(people, judgements.items(), strict=True)
    )
    for person, (email, judgement) in zip(people, judgements.items(), strict=True):
        record("people.person.welcomed", about=person, by=by, reason=judgement.reason, address=masked(email))


def _tidy(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:200]


def _agency_of(judgement: Judgement) -> Agency | None:
    """The agency's row; made for a body that a table of rules knows and the register does not list."""
    if judgement.agency or not judgement.agency_name:
        return judgement.agency
    parent = _body(judgement.parent_name, judgement, None) if judgement.parent_name else None
    return _body(judgement.agency_name, judgement, parent)


def _body(name: str, judgement: Judgement, parent: Agency | None) -> Agency:
    """The row of a body that a table names. Departments are executive, as the register lists them, Defense as well."""
    key = key_of(name)
    is_department = name in {DEFENSE, judgement.parent_name}
    known = Agency.objects.filter(key=key, state=judgement.state, parent=parent).order_by("pk").first()
    return known or Agency.objects.create(
        name=name,
        key=key,
        short_name=short_name_of(name, parent.name if parent else ""),
        parent=parent,
        level=Level.FEDERAL_EXECUTIVE if is_department else judgement.level,
        state=judgement.state,
    )


@transaction.atomic
def prove(*, email: str, by: Person | None) -> Address:
    """The address is proved now: its owner typed our code, pressed our button or answered our mail.

    Delivery that bounces had stopped goes on, and the agency is judged anew. Raises BadAddress, or
    Address.DoesNotExist for one that nobody was welcomed with.
    """
    address = Address.objects.select_for_update().get(email=normalise(email))
    judgement = queries.judge(address.email)
    address.proved_at, address.proof_asked_at = timezone.now(), None
    address.agency, address.level, address.state = _agency_of(judgement), judgement.level, judgement.state
    address.save(update_fields=["proved_at", "proof_asked_at", "agency", "level", "state"])
    _follow(address)
    record("people.address.proved", about=address.person, by=by, address=masked(address.email))
    return resume(address=address, by=by)


def _follow(address: Address) -> None:
    """A person belongs to the agency of the address that their mail goes to first."""
    person = address.person
    if person.email == address.email and person.agency_id != address.agency_id:
        person.agency = address.agency
        person.save(update_fields=["agency"])


@transaction.atomic
def prove_by_link(*, token: str, by: Person | None = None) -> Address:
    """Prove the address that a letter asked about. Raises BadToken, or Refused where the letter is too old."""
    address = Address.objects.select_related("person").filter(pk=read(letters.PROOF, token)).first()
    require(rules.may_prove_by_link(address))
    assert address is not None
    return prove(email=address.email, by=by or address.person)


@transaction.atomic
def rename(*, person: Person, name: str, job_title: str = "", by: Person) -> Person:
    """Change the name and job title that stand beside what somebody writes."""
    require(rules.may_change_person(by, person))
    before = person.display_name
    person.name, person.job_title = _tidy(name), _tidy(job_title)
    person.save(update_fields=["name", "job_title"])
    record("people.person.renamed", about=person, by=by, before=before)
    return person


@transaction.atomic
def set_time_zone(*, person: Person, time_zone: str, by: Person) -> Person:
    """Set the clock that somebody lives by, an IANA name; empty takes that of each community. Raises Refused."""
    require(rules.may_change_person(by, person))
    if time_zone and time_zone not in available_timezones():
        raise Refused(no(gettext("“%(zone)s” is not a time zone.") % {"zone": time_zone}))
    before, person.time_zone = person.time_zone, time_zone
    person.save(update_fields=["time_zone"])
    record("people.person.time_zone_set", about=person, by=by, before=before, after=time_zone)
    return person


@transaction.atomic
def set_language(*, person: Person, language: str, by: Person) -> Person:
    """Set the language in which the site and its letters speak to somebody, a code of LANGUAGES. Raises Refused."""
    require(rules.may_change_person(by, person))
    if language not in dict(settings.LANGUAGES):
        raise Refused(no(gettext("This site does not speak that language.")))
    person.language = language
    person.save(update_fields=["language"])
    record("people.person.language_set", about=person, by=by, after=language)
    return person


@transaction.atomic
def prefer(*, address: Address, by: Person) -> Person:
    """Make a proved address the one that mail goes to first; the person's agency is then the address's."""
    person = address.person
    require(rules.may_change_person(by, person))
    require(rules.may_prefer(address))
    person.email, person.agency = address.email, address.agency
    person.save(update_fields=["email", "agency"])
    record("people.address.preferred", about=person, by=by, address=masked(address.email))
    return person


@transaction.atomic
def remove_address(*, address: Address, is_used: bool, is_kept: bool, by: Person) -> None:
    """Take an address off an account: nobody signs in with it any more. Memberships that are over keep its row, which
    then says nothing. `is_used` and `is_kept` as in rules.may_remove_address. Raises Refused.
    """
    require(rules.may_change_person(by, address.person))
    require(rules.may_remove_address(address, is_used=is_used, is_kept=is_kept))
    record("people.address.removed", about=address.person, by=by, address=masked(address.email))
    SignInCode.objects.filter(email=address.email).delete()
    try:
        with transaction.atomic():
            address.delete()
    except models.ProtectedError:
        address.email, address.proved_at, address.stopped_at = nowhere(address), None, timezone.now()
        address.agency, address.level, address.state, address.stop_reason = None, "", "", "Its owner removed it."
        address.save()


def nowhere(address: Address) -> str:
    """What stands for an address that is gone, where its row has to stay; no mail can reach it (RFC 2606)."""
    return f"address-{address.pk}@left.invalid"


@transaction.atomic
def let_run_site(*, person: Person, by: Person | None) -> Person:
    """Make somebody one of the people who run this site. `by` is None on the shell of the machine itself."""
    if by is not None:
        require(rules.may_run_site(by))
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    record("people.person.runs_site", about=person, by=by)
    return person


@transaction.atomic
def rejudge(*, pattern: str = "", by: Person | None) -> int:
    """Judge known addresses anew after the register or the exceptions changed; returns how many changed.

    `pattern` limits it to one address, or to a domain and what stands under it.
    """
    changed: list[Address] = []
    batch: list[Address] = []
    for address in _under(pattern).iterator(chunk_size=_BATCH):
        batch.append(address)
        if len(batch) == _BATCH:
            changed += _changed(batch)
            batch = []
    changed += _changed(batch)
    Address.objects.bulk_update(changed, ["agency", "level", "state"], batch_size=_BATCH)
    movers = [address.person for address in changed if address.person.email == address.email]
    Person.objects.bulk_update(movers, ["agency"], batch_size=_BATCH)
    if changed:
        record("people.addresses.rejudged", by=by, pattern=pattern, changed=len(changed))
    return len(changed)


def _under(pattern: str) -> models.QuerySet[Address]:
    addresses = Address.objects.select_related("person").order_by("pk")
    if "@" in pattern:
        return addresses.filter(email=pattern)
    if pattern:
        return addresses.filter(models.Q(email__endswith=f"@{pattern}") | models.Q(email__endswith=f".{pattern}"))
    return addresses


def _changed(batch: list[Address]) -> list[Address]:
    changed = []
    for address, judgement in zip(batch, queries.judge_many(a.email for a in batch), strict=True):
        agency = _agency_of(judgement)
        before = (address.agency_id, address.level, address.state)
        if before != (agency.pk if agency else None, judgement.level, judgement.state):
            address.agency, address.level, address.state = agency, judgement.level, judgement.state
            address.person.agency = agency
            changed.append(address)
    return changed
