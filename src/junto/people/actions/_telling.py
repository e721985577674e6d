"""News of an account’s safety, to whoever owns it."""

from __future__ import annotations

from junto.mail import actions as mail_actions
from junto.mail.letter import Letter
from junto.people import letters
from junto.people.models import Person


def tell(letter: Letter, person: Person) -> None:
    """To every address that its owner has proved: whoever took one over does not read the others."""
    for email in letters.told_of_changes(person):
        mail_actions.post(letter, to=email, about="people.ways")
