"""Every view declares who may open it. The declaration is what the tests walk; the ruling inside the view decides."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Who(StrEnum):
    """Who may open a door. `SIGNED_LINK` opens with the token in its address and nothing else."""

    ANYONE = "anyone"
    SIGNED_LINK = "whoever holds the signed link"
    SIGNED_IN = "anyone signed in"
    READERS = "whoever may read the community’s discussions"
    MEMBERS = "members of the community"
    MODERATORS = "moderators and managers of the community"
    MANAGERS = "managers of the community"
    STAFF = "whoever runs the site"
    DEVELOPERS = "anyone, in debug only"


_NEEDS_SIGN_IN = frozenset({Who.SIGNED_IN, Who.MEMBERS, Who.MODERATORS, Who.MANAGERS, Who.STAFF})


def opens_to(who: Who) -> Callable[[View], View]:
    """Declare who may open a view. Strangers at a door that needs a person go to sign in, and come back."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if who in _NEEDS_SIGN_IN and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **kwargs)

        guarded.door = who  # type: ignore[attr-defined]
        return cast(View, guarded)

    return declare
