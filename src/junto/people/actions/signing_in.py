"""Signing in without a password, and adding an address: a code goes by mail and comes back.

Every address that can be written gets the same answer, whether or not anybody has it. Only a keyed digest of a code
is kept. Asking again makes another code; each has its own five tries, and belongs to the browser that asked for it,
so that nobody can use up somebody else's. The link in the letter works in any browser.
"""

from __future__ import annotations

import hmac
import secrets

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from junto.audit.actions import record
from junto.kit.addresses import masked, normalise
from junto.kit.rulings import no, require
from junto.kit.tokens import read
from junto.mail import actions as mail_actions
from junto.people import letters, queries, rules
from junto.people.actions._digests import digest
from junto.people.actions.persons import prove, welcome
from junto.people.models import Address, Person, SignInCode

DIGITS = 8


class WrongCode(ValueError):
    """What was typed is not the code; the message says so to the person."""


@transaction.atomic
def start_sign_in(*, email: str, asked_from: str = "", next_path: str = "", by: Person | None = None) -> SignInCode:
    """Mail a code with which whoever reads this address signs in. `asked_from` is the network address of the asker.

    Raises BadAddress, or Refused when too many codes were asked for.
    """
    known, network = normalise(email), digest("network", asked_from) if asked_from else ""
    require(rules.may_ask_for_code(email=known, asked_from=network))
    code, words = _make(known, network, next_path=next_path, person=None)
    record("people.sign_in.asked", by=by, address=masked(known))
    mail_actions.post(letters.sign_in_code(code, words=words), to=known, about="people.sign_in")
    return code


@transaction.atomic
def add_address(*, person: Person, email: str, asked_from: str = "", by: Person) -> SignInCode:
    """Mail a code to an address that somebody says is theirs as well; `confirm_address` takes it back.

    Raises BadAddress, or Refused.
    """
    known, network = normalise(email), digest("network", asked_from) if asked_from else ""
    require(rules.may_change_person(by, person))
    require(rules.may_add_address(person, known))
    require(rules.may_ask_for_code(email=known, asked_from=network))
    code, words = _make(known, network, next_path="", person=person)
    record("people.address.asked", about=person, by=by, address=masked(known))
    mail_actions.post(letters.new_address(code, words=words), to=known, about="people.address")
    return code


def _make(email: str, network: str, *, next_path: str, person: Person | None) -> tuple[SignInCode, str]:
    words = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    now = timezone.now()
    code = SignInCode.objects.create(
        email=email,
        person=person,
        digest=digest(email, words),
        asked_from=network,
        next_path=next_path[:500],
        made_at=now,
        expires_at=now + rules.CODE_LASTS,
    )
    return code, words


def sign_in_by_code(*, code: SignInCode | None, words: str, by: Person | None = None) -> Person:
    """The person who typed a code right; made when nobody had the address. The address is proved by it.

    A wrong guess is counted, and the count is kept. Raises WrongCode, or Refused when the code can no longer be used
    or the account is closed.
    """
    return _signed_in(_tried(code, words, for_person=False))


def sign_in_by_link(*, token: str, by: Person | None = None) -> Person:
    """The person who pressed the button behind the link in a letter. Raises BadToken or Refused."""
    code = queries.live_code(read(letters.SIGN_IN, token))
    require(rules.may_try_code(code, for_person=False))
    assert code is not None
    return _signed_in(_used(code))


def confirm_address(*, code: SignInCode | None, words: str, by: Person) -> Address:
    """Add the address to those of the person who asked for the code and typed it. Raises WrongCode or Refused."""
    return _confirmed(_tried(code, words, for_person=True), by)


@transaction.atomic
def _confirmed(used: SignInCode, by: Person) -> Address:
    person = used.person
    assert person is not None
    require(rules.may_change_person(by, person))
    address, _ = Address.objects.get_or_create(email=used.email, defaults={"person": person})
    if address.person_id != person.pk:
        require(no(gettext("This address belongs to another account here. Sign in with it to use that account.")))
    record("people.address.added", about=person, by=by, address=masked(used.email))
    return prove(email=used.email, by=by)


@transaction.atomic
def _signed_in(code: SignInCode) -> Person:
    person = welcome(email=code.email)
    require(rules.may_sign_in(person))
    prove(email=code.email, by=person)
    record("people.person.signed_in", about=person, by=person, address=masked(code.email))
    return Person.objects.get(pk=person.pk)


def _tried(code: SignInCode | None, words: str, *, for_person: bool) -> SignInCode:
    """The code, used up, when `words` are it. The try is counted first, in the database: many at once get no more."""
    require(rules.may_try_code(code, for_person=for_person))
    assert code is not None
    counted = SignInCode.objects.filter(pk=code.pk, used_at=None, tries__lt=rules.MOST_TRIES)
    if not counted.update(tries=F("tries") + 1):
        require(rules.may_try_code(None))
    code.refresh_from_db(fields=["tries"])
    typed = "".join(letter for letter in words if letter.isdecimal())
    if hmac.compare_digest(digest(code.email, typed), code.digest):
        return _used(code)
    record("people.code.mistyped", about=code.person, address=masked(code.email), tries=code.tries)
    raise WrongCode(_wrong(rules.MOST_TRIES - code.tries))


def _wrong(left: int) -> str:
    if left <= 0:
        return gettext("That is not the code, and it was mistyped too often. Ask for a new one.")
    words = ngettext(
        "That is not the code. You can try %(left)d more time.",
        "That is not the code. You can try %(left)d more times.",
        left,
    )
    return words % {"left": left}


def _used(code: SignInCode) -> SignInCode:
    """Each code once, also when two browsers press at the same moment."""
    now = timezone.now()
    if not SignInCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now):
        require(rules.may_try_code(None))
    code.used_at = now
    return code
