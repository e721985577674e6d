"""Passkeys (WebAuthn Level 3): add, name, remove, and sign in with one.

The library makes and checks the ceremonies. A challenge lives in the session of one browser, for minutes, and is taken
out before it is tried, so that each counts once. The person is read from the key that signed: nobody types an address,
and no answer tells whether somebody has an account.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

import webauthn
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from junto.audit.actions import record
from junto.kit.rulings import require
from junto.people import letters, rules
from junto.people.actions._digests import digest
from junto.people.actions._telling import tell
from junto.people.models import Attempt, Passkey, Person, Way

_MOST_NAME = 100
_MILLISECONDS = 1000


class BadPasskey(ValueError):
    """What the browser answered proves nothing; the message says what to do, and not what was wrong."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser is asked: its options as JSON, and the challenge (base64url) that its answer must carry."""

    options: str
    challenge: str


def start_passkey(*, person: Person, by: Person) -> Ceremony:
    """What the browser needs to make a new passkey for somebody. Nothing is kept. Raises Refused."""
    require(rules.may_add_passkey(by, person))
    known = list(person.passkeys.all())
    owner = known[0].owner if known else bytes_to_base64url(secrets.token_bytes(32))
    options = webauthn.generate_registration_options(
        rp_id=rules.site_host(),
        rp_name=settings.SITE_NAME,
        user_id=webauthn.base64url_to_bytes(owner),
        user_name=person.email,
        user_display_name=person.display_name,
        timeout=int(rules.CEREMONY_LASTS.total_seconds()) * _MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(webauthn.base64url_to_bytes(k.handle)) for k in known],
    )
    return Ceremony(webauthn.options_to_json(options), f"{bytes_to_base64url(options.challenge)}.{owner}")


@transaction.atomic
def add_passkey(*, person: Person, answer: str, challenge: str, name: str, by: Person) -> Passkey:
    """Take the new key that the browser made for `challenge`; its owner gets a letter. Raises BadPasskey or Refused."""
    require(rules.may_add_passkey(by, person))
    asked, _, owner = challenge.partition(".")
    try:
        made = webauthn.verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=webauthn.base64url_to_bytes(asked),
            expected_rp_id=rules.site_host(),
            expected_origin=rules.site_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as problem:
        raise BadPasskey(gettext("Your browser made no passkey that can be used here. Try again.")) from problem
    handle = bytes_to_base64url(made.credential_id)
    if Passkey.objects.filter(handle=handle).exists():
        raise BadPasskey(gettext("This passkey is known here already."))
    passkey = Passkey.objects.create(
        person=person,
        name=_tidy(name) or gettext("My passkey"),
        handle=handle,
        owner=owner,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        is_synced=made.credential_backed_up,
    )
    record("people.passkey.added", about=person, by=by, name=passkey.name)
    tell(letters.way_added(person, what=passkey.name, kind=Way.PASSKEY), person)
    return passkey


@transaction.atomic
def rename_passkey(*, passkey: Passkey, name: str, by: Person) -> Passkey:
    """Call a passkey something else. Raises Refused."""
    require(rules.may_remove_way(by, passkey.person))
    before, passkey.name = passkey.name, _tidy(name) or passkey.name
    passkey.save(update_fields=["name"])
    record("people.passkey.renamed", about=passkey.person, by=by, before=before, after=passkey.name)
    return passkey


@transaction.atomic
def remove_passkey(*, passkey: Passkey, by: Person) -> None:
    """Nobody signs in with this passkey any more; its owner gets a letter. Raises Refused."""
    person = passkey.person
    require(rules.may_remove_way(by, person))
    record("people.passkey.removed", about=person, by=by, name=passkey.name)
    tell(letters.way_removed(person, what=passkey.name, kind=Way.PASSKEY), person)
    passkey.delete()


@transaction.atomic
def start_passkey_sign_in(*, asked_from: str, by: Person | None = None) -> Ceremony:
    """What the browser needs to sign somebody in with any passkey of this site. Raises Refused when asked too often."""
    note_attempt(asked_from=asked_from, way=Way.PASSKEY)
    options = webauthn.generate_authentication_options(
        rp_id=rules.site_host(),
        timeout=int(rules.CEREMONY_LASTS.total_seconds()) * _MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def note_attempt(*, asked_from: str, way: str) -> None:
    """Count one more sign-in begun without a code. Raises Refused when there were too many."""
    network = digest("network", asked_from) if asked_from else ""
    require(rules.may_attempt(network))
    Attempt.objects.create(asked_from=network, way=way)


def sign_in_by_passkey(*, answer: str, challenge: str, by: Person | None = None) -> Person:
    """The person whose passkey answered `challenge`. Raises BadPasskey, the same for every fault, or Refused.

    A counter that did not grow tells of a copied key (WebAuthn section 6.1.1): it signs nobody in, and is in the book.
    """
    credential = _parsed(answer)
    try:
        return _signed_in(credential, challenge)
    except BadPasskey:
        if known := Passkey.objects.select_related("person").filter(handle=_id_of(credential)).first():
            record("people.passkey.refused", about=known.person, name=known.name)
        raise


@transaction.atomic
def _signed_in(credential: dict[str, Any], challenge: str) -> Person:
    keys = Passkey.objects.select_for_update(of=("self",)).select_related("person")
    passkey = keys.filter(handle=_id_of(credential)).first()
    if passkey is None or credential["response"].get("userHandle") != passkey.owner:
        raise BadPasskey(_unknown())
    try:
        proof = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=rules.site_host(),
            expected_origin=rules.site_origin(),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as problem:
        raise BadPasskey(_unknown()) from problem
    require(rules.may_sign_in(passkey.person))
    passkey.sign_count, passkey.last_used_at = proof.new_sign_count, timezone.now()
    passkey.is_synced = proof.credential_backed_up
    passkey.save(update_fields=["sign_count", "last_used_at", "is_synced"])
    record("people.person.signed_in", about=passkey.person, by=passkey.person, passkey=passkey.name)
    return passkey.person


def _parsed(answer: str) -> dict[str, Any]:
    try:
        credential = json.loads(answer[:50_000])
    except ValueError as problem:
        raise BadPasskey(_unknown()) from problem
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise BadPasskey(_unknown())
    return credential


def _id_of(credential: dict[str, Any]) -> str:
    handle = credential.get("id")
    return handle if isinstance(handle, str) else ""


def _unknown() -> str:
    return gettext("This passkey could not be confirmed here. Try again, or sign in with a code.")


def _tidy(name: str) -> str:
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())[:_MOST_NAME]
