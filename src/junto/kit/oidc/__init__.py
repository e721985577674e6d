"""A relying party of OpenID Connect Core 1.0: the code flow with PKCE, for one provider at a time. Knows no person.

Every function that asks the provider says so; call those outside of any database transaction.
"""

from __future__ import annotations

from junto.kit.oidc.flow import Asked, Claims, Client, authorization_address, claims_of, logout_address
from junto.kit.oidc.provider import ProviderFailed

__all__ = [
    "Asked",
    "Claims",
    "Client",
    "ProviderFailed",
    "authorization_address",
    "claims_of",
    "logout_address",
]
