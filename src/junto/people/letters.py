"""The letters of this room: codes, and the yearly question whether an address still reaches its owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from junto.kit import tokens
from junto.mail.letter import Letter
from junto.people.models import PROOF_LASTS, Address, Agency, Person, SignInCode, Way
from junto.people.rules import CODE_LASTS, PROOF_LINK_LASTS
from junto.ui import letters as look

SIGN_IN = "people.sign-in"
PROOF = "people.proof"


def sign_in_code(code: SignInCode, *, words: str) -> Letter:
    """The code, and a link to a page whose one button signs in."""
    link = _link("people:sign-in-link", tokens.sign(SIGN_IN, code.pk))
    context = {"code": spaced(words), "minutes": _minutes(CODE_LASTS), "link": link}
    return _letter("people.sign_in_code", context, language=_spoken_by(code))


def new_address(code: SignInCode, *, words: str) -> Letter:
    """The code with which somebody shows that an address is theirs as well."""
    whose = code.person.display_name if code.person else ""
    context = {"code": spaced(words), "minutes": _minutes(CODE_LASTS), "name": whose}
    return _letter("people.new_address", context, language=_spoken_by(code))


def fresh_proof(address: Address) -> Letter:
    """The yearly question: does this address still reach you?"""
    proved = address.proved_at or timezone.now()
    context = {
        "name": address.person.display_name,
        "email": address.email,
        "ends": proved + PROOF_LASTS,
        "days": PROOF_LINK_LASTS.days,
        "link": _link("people:prove", tokens.sign(PROOF, address.pk)),
    }
    return _letter("people.fresh_proof", context, language=address.person.language)


def probe(address: Address) -> Letter:
    """To an address whose mail came back: whether this one arrives decides whether mail goes there again."""
    context = {"name": address.person.display_name, "email": address.email, "link": settings.SITE_URL}
    return _letter("people.probe", context, language=address.person.language)


def way_added(person: Person, *, what: str, kind: str) -> Letter:
    """To whoever owns the account: a new way to sign in was added. `kind` is a Way; `what`, its name."""
    return _of_a_way("people.way_added", person, what, kind)


def way_removed(person: Person, *, what: str, kind: str) -> Letter:
    """To whoever owns the account: a way to sign in was removed."""
    return _of_a_way("people.way_removed", person, what, kind)


def _of_a_way(letter: str, person: Person, what: str, kind: str) -> Letter:
    context = {
        "name": person.display_name,
        "what": what,
        "is_passkey": kind == Way.PASSKEY,
        "at": timezone.now(),
        "link": f"{settings.SITE_URL}{reverse('people:ways')}",
        "contact": settings.CONTACT,
    }
    return _letter(letter, context, language=person.language)


def told_of_changes(person: Person) -> list[str]:
    """Where news of an account’s safety goes: each proved address that takes mail; the first one where there is none."""
    proved = person.addresses.exclude(proved_at=None).filter(stopped_at=None).order_by("email")
    return list(proved.values_list("email", flat=True)) or [person.email]


def account_closed(person: Person, *, is_free: bool) -> Letter:
    """The last letter: the account is closed, and what to do where its owner did not do it."""
    context = {"name": person.display_name, "is_free": is_free, "contact": settings.CONTACT}
    return _letter("people.account_closed", context, language=person.language)


def spaced(words: str) -> str:
    """ "12345678" as it is read aloud and typed: "1234 5678"."""
    return f"{words[:4]} {words[4:]}"


def _spoken_by(code: SignInCode) -> str:
    """The language of whoever a code goes to. Somebody new has asked for it on a page, and hears the language of that."""
    if code.person is not None:
        return code.person.language
    known = Address.objects.filter(email=code.email).values_list("person__language", flat=True).first()
    return (get_language() or "") if known is None else known


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _link(name: str, token: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def _letter(kind: str, context: dict[str, Any], *, language: str) -> Letter:
    told = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    drawn = look.render(kind, told, language=language)
    return Letter(kind=kind, subject=drawn.subject, text=drawn.text, html=drawn.html)


def _sample_code() -> SignInCode:
    ada = Person(pk=1, email="ada@gsa.gov", name="Ada Alvarez")
    return SignInCode(pk=1, email=ada.email, person=ada, expires_at=timezone.now() + CODE_LASTS)


def _sample_address() -> Address:
    ben = Person(pk=2, email="ben@epa.gov", name="Ben Brooks", agency=Agency(name="Environmental Protection Agency"))
    return Address(pk=2, person=ben, email=ben.email, proved_at=_last_year())


def _last_year() -> datetime:
    return timezone.now() - PROOF_LASTS + timedelta(days=20)


PREVIEWS: dict[str, Callable[[], Letter]] = {
    "people.sign_in_code": lambda: sign_in_code(_sample_code(), words="48210937"),
    "people.new_address": lambda: new_address(_sample_code(), words="48210937"),
    "people.way_added": lambda: way_added(_sample_address().person, what="Work laptop", kind=Way.PASSKEY),
    "people.way_removed": lambda: way_removed(_sample_address().person, what="Login.gov", kind=Way.PROVIDER),
    "people.probe": lambda: probe(_sample_address()),
    "people.account_closed": lambda: account_closed(_sample_address().person, is_free=True),
    "people.fresh_proof": lambda: fresh_proof(_sample_address()),
}
