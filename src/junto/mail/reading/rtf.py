"""Rich text as Outlook sends it: unpacked (MS-OXRTFCP), and read as the HTML or the text that is wrapped in it (MS-OXRTFEX).

One pass over the tokens, whatever they say; no recursion; the depth of groups and the size of what comes out are capped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from junto.mail.reading.charsets import codec

LARGEST = 10_000_000
MOST_DEPTH = 500
_PREFILLED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SILENT = frozenset(
    [
        b"fonttbl",
        b"colortbl",
        b"stylesheet",
        b"info",
        b"pict",
        b"object",
        b"header",
        b"footer",
        b"listtable",
        b"listoverridetable",
        b"rsidtbl",
        b"generator",
        b"themedata",
        b"colorschememapping",
        b"latentstyles",
        b"datastore",
        b"xmlnstbl",
        b"mhtmltag",
        b"fldinst",
        b"nonshppict",
    ]
)
_SAYS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"row": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}


def decompressed(raw: bytes) -> bytes:
    """The rich text in a PR_RTF_COMPRESSED value; empty where it is none. Never more than LARGEST bytes."""
    kind, packed = raw[8:12], raw[16:]
    if kind == b"MELA":
        return packed[:LARGEST]
    return _unpacked(packed) if kind == b"LZFu" else b""


def _unpacked(packed: bytes) -> bytes:
    window = bytearray(_PREFILLED.ljust(4096, b"\x00"))
    at = len(_PREFILLED)
    out = bytearray()
    place = 0
    while place < len(packed) and len(out) < LARGEST:
        flags = packed[place]
        place += 1
        for bit in range(8):
            if flags >> bit & 1:
                pair = int.from_bytes(packed[place : place + 2], "big")
                begin, length = pair >> 4, (pair & 15) + 2
                if begin == at or place + 2 > len(packed):
                    return bytes(out)
                place += 2
                for n in range(length):
                    window[at] = window[(begin + n) % 4096]
                    out.append(window[at])
                    at = (at + 1) % 4096
            elif place < len(packed):
                out.append(packed[place])
                window[at] = packed[place]
                at, place = (at + 1) % 4096, place + 1
    return bytes(out)


@dataclass(slots=True)
class _State:
    """What holds inside a group."""

    is_silent: bool = False
    hides: bool = False
    skips: int = 1


class _Reader:
    """Walks the tokens once, and gathers what is to be read."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.state = _State()
        self.stack: list[_State] = []
        self.depth = 0
        self.codec = "cp1252"
        self.is_html = False
        self.waiting = bytearray()
        self.to_skip = 0
        self.is_star = False

    def walk(self, raw: bytes) -> None:
        for match in _TOKEN.finditer(raw[:LARGEST]):
            if match[1] is not None:
                self._byte(int(match[1], 16))
            elif match[2] is not None:
                self._flush()
                self._word(match[2].lower(), match[3])
            elif match[4] is not None:
                self._flush()
                self._symbol(match[4])
            elif match[5] is not None:
                self._flush()
                self._group(match[5])
            elif match[6] is not None:
                self._plain(match[6])
        self._flush()

    def _byte(self, byte: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif self._is_heard():
            self.waiting.append(byte)

    def _plain(self, raw: bytes) -> None:
        skipped, self.to_skip = self.to_skip, 0
        if self._is_heard():
            self.waiting += raw[skipped:]

    def _is_heard(self) -> bool:
        return not self.state.is_silent and not self.state.hides

    def _say(self, text: str) -> None:
        if self._is_heard():
            self.pieces.append(text)

    def _flush(self) -> None:
        if self.waiting:
            self.pieces.append(self.waiting.decode(self.codec, "replace"))
            self.waiting.clear()

    def _group(self, mark: bytes) -> None:
        self.to_skip = 0
        self.is_star = False
        if mark == b"{":
            self.depth += 1
            if self.depth <= MOST_DEPTH:
                self.stack.append(replace(self.state))
        elif self.depth:
            if self.depth <= MOST_DEPTH:
                self.state = self.stack.pop()
            self.depth -= 1

    def _symbol(self, mark: bytes) -> None:
        if mark == b"*":
            self.is_star = True
        elif mark in b"\\{}":
            self._say(mark.decode())
        elif mark == b"~":
            self._say("&nbsp;" if self.is_html else "\u00a0")
        elif mark in b"\r\n":
            self._say("\n")

    def _word(self, word: bytes, number: bytes | None) -> None:
        star, self.is_star = self.is_star, False
        if word == b"u" and number is not None:
            self._unicode(int(number))
        elif word in _SAYS:
            self._say(_SAYS[word])
        elif word == b"htmltag":
            self.state.hides = False
        elif word in _SILENT or star:
            self.state.is_silent = True
        else:
            self._setting(word, number)

    def _setting(self, word: bytes, number: bytes | None) -> None:
        if word == b"htmlrtf":
            self.state.hides = number != b"0"
        elif word == b"fromhtml":
            self.is_html = True
        elif word == b"uc" and number is not None:
            self.state.skips = min(max(int(number), 0), 10)
        elif word == b"ansicpg" and number is not None:
            self.codec = codec(f"cp{int(number)}") or ("utf-8" if number == b"65001" else self.codec)

    def _unicode(self, number: int) -> None:
        self._say(chr(number & 0xFFFF))
        self.to_skip = self.state.skips


def read(raw: bytes) -> tuple[str, str]:
    """(text, HTML) of rich text: HTML where it was made from HTML, otherwise text. Never raises."""
    reader = _Reader()
    reader.walk(raw)
    said = (
        "".join(reader.pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "")
    )
    return ("", said.strip()) if reader.is_html else (said.strip(), "")
