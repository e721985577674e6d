"""The first words of the letter to a new member, where the managers have not written their own."""

from __future__ import annotations

from django.utils.translation import gettext

from junto.communities.models import Community

NAME, COMMUNITY = "{name}", "{community}"


def default_welcome() -> str:
    """A good letter for any community; Markdown, with the places {name} and {community}."""
    return gettext(
        "Hello {name},\n\n"
        "You are now a member of **{community}**. People who do the same work as you read what you write here, and most of "
        "them have had your question before.\n\n"
        "Three things for your first week:\n\n"
        "1. **Say hello.** One message: who you are, where you work, what you want to get better at.\n"
        "2. **Look around.** What was said before is on the community’s page, and can be searched.\n"
        "3. **Ask.** No question is too small. If you know an answer, give it: two lines are enough."
    )


def welcome_words(community: Community, name: str, *, is_plain: bool = False) -> str:
    """The letter's first words as Markdown, for one member; the name is left out of a letter to many (`name` empty).

    With `is_plain` names stand as they are, for the part of the letter that is read as text.
    """
    text = community.welcome.strip() or default_welcome()
    who = f" {NAME}" if not name and f" {NAME}" in text else NAME
    names = {who: name, COMMUNITY: community.name}
    for place, words in names.items():
        text = text.replace(place, words if is_plain else _escaped(words))
    return text


def _escaped(text: str) -> str:
    """Text that Markdown and HTML leave as it is."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#!|&" else letter for letter in text)
