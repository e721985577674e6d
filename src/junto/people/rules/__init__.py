"""Who may do what here, and the policy tables: names of federal bodies, named exceptions, forms of the register."""

from __future__ import annotations

from junto.people.rules.access import (
    is_government,
    is_government_address,
    may_add_address,
    may_ask_for_code,
    may_change_person,
    may_edit_exceptions,
    may_prefer,
    may_prove_by_link,
    may_run_site,
    may_sign_in,
    may_try_code,
    trust_with_exceptions,
)
from junto.people.rules.limits import (
    CODE_LASTS,
    MOST_TRIES,
    PROOF_ASKED_EVERY,
    PROOF_LINK_LASTS,
    PROOF_WARNING,
    is_due_for_probe,
    mailbox_is_gone,
    points_of,
    should_stop,
    tells_of_the_mailbox,
)
from junto.people.rules.profiles import (
    NO_PROFILE,
    audiences_of,
    fields_open_to,
    may_be_asked,
    may_close_account,
    may_see_profile,
)

__all__ = [
    "CODE_LASTS",
    "MOST_TRIES",
    "NO_PROFILE",
    "PROOF_ASKED_EVERY",
    "PROOF_LINK_LASTS",
    "PROOF_WARNING",
    "audiences_of",
    "fields_open_to",
    "is_due_for_probe",
    "is_government",
    "is_government_address",
    "mailbox_is_gone",
    "may_add_address",
    "may_ask_for_code",
    "may_be_asked",
    "may_change_person",
    "may_close_account",
    "may_edit_exceptions",
    "may_prefer",
    "may_prove_by_link",
    "may_run_site",
    "may_see_profile",
    "may_sign_in",
    "may_try_code",
    "points_of",
    "should_stop",
    "tells_of_the_mailbox",
    "trust_with_exceptions",
]
