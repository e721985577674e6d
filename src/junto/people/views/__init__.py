"""The pages of this room."""

from __future__ import annotations

from junto.people.views.exceptions import edit_exception, exceptions, new_exception, remove_exception
from junto.people.views.language import choose_language
from junto.people.views.profile import add_address, address_code, prefer_address, profile, prove
from junto.people.views.signing_in import sign_in, sign_in_code, sign_in_link, sign_out

__all__ = [
    "add_address",
    "address_code",
    "choose_language",
    "edit_exception",
    "exceptions",
    "new_exception",
    "prefer_address",
    "profile",
    "prove",
    "remove_exception",
    "sign_in",
    "sign_in_code",
    "sign_in_link",
    "sign_out",
]
