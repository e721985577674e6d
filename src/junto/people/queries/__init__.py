"""Reads of this room: what an address tells of its owner, who somebody is, whose proof is running out."""

from __future__ import annotations

from junto.people.queries.judging import Judgement, judge, judge_many, judgement_as_json
from junto.people.queries.persons import (
    address_by_pk,
    addresses_of,
    exceptions,
    find_by_email,
    last_register,
    live_code,
    people_by_email,
    visitor,
    whose_proof_runs_out,
)
from junto.people.queries.profiles import Experts, Sought, experts, find_person, profile_of
from junto.people.queries.sessions import (
    browsers_of,
    dead_sessions,
    passkeys_of,
    provider_accounts_of,
)

__all__ = [
    "Experts",
    "Judgement",
    "Sought",
    "address_by_pk",
    "addresses_of",
    "browsers_of",
    "dead_sessions",
    "exceptions",
    "experts",
    "find_by_email",
    "find_person",
    "judge",
    "judge_many",
    "judgement_as_json",
    "last_register",
    "live_code",
    "passkeys_of",
    "people_by_email",
    "profile_of",
    "provider_accounts_of",
    "visitor",
    "whose_proof_runs_out",
]
