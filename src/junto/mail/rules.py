"""Who may look after the mail."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext

from junto.kit.rulings import Ruling, no, yes


def may_run_mail(user: object) -> Ruling:
    """Whoever runs the site."""
    if getattr(user, "is_active", False) and getattr(user, "is_staff", False):
        return yes()
    return no(gettext("Only those who run this site may open the mail quarantine. Ask your administrator."))


def person_of(user: object) -> Model | None:
    """The user as the book names them."""
    return user if isinstance(user, Model) else None
