"""What a page shows of a letter in HTML: made harmless and balanced by nh3, then walked once, tag by tag.

The words of the HTML are laid out as lines, so that `quoting` finds the original of Outlook, which says no more than
“From:” in bold. What is marked as quoted is folded where it stands, since answers may follow it; an original that runs
to the end is folded to the end: open tags are closed before it and opened again inside. Nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import nh3

from junto.kit.html import ATTRIBUTES, TAGS, shallow, without_controls
from junto.mail import quoting

OPEN = '<details class="j-quote"><summary>Show quoted text</summary>'
CLOSE = "</details>"
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>")
_MARKED = frozenset({"blockquote", "div", "hr"})
_ALT = re.compile(r"\salt=\"([^\"]*)\"")
_MARK = re.compile(r"\s(?:type=\"cite\"|class=\"[^\"]+\"|id=\"[^\"]+\")")
_ANY_MARK = re.compile(r"\s(?:type=\"cite\"|(?:class|id)=\"[^\"]*\")")
_ADJACENT = re.compile(rf"{CLOSE}((?:\s|<br>|<p>\s*</p>|<div>(?:\s|<br>)*</div>)*){re.escape(OPEN)}")
_VOID = frozenset({"br", "hr", "col", "img"})
_BREAKS = frozenset(
    [
        "br",
        "hr",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "tr",
        "table",
        "blockquote",
        "pre",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "details",
    ]
)
_CLASSES = {
    *("gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"),
    *("gmail_extra", "WordSection1"),
}
_QUOTES = re.compile(r"\btype=\"cite\"|\bclass=\"[^\"]*(?:_quote|_quoted|moz-cite-prefix)|\bid=\"OLK_SRC_BODY_SECTION")
_RUNS_TO_THE_END = re.compile(
    r"\bid=\"(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|ms-outlook-mobile-body-separator)"
)
_IDS = {
    *("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION"),
    *("mail-editor-reference-message-container", "ms-outlook-mobile-body-separator-line"),
}
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        *("script", "style", "title", "textarea", "noscript", "template", "iframe", "object", "svg", "math")
    },
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    tag_attribute_values={"blockquote": {"type": {"cite"}}, "div": {"id": _IDS}, "hr": {"id": _IDS}},
    allowed_classes={"div": _CLASSES, "blockquote": _CLASSES},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)


@dataclass(slots=True)
class _Token:
    """A piece of text (no tag), or a tag. `partner` is the number of the tag that closes it."""

    text: str
    tag: str = ""
    closes: bool = False
    marks: str = ""
    partner: int = -1


@dataclass(slots=True)
class _Line:
    """A line as a reader sees it, and the number of the token with which it begins."""

    begins: int
    pieces: list[str] = field(default_factory=list)
    is_quoted: bool = False

    @property
    def words(self) -> str:
        return " ".join(unescape("".join(self.pieces)).split())


def show(html: str) -> str:
    """Cleaned HTML with images replaced by their alternative text, and what the author did not write folded."""
    return _folded(_tokens(_TAG.split(_cleaned(html))))


def clean_and_show(html: str) -> tuple[str, str]:
    """What `junto.kit.html.clean` makes of the HTML, and what `show` does, for the price of one."""
    pieces = _TAG.split(_cleaned(html))
    return without_controls(_without_marks(pieces)), _folded(_tokens(pieces))


def _cleaned(html: str) -> str:
    return _CLEANER.clean(shallow(html.replace("\x00", "")))


def _without_marks(pieces: list[str]) -> str:
    """The HTML again, without the classes and ids by which quotations are known."""
    whole = [pieces[0]]
    for closing, tag, attributes, text in _fours(pieces):
        plain = _ANY_MARK.sub("", attributes) if attributes and tag in _MARKED else attributes
        whole.append(f"<{closing}{tag}{plain}>{text}")
    return "".join(whole)


def _fours(pieces: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """What is between the tags of a split text, after its beginning: slash, name, attributes, and the text behind."""
    rest = iter(pieces[1:])
    return zip(rest, rest, rest, rest, strict=True)


def _folded(tokens: list[_Token]) -> str:
    lines = _lines(tokens)
    texts = [line.words for line in lines]
    quoted = [line.is_quoted for line in lines]
    if not any(text and not mark for text, mark in zip(texts, quoted, strict=True)):
        return "".join([token.text for token in tokens])
    cut = _cut(tokens, lines, texts, quoted)
    folds = _folds(tokens, lines, texts)
    if not folds and cut == len(tokens):
        return "".join([token.text for token in tokens])
    return _ADJACENT.sub(r"\1", _written(tokens, folds, cut))


def _tokens(pieces: list[str]) -> list[_Token]:
    tokens: list[_Token] = []
    open_tags: list[int] = []
    if pieces[0]:
        tokens.append(_Token(pieces[0]))
    for closing, tag, attributes, text in _fours(pieces):
        if tag == "img":
            alt = _ALT.search(attributes)
            tokens.append(_Token(alt[1].replace("<", "&lt;") if alt else ""))
        elif closing:
            if open_tags:
                tokens[open_tags.pop()].partner = len(tokens)
            tokens.append(_Token(f"</{tag}>", tag, True, attributes))
        else:
            if tag not in _VOID:
                open_tags.append(len(tokens))
            plain = _MARK.sub("", attributes) if attributes and tag in _MARKED else attributes
            tokens.append(_Token(f"<{tag}{plain}>", tag, False, attributes))
        if text:
            tokens.append(_Token(text))
    return tokens


def _lines(tokens: list[_Token]) -> list[_Line]:
    lines = [_Line(0)]
    quoted_until = -1
    for number, token in enumerate(tokens):
        if not token.tag:
            lines[-1].pieces.append(token.text)
        elif token.tag in _BREAKS:
            if token.marks and _QUOTES.search(token.marks) and number > quoted_until and "moz-cite" not in token.marks:
                quoted_until = token.partner
            if token.tag in ("br", "hr") or any(piece.strip() for piece in lines[-1].pieces):
                lines.append(_Line(number))
            lines[-1].is_quoted = number < quoted_until
        elif token.tag in ("td", "th"):
            lines[-1].pieces.append(" ")
    return lines


def _cut(tokens: list[_Token], lines: list[_Line], texts: list[str], quoted: list[bool]) -> int:
    """The number of the token from which all to the end is an original; that of all tokens where there is none."""
    place = quoting.original_at(texts, quoted, has_gaps=False)
    cut = lines[place].begins if place < len(lines) else len(tokens)
    for number, token in enumerate(tokens[:cut]):
        if token.marks and _RUNS_TO_THE_END.search(token.marks):
            has_own = any(text for line, text in zip(lines, texts, strict=True) if line.begins < number)
            return number if has_own else len(tokens)
    return cut


def _folds(tokens: list[_Token], lines: list[_Line], texts: list[str]) -> set[int]:
    """The numbers of the tags that begin a quotation which is folded: those that say so, and those below “Ben wrote:”."""
    folds: set[int] = set()
    until = line = -1
    for number, token in enumerate(tokens):
        if number <= until or token.closes or token.tag not in ("div", "blockquote"):
            continue
        is_marked = bool(token.marks) and bool(_QUOTES.search(token.marks))
        if not is_marked and token.tag == "div":
            continue
        while line + 1 < len(lines) and lines[line + 1].begins <= number:
            line += 1
        if not is_marked and token.tag == "blockquote":
            above = texts[max(line - 6, 0) : line]
            is_marked = bool(quoting.attribution_before(above, len(above)))
        if is_marked and not _is_forward(texts[line : line + 4]):
            folds.add(number)
            until = token.partner
    return folds


def _is_forward(texts: list[str]) -> bool:
    return any(quoting.is_forward(text) for text in texts)


def _written(tokens: list[_Token], folds: set[int], cut: int) -> str:
    pieces: list[str] = []
    open_tags: list[int] = []
    ends: set[int] = set()
    for number, token in enumerate(tokens):
        if number == cut:
            pieces += [
                f"</{tokens[one].tag}>{CLOSE if tokens[one].partner in ends else ''}" for one in reversed(open_tags)
            ]
            ends.clear()
            pieces += [OPEN, *(tokens[one].text for one in open_tags)]
        if number in folds and number < cut:
            ends.add(token.partner)
            pieces.append(OPEN)
        pieces.append(token.text)
        if number in ends:
            pieces.append(CLOSE)
        if token.closes and open_tags:
            open_tags.pop()
        elif token.tag and not token.closes and token.tag not in _VOID:
            open_tags.append(number)
    return "".join(pieces) + (CLOSE if cut < len(tokens) else "")
