"""Commands that somebody sent to the whole list by mistake."""

from __future__ import annotations

import re

from junto.communities.models import Community

MOST_OF_A_COMMAND = 100

_COMMANDS = ("unsubscribe", "un-subscribe", "subscribe", "signoff", "sign-off", "sign off", "remove me", "take me off")
_FILLERS = frozenset(
    [
        "me",
        "my",
        "address",
        "name",
        "from",
        "this",
        "the",
        "list",
        "mailing",
        "lists",
        "listserv",
        "email",
        "please",
        "thanks",
        "thank",
        "you",
        "all",
        "and",
    ]
)
_SIGNATURE = re.compile(r"^(-- ?|_{5,}|sent from my .*|get outlook for .*)$", re.IGNORECASE)


def is_a_command(words: str, community: Community) -> bool:
    """True where a command is the whole text: “Unsubscribe”, “please remove me from this list”, “SIGNOFF CX-COP”."""
    plain = " ".join(words.lower().removeprefix("please").split()).strip(" .!,*")
    command = next((c for c in _COMMANDS if plain == c or plain.startswith(f"{c} ")), None)
    if command is None or len(plain) > MOST_OF_A_COMMAND:
        return False
    rest = [word.strip(".,!") for word in plain.removeprefix(command).split()]
    own = {community.list_name.lower(), community.short_name.lower()}
    return bool(rest and rest[0] in own) or all(word in _FILLERS or word in own or "@" in word for word in rest)


def own_words(text: str) -> str:
    """The text before any signature or quotation, as far as a one-line command needs it."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.lstrip().startswith(">") or _SIGNATURE.match(line.strip()):
            break
        lines.append(line)
    return "\n".join(lines).strip()
