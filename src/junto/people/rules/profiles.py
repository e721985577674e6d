"""Who sees what of a profile, who may write to whom, and what holds when somebody leaves the site.

Whether two people share a community is known to a room above, which passes it in.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from junto.kit.rulings import Ruling, no, yes
from junto.people.models import Audience, Person, Profile
from junto.people.rules.access import is_government, may_run_site

NAMELESS = "Somebody who left"
NO_PROFILE = no("There is no such profile here.", hidden=True)
UP_TO = {
    Audience.EVERYONE: frozenset({Audience.EVERYONE}),
    Audience.GOVERNMENT: frozenset({Audience.EVERYONE, Audience.GOVERNMENT}),
    Audience.COLLEAGUES: frozenset({Audience.EVERYONE, Audience.GOVERNMENT, Audience.COLLEAGUES}),
}
"""The audiences whose fields each of three kinds of readers sees."""


def audiences_of(viewer: Person | None, *, is_colleague: bool) -> frozenset[str]:
    """The audiences that somebody belongs to, for whom they share a community with or not."""
    if viewer is None or not viewer.is_active:
        return UP_TO[Audience.EVERYONE]
    if is_colleague:
        return UP_TO[Audience.COLLEAGUES]
    return UP_TO[Audience.GOVERNMENT if is_government(viewer) else Audience.EVERYONE]


def fields_open_to(profile: Profile, viewer: Person | None, *, is_colleague: bool) -> dict[str, str]:
    """What of a profile somebody sees: filled-in fields only. Everything of one's own, whoever else sees it."""
    if viewer is not None and viewer.pk == profile.person_id:
        return fields_told_to(profile, frozenset(Audience.values))
    return fields_told_to(profile, audiences_of(viewer, is_colleague=is_colleague))


def fields_told_to(profile: Profile, audiences: Collection[str]) -> dict[str, str]:
    """What of a profile is filled in and meant for one of some audiences."""
    return {
        field: told
        for field in Profile.FIELDS
        if getattr(profile, f"{field}_for") in audiences and (told := profile.told(field))
    }


def may_see_photo(viewer: Person | None, profile: Profile, *, is_colleague: bool) -> Ruling:
    """May somebody see the photo? One's own always; whoever left shows none."""
    is_own = viewer is not None and viewer.pk == profile.person_id
    if not profile.photo_key or not profile.person.is_active:
        return NO_PROFILE
    if is_own or profile.photo_for in audiences_of(viewer, is_colleague=is_colleague):
        return yes()
    return NO_PROFILE


def may_see_profile(viewer: Person | None, person: Person, *, is_colleague: bool, is_known: bool) -> Ruling:
    """May somebody open a person's page? `is_known`: a field or a post of the person is open to them anyway.

    Numbers in the address must not tell strangers who is registered here: a closed page reads as one that is not there.
    """
    if not person.is_active:
        return NO_PROFILE
    if viewer is not None and (viewer.pk == person.pk or may_run_site(viewer)):
        return yes()
    return yes() if is_colleague or is_known else NO_PROFILE


def may_be_asked(person: Person, *, by: Person | None, is_colleague: bool) -> Ruling:
    """May somebody write to a person through this site, without either seeing the other's address?"""
    name = {"name": person.display_name}
    if by is None:
        return no(_("Sign in to ask %(name)s a question.") % name)
    if by.pk == person.pk:
        return no(_("This is your own profile."))
    if not is_colleague:
        return no(
            _(
                "You share no community with %(name)s. Members of a community can write to each other: "
                "join one, or ask your question in one of yours."
            )
            % name
        )
    profile = Profile.objects.filter(person=person).only("takes_questions").first()
    if profile is not None and not profile.takes_questions:
        return no(_("%(name)s prefers not to get questions by mail. Ask in a community that you share.") % name)
    return yes()


def may_close_account(by: Person, person: Person) -> Ruling:
    """Everybody may end their own account, and nobody else's."""
    if by.pk != person.pk:
        return no(_("You can end your own account only."))
    return yes() if person.is_active else no(_("This account is closed already."))
