"""The options of SET, as LISTSERV and Mailman name them: what each changes, and how a line of them is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.inbound.dates import take_day
from junto.communities.models import Delivery, DigestForm
from junto.communities.queries import WEEKDAYS

DIGEST_AS_IT_IS = "digest"
"""Weekly for who gets it weekly, daily for everybody else."""

OPTIONS: dict[str, dict[str, Any]] = {
    "MAIL": {"delivery": Delivery.EACH},
    "EACH": {"delivery": Delivery.EACH},
    "NOMAIL": {"delivery": Delivery.NONE},
    "DIGEST": {"delivery": Delivery.DAILY},
    "DAILY": {"delivery": Delivery.DAILY},
    "WEEKLY": {"delivery": Delivery.WEEKLY},
    "NODIGEST": {"delivery": Delivery.EACH},
    "INDEX": {"delivery": DIGEST_AS_IT_IS, "digest_form": DigestForm.INDEX},
    "NOINDEX": {"delivery": Delivery.EACH, "digest_form": DigestForm.HTML},
    "HTML": {"digest_form": DigestForm.HTML},
    "NOHTML": {"digest_form": DigestForm.PLAIN},
    "PLAIN": {"digest_form": DigestForm.PLAIN},
    "MIME": {"digest_form": DigestForm.MIME},
    "NOMIME": {"digest_form": DigestForm.PLAIN},
    "REPRO": {"wants_own_posts": True},
    "NOREPRO": {"wants_own_posts": False},
    "ACK": {"wants_receipt": True},
    "NOACK": {"wants_receipt": False},
    "MSGACK": {"wants_receipt": True},
    "CONCEAL": {"is_concealed": True},
    "NOCONCEAL": {"is_concealed": False},
    **{day.upper(): {"delivery": Delivery.WEEKLY, "digest_weekday": number} for number, day in enumerate(WEEKDAYS)},
}
SYNONYMS = {
    "DELIVERY": "MAIL",
    "NONE": "NOMAIL",
    "DIGESTS": "DIGEST",
    "HIDE": "CONCEAL",
    "NOHIDE": "NOCONCEAL",
    "SELF": "REPRO",
    "MYPOSTS": "REPRO",
    "METOO": "REPRO",
    "NOTMETOO": "NOREPRO",
    "NOSELF": "NOREPRO",
    "NOMSGACK": "NOACK",
    "RECEIPT": "ACK",
    "NORECEIPT": "NOACK",
}
OPPOSITES = {
    "MAIL": "NOMAIL",
    "NOMAIL": "MAIL",
    "DIGEST": "NODIGEST",
    "INDEX": "NOINDEX",
    "HTML": "NOHTML",
    "MIME": "NOMIME",
    "REPRO": "NOREPRO",
    "ACK": "NOACK",
    "CONCEAL": "NOCONCEAL",
}
HOLDS = frozenset({"HOLD", "VACATION", "PAUSE"})
ENDS_OF_A_HOLD = frozenset({"OFF", "NONE", "NO", "END"})
WITHOUT_EFFECT = {
    "DUPLICATES": _("What is posted to several of your lists comes to you once, so there is nothing to set."),
    "REMINDERS": _("No password reminders are sent here, because there are no passwords."),
    "AUTHENTICATE": _("No password is needed here; a signed link or your own letter is enough."),
    "NOPOST": _("Who may post is for the managers to set. Write to LIST-request."),
    "POST": _("Who may post is for the managers to set. Write to LIST-request."),
    "TOPICS": _("Lists have no topics here. Follow or mute single threads with the links in their messages."),
}
TAKES_A_VALUE = frozenset({"DUPLICATES", "REMINDERS", "AUTHENTICATE"})
NAMES = frozenset({*OPTIONS, *SYNONYMS, *HOLDS, *WITHOUT_EFFECT, "HOUR", "RESUME", "SHOW", "HELP"})


@dataclass(slots=True)
class Wish:
    """What a SET asks for. `until` and `resumes` are about a hold; `remarks` and `unknown` are for the answer."""

    changes: dict[str, Any] = field(default_factory=dict)
    until: date | None = None
    resumes: bool = False
    shows: bool = False
    unknown: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def asks_for_something(self) -> bool:
        return bool(self.changes or self.until or self.resumes)


def read(words: Sequence[str], today: date) -> Wish:
    """What these words ask for, from the left; later words win over earlier ones."""
    wish, left = Wish(), [one.strip(".,;:!?()[]'\"") for one in words]
    left = [one for one in left if one and one.upper() not in {"AND", "TO", "&"}]
    while left:
        taken = _take(left[0].upper(), left[1:], today, wish)
        left = left[1 + taken :]
    return wish


def _take(name: str, rest: list[str], today: date, wish: Wish) -> int:
    """Read one option into the wish; how many of the words after it belong to it."""
    value = rest[0].upper() if rest else ""
    name = SYNONYMS.get(name, name)
    if name.startswith(("PW=", "PASSWORD=", "ADDRESS=")):
        wish.remarks.append(
            gettext("A password or another address is not needed: this works for the address you write from.")
        )
        return 0
    if name in HOLDS or (name == "NOMAIL" and value in {"UNTIL", "TILL", "FOR"}):
        return _hold(rest, today, wish)
    if name in WITHOUT_EFFECT or name.partition(":")[0] == "TOPICS":
        wish.remarks.append(str(WITHOUT_EFFECT[name.partition(":")[0]]))
        return int(name in TAKES_A_VALUE and bool(value))
    if name in {"RESUME", "SHOW", "HOUR"}:
        return _other(name, value, wish)
    return _option(name, value, wish)


def _other(name: str, value: str, wish: Wish) -> int:
    if name == "HOUR" and value.isdecimal() and int(value) < 24:
        wish.changes["digest_hour"] = int(value)
        return 1
    wish.resumes = wish.resumes or name == "RESUME"
    wish.shows = wish.shows or name == "SHOW"
    if name == "HOUR":
        wish.unknown.append(f"HOUR {value}".strip())
        return int(bool(value))
    return 0


def _option(name: str, value: str, wish: Wish) -> int:
    taken = 0
    if value in {"ON", "OFF"} and name in OPPOSITES:
        name, taken = (name if value == "ON" else OPPOSITES[name]), 1
    if name not in OPTIONS:
        wish.unknown.append(name[:40])
        return 0
    wish.changes.update(OPTIONS[name])
    wish.resumes = wish.resumes or name in {"MAIL", "EACH"}
    return taken


def _hold(rest: list[str], today: date, wish: Wish) -> int:
    if rest and rest[0].upper() in ENDS_OF_A_HOLD:
        wish.resumes, wish.until = True, None
        return 1
    wish.until, taken = take_day(rest, today)
    if wish.until is None:
        wish.remarks.append(gettext("Mail is not held, because no day was understood. Write it like HOLD 2026-12-24."))
        return next((n for n, one in enumerate(rest) if one.upper() in NAMES), len(rest))
    wish.resumes = False
    return taken
