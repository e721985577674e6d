"""What every template may ask for: the site's name, and which of the government's bands it wears."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "shows_banner": settings.SHOWS_BANNER,
        "identifier_agency": settings.IDENTIFIER_AGENCY,
        "identifier_links": settings.IDENTIFIER_LINKS,
    }
