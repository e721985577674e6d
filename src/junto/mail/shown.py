"""What a page shows of a letter: safe HTML with quotations folded.

Works in time linear in the length of the letter: line by line for text, tag by tag for HTML that nh3 has already made
balanced and harmless. Whatever is added here are constant tags; whatever is taken from the letter is escaped.
"""

from __future__ import annotations

import re
from html import escape

import nh3

from junto.kit.html import ATTRIBUTES, TAGS, shallow

LEAST_FOLDED = 3
_DEEPEST = 5
_LONGEST_SIGNATURE = 15
_OPEN = '<details class="j-quote"><summary>Show quoted text</summary>'
_CLOSE = "</details>"
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_WROTE = re.compile(r"^.{0,300}(?:wrote|writes|schrieb|écrit|escribió|escreveu|scrisse)\b.{0,80}:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(r"^\s*-{2,}\s?(?:Original|Reply|Ursprüngliche|Message d).{0,40}-{2,}\s*$", re.IGNORECASE)
_COLUMNS = re.compile(r"^(?:\t| {2,}\S)|\S {3,}\S", re.MULTILINE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>")
_ALT = re.compile(r"\salt=\"([^\"]*)\"")
_QUOTE = re.compile(r"\s(?:type=\"cite\"|class=\"[^\"]+\"|id=\"[^\"]+\")")
_ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_MAILTO = re.compile(r"\shref=\"mailto:[^\"]*\"", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "col", "img"})
_CLASSES = {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"}
_REPLY_IDS = {"divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION"}
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        *("script", "style", "title", "textarea", "noscript", "template", "iframe", "object", "svg", "math")
    },
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items() if tag != "img"} | {"img": {"alt"}},
    tag_attribute_values={"blockquote": {"type": {"cite"}}, "div": {"id": _REPLY_IDS}},
    allowed_classes={"div": _CLASSES, "blockquote": _CLASSES},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)


def show(text: str, html: str) -> str:
    """Safe HTML of a letter: of its HTML where it has some, otherwise of its text."""
    return _from_html(html) if html.strip() else _from_text(text)


def mask_addresses(html: str) -> str:
    """Shown HTML for readers who may not see addresses: each becomes "a…@epa.gov", and nothing links to it."""
    without_links = _MAILTO.sub("", html)
    return _ADDRESS.sub(lambda match: f"{match[0][0]}…@{match[0].rpartition('@')[2]}", without_links)


def _from_text(text: str) -> str:
    lines = text.replace("\r\n", "\n").expandtabs(8).strip("\n").split("\n")
    original = next((n for n, line in enumerate(lines) if n and _ORIGINAL.match(line)), len(lines))
    lines, rest = lines[:original], lines[original:]
    shown = "".join(_blocks(lines, is_last=not rest))
    return shown + (f"{_OPEN}{_paragraphs(rest)}{_CLOSE}" if rest else "")


def _blocks(lines: list[str], *, is_last: bool) -> list[str]:
    """Runs of quoted and of own lines, in turn."""
    pieces: list[str] = []
    own: list[str] = []
    place = 0
    while place < len(lines):
        if not _is_quoted(lines[place]):
            own.append(lines[place])
            place += 1
            continue
        end = _end_of_quotation(lines, place)
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
    return line.startswith((">", " >")) and not line.startswith(">From ")


def _end_of_quotation(lines: list[str], place: int) -> int:
    """Where a run of quoted lines ends; single blank lines between quoted ones belong to it."""
    while place < len(lines):
        if _is_quoted(lines[place]) or (
            not lines[place].strip() and place + 1 < len(lines) and _is_quoted(lines[place + 1])
        ):
            place += 1
        else:
            break
    return place


def _attribution(own: list[str]) -> list[str]:
    """Takes "On Monday Jo wrote:" from the end of what stands before a quotation."""
    while own and not own[-1].strip():
        own.pop()
    for count in (1, 2):
        tail = own[-count:]
        if tail and _WROTE.match(" ".join(tail)) and (count == 1 or tail[0].strip()):
            del own[-count:]
            return tail
    return []


def _quotation(lines: list[str], depth: int) -> str:
    """Quoted lines with one ">" taken off, inner quotations inside."""
    bare = [line.lstrip(" ")[1:].removeprefix(" ") for line in lines]
    pieces: list[str] = []
    place = 0
    while place < len(bare):
        begin = place
        is_inner = _is_quoted(bare[place]) and depth < _DEEPEST
        while place < len(bare) and (_is_quoted(bare[place]) and depth < _DEEPEST) == is_inner:
            place += 1
        run = bare[begin:place]
        pieces.append(_quotation(run, depth + 1) if is_inner else _paragraphs(run))
    return f"<blockquote>{''.join(pieces)}</blockquote>"


def _own(lines: list[str]) -> str:
    """The author's own words, with a signature at their end set apart (RFC 3676 section 4.3)."""
    for place in range(max(len(lines) - _LONGEST_SIGNATURE, 0), len(lines)):
        if lines[place] in ("-- ", "--"):
            signature = _paragraphs(lines[place + 1 :])
            return _paragraphs(lines[:place]) + (f'<div class="j-signature">{signature}</div>' if signature else "")
    return _paragraphs(lines)


def _paragraphs(lines: list[str]) -> str:
    blocks = re.split(r"\n(?:[ ]*\n)+", "\n".join(lines).strip("\n"))
    return "".join(_paragraph(block) for block in blocks if block.strip())


def _paragraph(block: str) -> str:
    """One paragraph; what is laid out in columns keeps its blanks."""
    if "\n" in block and _COLUMNS.search(block):
        return f"<pre>{_linked(block)}</pre>"
    return f"<p>{_linked(block.strip()).replace(chr(10), '<br>')}</p>"


def _linked(text: str) -> str:
    """Escaped text with its bare web addresses made into links."""
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


def _from_html(html: str) -> str:
    """Cleaned HTML with images replaced by their alternative text and outermost quotations folded."""
    cleaned = _CLEANER.clean(shallow(html.replace("\x00", "")))
    pieces: list[str] = []
    stack: list[tuple[str, str]] = []
    place = 0
    is_folded = False
    for match in _TAG.finditer(cleaned):
        pieces.append(cleaned[place : match.start()])
        place = match.end()
        closing, tag, attributes = match.groups()
        if tag == "img":
            alt = _ALT.search(attributes)
            pieces.append(alt[1].replace("<", "&lt;") if alt else "")
        elif closing:
            ending = stack.pop()[1] if stack else ""
            is_folded = is_folded and _CLOSE not in ending
            pieces.append(ending if ending else match[0])
        else:
            is_quote = not is_folded and tag in ("blockquote", "div") and bool(_QUOTE.search(attributes))
            is_folded = is_folded or is_quote
            plain = _QUOTE.sub("", attributes) if tag in ("blockquote", "div") else attributes
            pieces.append(f"{_OPEN if is_quote else ''}<{tag}{plain}>")
            if tag not in _VOID:
                stack.append((tag, f"</{tag}>{_CLOSE if is_quote else ''}"))
    pieces.append(cleaned[place:])
    return "".join(pieces)
