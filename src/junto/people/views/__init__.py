"""The pages of this room."""

from __future__ import annotations

from junto.people.views.exceptions import edit_exception, exceptions, new_exception, remove_exception
from junto.people.views.language import choose_language
from junto.people.views.passkeys import (
    add_passkey,
    passkey,
    passkey_options,
    passkey_sign_in,
    passkey_sign_in_options,
    remove_passkey,
)
from junto.people.views.profile import add_address, address_code, prefer_address, profile, prove
from junto.people.views.providers import claim, link_provider, provider, provider_return, remove_provider
from junto.people.views.signing_in import sign_in, sign_in_code, sign_in_link, sign_out
from junto.people.views.ways import end_other_sessions, end_session, ways

__all__ = [
    "add_address",
    "add_passkey",
    "address_code",
    "choose_language",
    "claim",
    "edit_exception",
    "end_other_sessions",
    "end_session",
    "exceptions",
    "link_provider",
    "new_exception",
    "passkey",
    "passkey_options",
    "passkey_sign_in",
    "passkey_sign_in_options",
    "prefer_address",
    "profile",
    "prove",
    "provider",
    "provider_return",
    "remove_exception",
    "remove_passkey",
    "remove_provider",
    "sign_in",
    "sign_in_code",
    "sign_in_link",
    "sign_out",
    "ways",
]
