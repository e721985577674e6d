"""Pictures of a community's pages."""

from __future__ import annotations

from django.db import transaction

from junto.audit.actions import record
from junto.communities import queries, rules
from junto.communities.models import Community, Page, Picture, Section
from junto.kit.pictures import drawn_anew
from junto.kit.rulings import require
from junto.mail import store
from junto.people.models import Person


def add_picture(*, community: Community, content: bytes, file_name: str, alt: str, by: Person) -> Picture:
    """Keep a picture, drawn anew from the bytes that were sent. Raises Refused; NoPicture where they are none."""
    require(rules.may_manage(by, community))
    large, small = drawn_anew(content)
    key, small_key = store.put(large.content), store.put(small.content) if small else ""
    with transaction.atomic():
        picture = Picture.objects.create(
            community=community, file_name=file_name[-255:], content_type=large.content_type, alt=alt,
            width=large.width, height=large.height, size=len(large.content), key=key, small_key=small_key,
            small_width=small.width if small else 0, uploaded_by=by,
        )  # fmt: skip
        record("communities.picture.added", about=picture, by=by, community=community.slug)
    return picture


@transaction.atomic
def describe_picture(*, picture: Picture, alt: str, by: Person) -> None:
    """Say anew what a picture shows, wherever it stands without words of its own. Raises Refused."""
    require(rules.may_manage(by, picture.community))
    picture.alt = alt
    picture.save(update_fields=["alt"])
    _draw_anew(picture.community, picture.get_absolute_url())
    record("communities.picture.described", about=picture, by=by, community=picture.community.slug)


@transaction.atomic
def delete_picture(*, picture: Picture, by: Person) -> None:
    """Show a picture no more; where it stood, its words stand. Its file stays in the store, as all files do, under the
    rules of retention. Raises Refused."""
    community = picture.community
    require(rules.may_manage(by, community))
    used = [use.url for use in queries.uses(picture)]
    record("communities.picture.deleted", about=picture, by=by, community=community.slug, used=used)
    path = picture.get_absolute_url()
    picture.delete()
    _draw_anew(community, path)


@transaction.atomic
def dress(*, community: Community, banner: Picture | None, logo: Picture | None, by: Person) -> None:
    """Choose the banner and the logo of a community's page; None for none. Raises Refused; ValueError for a picture of another."""
    require(rules.may_manage(by, community))
    if any(one and one.community_id != community.pk for one in (banner, logo)):
        raise ValueError("a picture of another community")
    community.banner, community.logo = banner, logo
    community.save(update_fields=["banner", "logo"])
    record("communities.community.dressed", about=community, by=by)


def _draw_anew(community: Community, path: str) -> None:
    """Render the texts anew that name a picture. What they say did not change, so they get no version."""
    if path in community.description:
        html = queries.render(community, community.description)
        Community.objects.filter(pk=community.pk).update(description_html=html)
    for model in (Section, Page):
        for part in model.objects.filter(community=community, body__contains=path):
            model.objects.filter(pk=part.pk).update(body_html=queries.render(community, part.body))
