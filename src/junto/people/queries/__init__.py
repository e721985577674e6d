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

__all__ = [
    "Judgement",
    "address_by_pk",
    "addresses_of",
    "exceptions",
    "find_by_email",
    "judge",
    "judge_many",
    "judgement_as_json",
    "last_register",
    "live_code",
    "people_by_email",
    "visitor",
    "whose_proof_runs_out",
]
