"""The verbs of this room."""

from __future__ import annotations

from junto.people.actions.bouncing import look_after, note_bounce, resume
from junto.people.actions.exceptions import remove_rule, set_rule
from junto.people.actions.passkeys import (
    BadPasskey,
    Ceremony,
    add_passkey,
    remove_passkey,
    rename_passkey,
    sign_in_by_passkey,
    start_passkey,
    start_passkey_sign_in,
)
from junto.people.actions.persons import (
    let_run_site,
    prefer,
    prove,
    prove_by_link,
    rejudge,
    remove_address,
    rename,
    set_language,
    set_time_zone,
    welcome,
    welcome_many,
)
from junto.people.actions.profiles import close_account, remove_photo, set_photo, set_profile
from junto.people.actions.providers import (
    Arrived,
    NotConfirmed,
    link_provider,
    link_returned,
    remove_provider,
    sign_in_by_provider,
    start_provider,
)
from junto.people.actions.proving import ask_for_proof
from junto.people.actions.register import ShrunkenRegister, UnknownRegister, take_register
from junto.people.actions.sessions import end_other_sessions, end_session, note_signed_in
from junto.people.actions.signing_in import (
    WrongCode,
    add_address,
    confirm_address,
    sign_in_by_code,
    sign_in_by_link,
    start_sign_in,
)

__all__ = [
    "Arrived",
    "BadPasskey",
    "Ceremony",
    "NotConfirmed",
    "ShrunkenRegister",
    "UnknownRegister",
    "WrongCode",
    "add_address",
    "add_passkey",
    "ask_for_proof",
    "close_account",
    "confirm_address",
    "end_other_sessions",
    "end_session",
    "let_run_site",
    "link_provider",
    "link_returned",
    "look_after",
    "note_bounce",
    "note_signed_in",
    "prefer",
    "prove",
    "prove_by_link",
    "rejudge",
    "remove_address",
    "remove_passkey",
    "remove_photo",
    "remove_provider",
    "remove_rule",
    "rename",
    "rename_passkey",
    "resume",
    "set_language",
    "set_photo",
    "set_profile",
    "set_rule",
    "set_time_zone",
    "sign_in_by_code",
    "sign_in_by_link",
    "sign_in_by_passkey",
    "sign_in_by_provider",
    "start_passkey",
    "start_passkey_sign_in",
    "start_provider",
    "start_sign_in",
    "take_register",
    "welcome",
    "welcome_many",
]
