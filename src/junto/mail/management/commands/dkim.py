"""`junto manage dkim new|show|rotate`: makes DKIM keys and prints what to publish. Private keys are never printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from junto.mail.authentication import ask_dns
from junto.mail.dkim import keys
from junto.mail.dkim.keys import ALGORITHMS, NEXT, OLD, BadKey, Key


class Command(BaseCommand):
    help = "Make the keys that sign outgoing mail (DKIM), and print the DNS records to publish."

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="new|show|rotate")
        new = steps.add_parser("new", help="make the first keys; they sign at once")
        new.add_argument("--selector", default="", help="the label of the DNS record; default: junto-YEARMONTH")
        new.add_argument("--algorithm", choices=(*ALGORITHMS, "both"), default="rsa")
        steps.add_parser("show", help="print the DNS records of the keys that are there")
        rotate = steps.add_parser("rotate", help="first make the next keys; once their records are published, use them")
        rotate.add_argument("--selector", default="", help="the label of the new DNS record")
        rotate.add_argument("--force", action="store_true", help="use the next keys without asking the DNS")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"new": self._new, "show": self._show, "rotate": self._rotate}[options["step"]](options)
        except BadKey as problem:
            raise CommandError(str(problem)) from problem

    def _new(self, options: dict[str, Any]) -> None:
        algorithms = ALGORITHMS if options["algorithm"] == "both" else (options["algorithm"],)
        if there := {key.algorithm for key in keys.stored()} & set(algorithms):
            raise CommandError(
                f"There is a key for {' and '.join(sorted(there))}. `junto manage dkim rotate` renews it."
            )
        self._tell("Publish now; mail is signed from the next mailing on", _make(algorithms, options["selector"], ""))

    def _show(self, options: dict[str, Any]) -> None:
        if not any(keys.stored(state) for state in ("", NEXT, OLD)):
            raise CommandError("There are no keys. `junto manage dkim new` makes them.")
        self._tell("In use" if settings.DKIM == "auto" else "Not used, because JUNTO_DKIM is off", keys.stored())
        self._tell("Next; publish, then run `junto manage dkim rotate` again", keys.stored(NEXT))
        self._tell("Retired; take the record out of the DNS a week after the change", keys.stored(OLD))

    def _rotate(self, options: dict[str, Any]) -> None:
        waiting = keys.stored(NEXT)
        if not waiting:
            algorithms = tuple(key.algorithm for key in keys.stored())
            if not algorithms:
                raise CommandError("There is no key to renew. `junto manage dkim new` makes the first.")
            made = _make(algorithms, options["selector"], NEXT)
            self._tell("Publish these, wait an hour, then run `junto manage dkim rotate` again", made)
            return
        if not options["force"] and (missing := [key for key in waiting if not _is_published(key)]):
            raise CommandError(
                f"{_name(missing[0])} is not published as `junto manage dkim show` prints it, or the DNS did not answer. "
                "Nothing was changed. --force uses the key nevertheless."
            )
        self._tell("In use from the next mailing on", keys.take_into_use())
        self.stdout.write("Leave the old record in the DNS for a week: mail that is on its way was signed with it.")

    def _tell(self, heading: str, told: tuple[Key, ...]) -> None:
        if told:
            self.stdout.write(f"; {heading}:")
            for key in told:
                self.stdout.write(keys.zone_line(key, settings.LIST_DOMAIN))


def _make(algorithms: tuple[str, ...], selector: str, state: str) -> tuple[Key, ...]:
    stem = selector.lower() or _fresh()
    name = "{0}" if selector and len(algorithms) == 1 else "{0}-{1}"
    return tuple(keys.make(name.format(stem, algorithm), algorithm, state=state) for algorithm in algorithms)


def _fresh() -> str:
    """junto-202611, or junto-202611b where a key of this month is there already."""
    taken: set[str] = {key.selector.rpartition("-")[0] for state in ("", NEXT, OLD) for key in keys.stored(state)}
    stem = f"junto-{date.today():%Y%m}"
    names: list[str] = [stem, *(stem + letter for letter in "bcdefghijklmnopqrstuvwxyz")]
    return next(name for name in names if name not in taken)


def _is_published(key: Key) -> bool:
    try:
        return key.record.encode() in ask_dns(_name(key), "TXT")
    except Exception:
        return False


def _name(key: Key) -> str:
    return f"{key.selector}._domainkey.{settings.LIST_DOMAIN}"
