"""Mail routes of the engine's own tests: audiences without any room, and doors that do as they are told."""

from __future__ import annotations

from junto.kit.rulings import no, require
from junto.mail.router import NeverWorks, Route, TryAgain, done, held


class Many:
    """told: {"count": n}, or {"addresses": [...]}; keys from 1, in steps of "step"."""

    def bounds(self, told):
        count, step = len(told["addresses"]) if "addresses" in told else told["count"], told.get("step", 1)
        return (step, count * step, count) if count else (0, 0, 0)

    def read(self, told, after, upto):
        step = told.get("step", 1)
        for key in range((after // step + 1) * step, upto + 1, step):
            number = key // step
            if "addresses" in told:
                yield key, told["addresses"][number - 1]
            elif number <= told["count"]:
                yield key, f"r{number}@agency{number % 7}.gov"


AUDIENCES = {"many": Many()}
BOUNCES: list[dict] = []
REFUSALS: list[dict] = []
COMPLAINTS: list[dict] = []
SEEN: list = []
DOORS = {}


def HEARS_OF_BOUNCE(**words):
    BOUNCES.append(words)


def HEARS_OF_REFUSAL(**words):
    REFUSALS.append(words)


def HEARS_OF_COMPLAINT(**words):
    COMPLAINTS.append(words)


def door(incoming, *, name):
    SEEN.append((name, incoming))
    return DOORS.get(name, lambda _: done("Taken."))(incoming)


def never(_):
    raise NeverWorks("It is upside down.")


def later(_):
    raise TryAgain("The room is being painted.")


def broken(_):
    raise RuntimeError("the floor gave way")


def refused(_):
    require(no("Members only. Join at /communities/."))


DOORS |= {"never": never, "later": later, "broken": broken, "refused": refused, "held": lambda _: held("Waits.")}
KNOWN = {"cx-cop", *DOORS}
ROUTES = [Route(r"(?P<name>[a-z-]+)", door, lambda name: name in KNOWN)]
