"""HTML from outside: made safe on its way in, or turned into plain text."""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        "script",
        "style",
        "title",
        "textarea",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
    },
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)
DEEPEST, MOST_OPENED = 1_000, 20_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NEVER_DEEP = frozenset(
    [
        "br",
        "hr",
        "img",
        "col",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "a",
        "input",
        "meta",
        "link",
        "area",
        "wbr",
        "source",
    ]
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = re.compile(r"\n{3,}")
_PICTURE = re.compile(r"<img\b[^<>]*>")
_ALT = re.compile(r'\balt="([^"]*)"')
_LEADS_NOWHERE = re.compile(r'<a\b(?:(?! href="[^"#])[^<>])*>(.*?)</a>', re.DOTALL)
_PLAIN = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=True)


def clean(html: str) -> str:
    """HTML with only harmless tags and attributes left; the rest is gone, its text stays."""
    return without_controls(_CLEANER.clean(shallow(html.replace("\x00", ""))))


def without_controls(html: str) -> str:
    """HTML in which control characters can be seen."""
    return _CONTROLS.sub(_visible, html)


def shallow(html: str) -> str:
    """The HTML itself; where it is nested deeper than any letter is, its words alone.

    The sanitiser's time grows with the square of the depth: a megabyte of <div> would take it minutes.
    """
    if html.count("<") <= DEEPEST:
        return html
    open_now: Counter[str] = Counter()
    depth = opened = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _NEVER_DEEP:
            continue
        if not closing:
            open_now[tag] += 1
            depth, opened = depth + 1, opened + 1
            if depth > DEEPEST or opened > MOST_OPENED:
                return f"<p>{escape(unescape(_ANY_TAG.sub(' ', html)))}</p>"
        elif open_now[tag]:
            open_now[tag] -= 1
            depth -= 1
    return html


def _visible(control: re.Match[str]) -> str:
    """A blank for CR, the replacement character for the others: taking them out could join `java` and `script:`."""
    return " " if control[0] == "\r" else "\ufffd"


def without_pictures(html: str) -> str:
    """HTML that `clean` has made, with the description in place of each picture, and no links within the page or to nowhere.

    A page loads nothing from elsewhere, and the sanitiser leaves no anchors for such links to lead to.
    """
    return _LEADS_NOWHERE.sub(r"\1", _PICTURE.sub(_described, html))


def _described(picture: re.Match[str]) -> str:
    found = _ALT.search(picture[0])
    words = found[1].strip() if found else ""
    return f"(Image: {words})" if words else ""


def to_text(html: str) -> str:
    """The text of an HTML part, as a text browser would lay it out."""
    return _BLANKS.sub("\n\n", get_text(html.replace("\x00", ""), _PLAIN)).strip()
