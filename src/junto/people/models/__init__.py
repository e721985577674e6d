"""Person, address, agency, domain; codes, passkeys, accounts elsewhere and browsers by which people are signed in."""

from __future__ import annotations

from junto.people.models.persons import (
    FEDERAL_LEVELS,
    PROOF_LASTS,
    Address,
    Agency,
    Audience,
    Domain,
    DomainRule,
    Level,
    Person,
    Profile,
    RegisterCopy,
    SignInCode,
)
from junto.people.models.signing_in import Attempt, Passkey, ProviderAccount, SignedIn, Way

__all__ = [
    "FEDERAL_LEVELS",
    "PROOF_LASTS",
    "Address",
    "Agency",
    "Attempt",
    "Audience",
    "Domain",
    "DomainRule",
    "Level",
    "Passkey",
    "Person",
    "Profile",
    "ProviderAccount",
    "RegisterCopy",
    "SignInCode",
    "SignedIn",
    "Way",
]
