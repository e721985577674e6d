"""What the letters of this room have in common."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from junto.communities.models import Community
from junto.mail.letter import slots
from junto.people.models import Person

MEMBERSHIP = "communities.membership"


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def speaking(person: Person | None) -> translation.override:
    """Inside it, texts are in the language of somebody; in that of the site, where nobody is known or they chose none."""
    return translation.override((person.language if person else "") or settings.LANGUAGE_CODE)


def one_line(text: str) -> str:
    return " ".join(text.split())


def mailto(community: Community, what: str) -> str:
    return f"mailto:{community.list_name}-{what}@{settings.LIST_DOMAIN}"


def signed(name: str) -> str:
    """The address of a signed page for whoever gets the copy: "delivery", "unsubscribe"."""
    return absolute(reverse(f"signed:{name}", args=[slots.REF]))
