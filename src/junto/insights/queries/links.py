"""The link that opens the sponsor’s page."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from junto.communities.models import Community
from junto.communities.queries import DeadLink
from junto.insights.models import SponsorLink
from junto.kit import tokens

SPONSOR = "insights.sponsor"


def link_of(community: Community) -> SponsorLink | None:
    """The link that was made last and not withdrawn, also one that has expired."""
    return SponsorLink.objects.filter(community=community).standing().select_related("made_by").first()


def find_link(community: Community, number: int) -> SponsorLink:
    """Raises Http404."""
    found = SponsorLink.objects.filter(community=community, pk=number).first()
    if found is None:
        raise Http404("There is no such link here.")
    found.community = community
    return found


def link_by_token(token: str) -> SponsorLink:
    """Raises DeadLink."""
    try:
        number = tokens.read(SPONSOR, token)
    except tokens.BadToken as error:
        raise DeadLink(str(error)) from None
    found = SponsorLink.objects.select_related("community").filter(pk=number).first()
    if found is None:
        raise DeadLink("This link leads nowhere any more.")
    return found


def address_of(link: SponsorLink) -> str:
    """The whole address, as it is given to a sponsor."""
    return f"{settings.SITE_URL}{reverse('signed:sponsor', args=[tokens.sign(SPONSOR, link.pk)])}"
