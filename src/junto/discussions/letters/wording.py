"""What the letters of this room have in common."""

from __future__ import annotations

from django.conf import settings

from junto.communities.models import Community

MEMBERSHIP = "communities.membership"


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def mailto(community: Community, what: str) -> str:
    return f"mailto:{community.list_name}-{what}@{settings.LIST_DOMAIN}"
