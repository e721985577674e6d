"""Bytes into text, whatever the letter says of its charset."""

from __future__ import annotations

import codecs
from functools import lru_cache

from charset_normalizer import from_bytes

_SAMPLE = 8_000
_TOO_CLEVER = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "charmap", "utf-8-sig"}
)
# What senders write, and what they mean. Supersets stand in for their subsets, as in the WHATWG Encoding Standard.
_MEANT = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "ks_c_5601": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
    "iso-8859-11": "cp874",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "cp-850": "cp850",
    "dos-874": "cp874",
    "x-windows-949": "cp949",
    "big5": "big5hkscs",
}
_SAYS_NOTHING = frozenset(
    {"", "us-ascii", "ascii", "unknown", "unknown-8bit", "x-unknown", "default", "none", "binary"}
)


def to_text(raw: bytes, charset: str) -> tuple[str, str]:
    """The text, and a note of the repair where the charset was missing, unknown or wrong. Without NULs."""
    if raw.isascii() and b"\x1b" not in raw and (name := codec(charset)) != "utf-7" and not name.startswith("utf-16"):
        return _without_nul(raw.decode("ascii")), ""
    name = codec(charset)
    if name:
        try:
            return _tidy(raw.decode(name), name), ""
        except (UnicodeError, ValueError):
            return _tidy(_rescued(raw, name), name), f"text is not in its charset {charset[:40]}"
    text = _guessed(raw)
    return _tidy(text, ""), f"charset {charset[:40]!r} is unknown" if charset else "charset is missing"


@lru_cache(maxsize=512)
def codec(charset: str) -> str:
    """The name under which Python knows a charset, or an empty text where the label tells nothing."""
    name = charset.strip("\"' \t").lower().partition("*")[0]
    if name in _SAYS_NOTHING:
        return ""
    name = _MEANT.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if info.name in _TOO_CLEVER and info.name != "utf-8-sig":
        return ""
    return info.name if getattr(info, "_is_text_encoding", True) else ""


def _rescued(raw: bytes, name: str) -> str:
    """Text that is not in the charset it declares: UTF-8 if it is that, otherwise as declared with gaps."""
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        pass
    try:
        return raw.decode(name, "replace")
    except (UnicodeError, ValueError):
        return raw.decode("latin-1")


def _guessed(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        pass
    try:
        best = from_bytes(raw[:_SAMPLE]).best()
        return raw.decode(best.encoding if best else "cp1252")
    except (UnicodeError, LookupError, ValueError):
        return raw.decode("latin-1")


def _tidy(text: str, name: str) -> str:
    if name in ("utf-7", "utf-16", "utf-32") or "surrogate" in name:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return _without_nul(text.removeprefix("\ufeff"))


def _without_nul(text: str) -> str:
    return text.replace("\x00", "") if "\x00" in text else text
