"""What somebody typed into the search box, taken apart. Any input is good; none can reach the database as syntax."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS, MOST_TERMS = 400, 16
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SPLITTING = "@./-_:?&=%#~\\<>;+"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase that must be there, or with `is_excluded` must not."""

    text: str
    is_excluded: bool = False
    is_prefix: bool = False


def parse(typed: str) -> list[Term]:
    """The terms: words, "quoted phrases", -excluded ones and begin* of words. Terms without letter or digit are dropped."""
    terms = []
    for match in _TERM.finditer(without_controls(typed)[:MOST_CHARACTERS]):
        text = match["phrase"] if match["phrase"] is not None else match["word"]
        if any(character.isalnum() for character in text):
            is_prefix = match["phrase"] is None and text.endswith("*")
            terms.append(Term(text.strip("*"), bool(match["minus"]), is_prefix))
    return terms[:MOST_TERMS]


def without_controls(text: str) -> str:
    """Text without the characters that no database stores and that mark highlights here."""
    return text if text.isprintable() else _CONTROLS.sub(" ", text)


def folded(text: str) -> str:
    """Text for comparing: lower case, no accents, single blanks instead of punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())


def _plain_letters() -> dict[str, str]:
    table = {}
    for number in range(0xC0, 0x180):
        base = unicodedata.normalize("NFKD", chr(number))[0]
        if base.isascii() and base.isalpha():
            table[chr(number)] = base
    return table | dict.fromkeys(_SPLITTING, " ")


PLAIN_LETTERS = _plain_letters()
_ACCENTED = re.compile("[\u00c0-\u017f]")
_BLANKED = bytes.maketrans(_SPLITTING.encode(), b" " * len(_SPLITTING))
"""For UTF-8, in which no byte of ASCII stands for a part of another character."""


def plain(text: str) -> str:
    """Text as the PostgreSQL index sees it: Latin letters without accents, addresses cut into their words."""
    if not text.isascii():
        text = _ACCENTED.sub(lambda found: PLAIN_LETTERS.get(found[0], found[0]), text)
    return text.encode("utf-8", "surrogatepass").translate(_BLANKED).decode("utf-8", "surrogatepass")
