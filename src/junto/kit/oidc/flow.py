"""The code flow: where the browser is sent, and what its return is worth.

Defended against: forged and replayed returns (`state`, from one browser, once), stolen codes (PKCE, RFC 7636), replayed
tokens (`nonce`), mixed-up providers (`iss`, RFC 9207), tokens for somebody else (`aud`, `azp`), and keys that are not the
provider’s. Only asymmetric signatures count: with an HMAC, a key that is public would be a secret.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self
from urllib.parse import quote, urlencode

import jwt

from junto.kit.oidc.provider import Provider, ProviderFailed, ask, find_provider

LEEWAY = 60
_ASSERTION_LASTS = 120
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


@dataclass(frozen=True, slots=True, repr=False)
class Client:
    """This site as its provider knows it. `key` is a private key as PEM; one of `key` and `secret` is there."""

    issuer: str
    client_id: str
    returns_to: str
    scopes: tuple[str, ...]
    secret: str = ""
    key: str = ""
    key_id: str = ""
    acr_values: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What one browser was sent away with; it must come back with the same."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def anew(cls) -> Self:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @classmethod
    def from_dict(cls, kept: Mapping[str, str]) -> Self:
        return cls(kept["state"], kept["nonce"], kept["verifier"])

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider vouches for: who it is there, and the addresses that it has verified, the first one first."""

    issuer: str
    subject: str
    emails: tuple[str, ...]
    name: str = ""


def authorization_address(client: Client, asked: Asked) -> str:
    """Where the browser goes to sign in. May ask the provider. Raises ProviderFailed."""
    provider = find_provider(client.issuer)
    wanted = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.returns_to,
        "scope": " ".join(dict.fromkeys(("openid", *client.scopes))),
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": _base64url(sha256(asked.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    if client.acr_values:
        wanted["acr_values"] = client.acr_values
    if "select_account" in provider.offers("prompt_values_supported"):
        wanted["prompt"] = "select_account"
    return _with(provider.endpoint("authorization_endpoint"), wanted)


def claims_of(client: Client, asked: Asked, returned: Mapping[str, str]) -> Claims:
    """What the return of a browser proves; asks the provider. Raises ProviderFailed."""
    provider = find_provider(client.issuer)
    _check_return(provider, asked, returned)
    given = _exchange(client, provider, asked, returned.get("code", ""))
    told = _id_token(client, provider, asked, given)
    if not told.get("email") and not told.get("all_emails") and provider.endpoint("userinfo_endpoint"):
        told = _with_userinfo(provider, told, str(given.get("access_token", "")))
    return Claims(client.issuer, str(told["sub"]), _verified(told, client.scopes), _name(told))


def logout_address(client: Client, *, back_to: str) -> str:
    """Where the browser can sign out at the provider as well (RP-Initiated Logout 1.0); empty where it cannot.

    May ask the provider. Raises ProviderFailed.
    """
    end = find_provider(client.issuer).endpoint("end_session_endpoint")
    if not end:
        return ""
    wanted = {"client_id": client.client_id, "post_logout_redirect_uri": back_to, "state": secrets.token_urlsafe(32)}
    return _with(end, wanted)


def _check_return(provider: Provider, asked: Asked, returned: Mapping[str, str]) -> None:
    if not hmac.compare_digest(returned.get("state", "").encode(), asked.state.encode()):
        raise ProviderFailed("the state is not the one that this browser was sent away with")
    says_issuer = provider.published.get("authorization_response_iss_parameter_supported") is True
    if (says_issuer or "iss" in returned) and returned.get("iss") != provider.issuer:
        raise ProviderFailed("another provider answered (iss)")
    if "error" in returned:
        raise ProviderFailed(f"the provider said no: {returned['error'][:60]!r}")
    if not returned.get("code"):
        raise ProviderFailed("the provider sent no code")


def _exchange(client: Client, provider: Provider, asked: Asked, code: str) -> dict[str, Any]:
    token_endpoint = provider.endpoint("token_endpoint")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.returns_to,
        "code_verifier": asked.verifier,
        "client_id": client.client_id,
    }
    if client.key:
        form |= {"client_assertion_type": _ASSERTION, "client_assertion": _assertion(client, token_endpoint)}
        return ask("POST", token_endpoint, data=form)
    methods = provider.offers("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if client.secret and "client_secret_basic" not in methods:
        return ask("POST", token_endpoint, data={**form, "client_secret": client.secret})
    if client.secret:
        pair = (quote(client.client_id, safe=""), quote(client.secret, safe=""))
        return ask("POST", token_endpoint, data=form, auth=pair)
    return ask("POST", token_endpoint, data=form)


def _assertion(client: Client, audience: str) -> str:
    """This site’s proof that it is itself (RFC 7523): a token signed with its private key, good for two minutes."""
    now = int(time.time())
    told = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": now,
        "exp": now + _ASSERTION_LASTS,
    }
    headers = {"kid": client.key_id} if client.key_id else None
    try:
        return jwt.encode(told, client.key, algorithm="RS256", headers=headers)
    except (ValueError, TypeError, jwt.PyJWTError) as problem:
        raise ProviderFailed("JUNTO_OIDC_KEY_FILE holds no RSA private key") from problem


def _id_token(client: Client, provider: Provider, asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    token = given.get("id_token")
    try:
        header = jwt.get_unverified_header(token if isinstance(token, str) else "")
        algorithm = header.get("alg")
        offered = provider.offers("id_token_signing_alg_values_supported") or ["RS256"]
        if algorithm not in _ASYMMETRIC or algorithm not in offered:
            raise ProviderFailed(f"the token is signed with {str(algorithm)[:20]!r}, which does not count")
        told: dict[str, Any] = jwt.decode(
            str(token),
            provider.key(str(header.get("kid", ""))).key,
            algorithms=[str(algorithm)],
            audience=client.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": _REQUIRED},
        )
    except jwt.PyJWTError as problem:
        raise ProviderFailed(f"the token proves nothing ({type(problem).__name__})") from problem
    _check_token(client, asked, told)
    return told


def _check_token(client: Client, asked: Asked, told: Mapping[str, Any]) -> None:
    """What the library leaves to its user (Core section 3.1.3.7)."""
    if not hmac.compare_digest(str(told["nonce"]).encode(), asked.nonce.encode()):
        raise ProviderFailed("the token was made for another sign-in (nonce)")
    is_for_several = isinstance(told["aud"], list) and len(told["aud"]) > 1
    if (is_for_several or "azp" in told) and told.get("azp") != client.client_id:
        raise ProviderFailed("the token was made for another site (azp)")
    if not str(told["sub"]) or len(str(told["sub"])) > 255:
        raise ProviderFailed("the token says no subject that can be kept")


def _with_userinfo(provider: Provider, told: dict[str, Any], access_token: str) -> dict[str, Any]:
    """More claims about the same subject; another subject is an attack (Core section 5.3.2)."""
    more = ask("GET", provider.endpoint("userinfo_endpoint"), headers={"Authorization": f"Bearer {access_token}"})
    if more.get("sub") != told["sub"]:
        raise ProviderFailed("the provider told of somebody else (sub)")
    return {**more, **told}


def _verified(told: Mapping[str, Any], scopes: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses that the provider says it has verified. `all_emails` is Login.gov’s, and counts where it was asked for."""
    if told.get("email_verified") is not True:
        return ()
    others = told.get("all_emails") if "all_emails" in scopes else None
    named = [told.get("email"), *(others if isinstance(others, list) else ())]
    return tuple(dict.fromkeys(one for one in named if isinstance(one, str) and one))


def _name(told: Mapping[str, Any]) -> str:
    whole = told.get("name")
    if isinstance(whole, str) and whole:
        return whole
    return " ".join(str(told[part]) for part in ("given_name", "family_name") if isinstance(told.get(part), str))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _with(address: str, wanted: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(wanted)}"
