"""The verbs of this room."""

from __future__ import annotations

from junto.people.actions.bouncing import look_after, note_bounce, resume
from junto.people.actions.exceptions import remove_rule, set_rule
from junto.people.actions.persons import (
    let_run_site,
    prefer,
    prove,
    prove_by_link,
    rejudge,
    rename,
    set_time_zone,
    welcome,
    welcome_many,
)
from junto.people.actions.profiles import close_account, set_profile
from junto.people.actions.proving import ask_for_proof
from junto.people.actions.register import ShrunkenRegister, UnknownRegister, take_register
from junto.people.actions.signing_in import (
    WrongCode,
    add_address,
    confirm_address,
    sign_in_by_code,
    sign_in_by_link,
    start_sign_in,
)

__all__ = [
    "ShrunkenRegister",
    "UnknownRegister",
    "WrongCode",
    "add_address",
    "ask_for_proof",
    "close_account",
    "confirm_address",
    "let_run_site",
    "look_after",
    "note_bounce",
    "prefer",
    "prove",
    "prove_by_link",
    "rejudge",
    "remove_rule",
    "rename",
    "resume",
    "set_profile",
    "set_rule",
    "set_time_zone",
    "sign_in_by_code",
    "sign_in_by_link",
    "start_sign_in",
    "take_register",
    "welcome",
    "welcome_many",
]
