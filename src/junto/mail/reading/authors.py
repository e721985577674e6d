"""Address lists (RFC 5322 section 3.4), and who really wrote a letter that a list server has signed with its own name."""

from __future__ import annotations

import re

from junto.mail.reading.headers import decoded

MOST_ADDRESSES = 2_000
MOST_ESCAPES = 200
_SIMPLE = re.compile(r"^\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\"<>@,;:()\\]*?))\s*<\s*([^<>\s@\"]+@[^<>\s@\"]+)\s*>\s*$")
_BARE = re.compile(r"^\s*<?([^\s<>@,;:()\"]+@[^\s<>@,;:()\"]+)>?\s*$")
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.){0,300}\"|<[^<>]*>?|\((?:[^()\\]|\\.){0,300}\)|[,;:]|[^\",;:<(]+|.", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
_HIDDEN = re.compile(
    r"^\s*\"?([\w.+%'/=-]{1,64})\s*(?: at |\[at\]|<at>| @ )\s*([\w-]+(?:\s?(?:\.| dot )\s?[\w-]+)+)\"?", re.IGNORECASE
)
_MUNGED = re.compile(r"^['\"]*(.+?)['\"]*\s+(?:via|durch|par|über)\s+\S.*$", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_TELLS_AUTHOR = ("x-original-from", "author", "x-original-sender", "x-mailfrom", "reply-to", "cc")

Mailbox = tuple[str, str]


def mailboxes(value: str) -> list[Mailbox]:
    """(name, address) of everybody in an address header that is unfolded but not decoded. Group names are dropped.

    Takes time in line with the length: runs of blanks become one first, and a name of more than 300 characters is none, and
    hundreds of escaped characters are not taken as such.
    """
    value = _BLANKS.sub(" ", value)
    if value.count("\\") > MOST_ESCAPES:
        value = value.replace("\\", "")
    if match := _SIMPLE.match(value):
        name = _ESCAPED.sub(r"\1", match[1]) if match[1] is not None else match[2]
        return [(_name(name), match[3].removeprefix("mailto:"))]
    if match := _BARE.match(value):
        return [("", match[1])]
    if "@" not in value:
        return _without_at(value)
    return _listed(value)


def _without_at(value: str) -> list[Mailbox]:
    """No address in sight: hidden as "jo at epa.gov (Jo Roe)", or inside an encoded word, or only a name."""
    if match := _HIDDEN.match(value):
        name = decoded(value[match.end() :]).strip(" <>()\"'")
        return [(_name(name), f"{match[1]}@{match[2].replace(' dot ', '.').replace(' ', '')}")]
    plain = decoded(value)
    if plain != value and "@" in plain:
        return _listed(plain)
    name = _name(value.strip(' <>"')).strip()
    return [(name, "")] if name else []


def _listed(value: str) -> list[Mailbox]:
    found: list[Mailbox] = []
    words: list[str] = []
    address = comment = ""
    for piece in [*_TOKEN.findall(value), ","]:
        if piece in (",", ";"):
            found += _mailbox(words, address, comment)
            words, address, comment = [], "", ""
            if len(found) >= MOST_ADDRESSES:
                break
        elif piece == ":":
            words = []
        elif piece[0] == "<":
            address = address or piece.strip("<> ")
        elif piece[0] == "(" and len(piece) > 1:
            comment = comment or piece[1:-1]
        else:
            words.append(_ESCAPED.sub(r"\1", piece[1:-1]) if piece[0] == '"' and len(piece) > 1 else piece)
    return found


def _mailbox(words: list[str], address: str, comment: str) -> list[Mailbox]:
    text = "".join(words).strip()
    if "@" not in address:
        hidden = _HIDDEN.match(address) or _HIDDEN.match(text)
        if hidden:
            return [(_name(comment), f"{hidden[1]}@{hidden[2].replace(' ', '')}")]
        address, text = _address_in(text or address)
    address = _BLANKS.sub("", address).removeprefix("mailto:")
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]
    name = _name(text or comment)
    return [(name, address)] if name or address else []


def _address_in(text: str) -> Mailbox:
    """(address, name) from words without brackets: "jo@epa.gov Jo Roe"."""
    words = text.split()
    for place, word in enumerate(words):
        if "@" in word.strip("@"):
            return word.strip("<>'\""), " ".join(words[:place] + words[place + 1 :])
    return "", text


def _name(raw: str) -> str:
    """A name as it may be shown: decoded, one line, without outer quotes, at most 200 characters."""
    name = _BLANKS.sub(" ", decoded(raw)).strip().strip("\"'").strip()
    return "".join(c for c in name if c.isprintable())[:200]


def author_behind(name: str, address: str, headers: dict[str, list[str]]) -> Mailbox | None:
    """The author of "NAME via LIST", from the headers in which list servers keep the address; the address is empty where
    none does. None when the From is the author's own.

    A person may call themselves anything, so this is for archives only: in live mail it would let a stranger's letter
    pass for a colleague's.
    """
    match = _MUNGED.match(name)
    if not match or not _is_list_mail(headers):
        return None
    own = _own_addresses(address, headers)
    candidates = [
        box for header in _TELLS_AUTHOR for value in headers.get(header, []) for box in mailboxes(value) if box[1]
    ]
    others = [box for box in candidates if box[1].lower() not in own]
    wanted = match[1].strip().casefold()
    for box in others:
        if box[0].strip("'\" ").casefold() == wanted:
            return match[1].strip(), box[1]
    direct = [box for box in others if box not in _boxes(headers, "cc")]
    return match[1].strip(), direct[0][1] if direct else ""


def _is_list_mail(headers: dict[str, list[str]]) -> bool:
    return any(h in headers for h in ("list-id", "list-post", "x-mailman-version", "mailing-list", "x-original-from"))


def _own_addresses(address: str, headers: dict[str, list[str]]) -> set[str]:
    own = {address.lower()}
    for header in ("list-post", "to", "sender"):
        if header != "to" or "via" in headers.get("from", [""])[0]:
            own.update(box[1].lower().removeprefix("mailto:") for box in _boxes(headers, header))
    return own


def _boxes(headers: dict[str, list[str]], header: str) -> list[Mailbox]:
    return [box for value in headers.get(header, []) for box in mailboxes(value)]
