"""This site as its OpenID provider knows it, from the settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.urls import reverse

from junto.kit import oidc


def client() -> oidc.Client:
    """Raises ProviderFailed when the private key cannot be read."""
    return oidc.Client(
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_CLIENT_ID,
        returns_to=f"{settings.SITE_URL}{reverse('people:provider-return')}",
        scopes=tuple(settings.OIDC_SCOPES),
        secret=settings.OIDC_CLIENT_SECRET,
        key=_private_key(),
        key_id=settings.OIDC_KEY_ID,
        acr_values=settings.OIDC_ACR_VALUES,
    )


def _private_key() -> str:
    if not settings.OIDC_KEY_FILE:
        return ""
    try:
        return Path(settings.OIDC_KEY_FILE).expanduser().read_text(encoding="ascii")
    except (OSError, UnicodeError) as problem:
        raise oidc.ProviderFailed(f"JUNTO_OIDC_KEY_FILE cannot be read ({type(problem).__name__})") from problem
