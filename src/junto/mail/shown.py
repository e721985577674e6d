"""What a page shows of a letter: safe HTML with quotations folded.

Works in time linear in the length of the letter: line by line for text, tag by tag for HTML that nh3 has already made
balanced and harmless. Whatever is added here are constant tags; whatever is taken from the letter is escaped.
"""

from __future__ import annotations

import re
from html import escape

from junto.kit.html import clean
from junto.mail import quoting, shown_html
from junto.mail.shown_html import CLOSE as _CLOSE
from junto.mail.shown_html import OPEN as _OPEN

LEAST_FOLDED = 3
_DEEPEST = 5
_LONGEST_SIGNATURE = 15
_LONGEST_PHONE_SIGNATURE = 5
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_COLUMNS = re.compile(r"^(?:\t| {2,}\S)|\S {3,}\S", re.MULTILINE)


def show(text: str, html: str) -> str:
    """Safe HTML of a letter: of its HTML where it has some, otherwise of its text."""
    return shown_html.show(html) if html.strip() else _from_text(text)


def clean_and_show(text: str, html: str) -> tuple[str, str]:
    """The HTML of a letter made harmless (empty where it has none), and what a page shows of the letter."""
    if html.strip():
        return shown_html.clean_and_show(html)
    return clean(html) if html else "", _from_text(text)


def _from_text(text: str) -> str:
    lines = text.replace("\r\n", "\n").expandtabs(8).strip("\n").split("\n")
    marks = [_is_quoted(line) for line in lines]
    if not any(line.strip() and not mark for line, mark in zip(lines, marks, strict=True)):
        return _quotation(lines, 1) if any(marks) else ""
    original = quoting.original_at(lines, marks)
    lines, rest = lines[:original], lines[original:]
    shown = "".join(_blocks(lines, marks, is_last=not rest))
    return shown + (f"{_OPEN}{_paragraphs(rest)}{_CLOSE}" if rest else "")


def _blocks(lines: list[str], marks: list[bool], *, is_last: bool) -> list[str]:
    """Runs of quoted and of own lines, in turn; `marks` says which are quoted."""
    pieces: list[str] = []
    own: list[str] = []
    place = 0
    while place < len(lines):
        if not marks[place]:
            own.append(lines[place])
            place += 1
            continue
        end = _end_of_quotation(lines, marks, place)
        is_trailing = is_last and not any(line.strip() for line in lines[end:])
        is_folded = end - place >= LEAST_FOLDED or is_trailing
        attribution = _attribution(own) if is_folded else []
        pieces.append(_own(own))
        quoted = _paragraphs(attribution) + _quotation(lines[place:end], 1)
        pieces.append(f"{_OPEN}{quoted}{_CLOSE}" if is_folded else quoted)
        own, place = [], end
    pieces.append(_own(own))
    return pieces


def _is_quoted(line: str) -> bool:
    return line.startswith((">", " >")) and not line.startswith(">From ") and not quoting.is_torn(line)


def _end_of_quotation(lines: list[str], marks: list[bool], place: int) -> int:
    """Where a run of quoted lines ends; single blank lines between quoted ones belong to it."""
    while place < len(lines):
        if marks[place] or (not lines[place].strip() and place + 1 < len(lines) and marks[place + 1]):
            place += 1
        else:
            break
    return place


def _attribution(own: list[str]) -> list[str]:
    """Takes "On Monday Jo wrote:" from the end of what stands before a quotation."""
    count = quoting.attribution_before(own, len(own))
    told = own[len(own) - count :]
    del own[len(own) - count :]
    return told


def _quotation(lines: list[str], depth: int) -> str:
    """Quoted lines with one ">" taken off, inner quotations inside."""
    bare = [line.lstrip(" ")[1:].removeprefix(" ") for line in lines]
    is_inner_of = [depth < _DEEPEST and _is_quoted(line) for line in bare]
    pieces: list[str] = []
    place = 0
    while place < len(bare):
        begin = place
        is_inner = is_inner_of[place]
        while place < len(bare) and is_inner_of[place] == is_inner:
            place += 1
        run = bare[begin:place]
        pieces.append(_quotation(run, depth + 1) if is_inner else _paragraphs(run))
    return f"<blockquote>{''.join(pieces)}</blockquote>"


def _own(lines: list[str]) -> str:
    """The author's own words, with a signature at their end set apart (RFC 3676 section 4.3), or that of a phone."""
    for place in range(max(len(lines) - _LONGEST_SIGNATURE, 0), len(lines)):
        is_marked = lines[place] in ("-- ", "--")
        if is_marked or (quoting.is_phone_signature(lines[place]) and len(lines) - place <= _LONGEST_PHONE_SIGNATURE):
            signature = _paragraphs(lines[place + is_marked :])
            return _paragraphs(lines[:place]) + (f'<div class="j-signature">{signature}</div>' if signature else "")
    return _paragraphs(lines)


def _paragraphs(lines: list[str]) -> str:
    blocks = re.split(r"\n(?:[ ]*\n)+", "\n".join(lines).strip("\n"))
    return "".join(_paragraph(block) for block in blocks if block.strip())


def _paragraph(block: str) -> str:
    """One paragraph; what is laid out in columns keeps its blanks."""
    if "\n" in block and ("  " in block or "\t" in block) and _COLUMNS.search(block):
        return f"<pre>{_linked(block)}</pre>"
    return f"<p>{_linked(block.strip()).replace(chr(10), '<br>')}</p>"


def _linked(text: str) -> str:
    """Escaped text with its bare web addresses made into links."""
    if "://" not in text and "www." not in text.lower():
        return escape(text)
    pieces: list[str] = []
    place = 0
    for match in _LINK.finditer(text):
        url = match[0].rstrip(".,;:!?'*_")
        if url.endswith(")") and "(" not in url:
            url = url.rstrip(").,;")
        target = url if "://" in url else f"https://{url}"
        pieces.append(escape(text[place : match.start()]))
        pieces.append(f'<a href="{escape(target)}" rel="noopener noreferrer nofollow">{escape(url)}</a>')
        place = match.start() + len(url)
    return "".join(pieces) + escape(text[place:])
