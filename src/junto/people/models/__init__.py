"""Person, address, agency, domain; codes, passkeys, accounts elsewhere and browsers by which people are signed in."""

from __future__ import annotations

from junto.people.models.persons import (
    FEDERAL_LEVELS,
    MOST_PROBES,
    PROOF_LASTS,
    SEEN_EVERY,
    VISIT_ENDS_AFTER,
    Address,
    AddressQuerySet,
    Agency,
    Audience,
    Domain,
    DomainRule,
    Level,
    Person,
    PersonManager,
    Profile,
    RegisterCopy,
    SignInCode,
)
from junto.people.models.signing_in import Attempt, Passkey, ProviderAccount, SignedIn, Way

__all__ = [
    "FEDERAL_LEVELS",
    "MOST_PROBES",
    "PROOF_LASTS",
    "SEEN_EVERY",
    "VISIT_ENDS_AFTER",
    "Address",
    "AddressQuerySet",
    "Agency",
    "Attempt",
    "Audience",
    "Domain",
    "DomainRule",
    "Level",
    "Passkey",
    "Person",
    "PersonManager",
    "Profile",
    "ProviderAccount",
    "RegisterCopy",
    "SignInCode",
    "SignedIn",
    "Way",
]
