"""Turns Hugo's shortcodes ({{< note >}}…{{< /note >}}) into Markdown.

Pictures become links with their description: the pages of Junto load nothing from elsewhere. What no table below knows
is taken away, and what it enclosed stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

SITE = "https://digital.gov"
PICTURES = "https://s3.amazonaws.com/digitalgov"
_CODE = re.compile(
    r"\{\{[<%]\s*(/?)\s*([\w.-]+)((?:\s+(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|`[^`]*`|[^\"'`>%]|[>%](?!\}\}))*)?)\s*/?[>%]\}\}"
)
_ARGUMENT = re.compile(r"""(?:([\w-]+)\s*=\s*)?("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\s"'`]+)""")
_BROKEN_CODE = re.compile(r"\{\{[<%].{0,2000}?[>%]\}\}", re.DOTALL)
_IN_A_LINK = re.compile(r"""(?:\]\(\s*<?|(?:href|src)=["'])$""")
_TARGET = re.compile(r"\]\(<([^<>]*)>\)")
_GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")
_LOCAL_LINK = re.compile(
    r"""(\]\(\s*<?|\b(?:href|src)=["'])((?:https?://(?:www\.)?digital(?:gov)?\.gov)?)(/(?!/)[^\s)"'>]*)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands between the name of a shortcode and its end."""

    named: dict[str, str]
    plain: list[str]

    def get(self, *names: str) -> str:
        """The first of these that is given; failing that, the first argument without a name."""
        return next((self.named[name] for name in names if self.named.get(name)), self.plain[0] if self.plain else "")

    def given(self, name: str) -> str:
        return self.named.get(name, "")


@dataclass(slots=True)
class Converted:
    """Markdown without shortcodes, and the names of those that nobody knew."""

    text: str
    unknown: list[str] = field(default_factory=list)


def convert(body: str, *, address_of: Callable[[str], str], home_of: Callable[[str], str]) -> Converted:
    """Markdown of Hugo as plain Markdown.

    `address_of` gives the address of a page by its path in the content; `home_of` the address in Junto of a path of the
    old site, empty where it has none. Links to all others lead to the old site.
    """
    unknown: list[str] = []

    def replace(code: re.Match[str]) -> str:
        is_end, name, rest = code[1], code[2], code[3]
        if name in ("ref", "relref", "tmp"):
            return address_of(_arguments(rest).get("path"))
        if name in _ENCLOSING:
            opening, closing = _ENCLOSING[name]
            return closing if is_end else opening(_arguments(rest))
        if name in _STANDING and not is_end:
            told = _STANDING[name](_arguments(rest))
            return _address_in(told) if _IN_A_LINK.search(body, max(code.start() - 8, 0), code.start()) else told
        if name not in unknown:
            unknown.append(name)
        return ""

    def outward(link: re.Match[str]) -> str:
        return f"{link[1]}{home_of(link[3]) or (link[2] or SITE) + link[3]}"

    text, broken = _BROKEN_CODE.subn("", _CODE.sub(replace, body))
    return Converted(
        _GAPS.sub("\n\n", _LOCAL_LINK.sub(outward, text)).strip(), unknown + ["(one that is not closed)"] * bool(broken)
    )


def _arguments(text: str) -> Arguments:
    named, plain = {}, []
    for found in _ARGUMENT.finditer(text):
        value = found[2][1:-1].replace('\\"', '"') if found[2][0] in "\"'`" else found[2]
        if found[1]:
            named[found[1]] = value.strip()
        else:
            plain.append(value.strip())
    return Arguments(named, plain)


def _address_in(link: str) -> str:
    """The bare address where a shortcode that makes a link stands inside the address of one."""
    found = _TARGET.search(link)
    return found[1] if found else link


def _link(words: str, address: str) -> str:
    shown = " ".join(words.split()).replace("[", "(").replace("]", ")")
    return f"[{shown}](<{address}>)" if address else shown


def _picture(folder: str) -> Callable[[Arguments], str]:
    def picture(given: Arguments) -> str:
        words = [given.given("alt"), given.given("caption")]
        shown = ". ".join(dict.fromkeys(word.strip(" .") for word in words if word.strip()))
        source = given.get("src", "path").lstrip("/")
        return _link(f"Image: {shown}", f"{PICTURES}/{folder}{source}") if shown else ""

    return picture


def _quotation(given: Arguments) -> str:
    cite = f"\n>\n> — {' '.join(given.given('cite').split())}" if given.given("cite") else ""
    return f"\n\n> {' '.join(given.get('text').split())}{cite}\n\n"


def _featured(given: Arguments) -> str:
    path = given.get("link").strip("/")
    name = path.rpartition("/")[2].replace("-", " ").capitalize()
    return f"\n\n{given.given('kicker') or 'See also'}: {_link(name, f'{SITE}/{path}/')}\n\n" if path else ""


def _boxed(given: Arguments) -> str:
    words = [given.given(name) for name in ("kicker", "title", "heading", "intro") if given.given(name)]
    heading = ": ".join(word.replace("**", "").strip() for word in words)
    return "\n\n<blockquote>\n\n" + (f"**{heading}**\n\n" if heading else "")


def _folded(given: Arguments) -> str:
    title = given.given("title") or given.given("kicker") or "More"
    return f"\n\n<details>\n<summary>{title}</summary>\n\n"


def _captioned(given: Arguments) -> str:
    return f"\n\n{given.given('caption')}\n\n"


def _tweet(given: Arguments) -> str:
    user, number = given.given("user"), given.given("id") or given.get()
    return _link(f"Post by {user or 'an account'} on X", f"https://x.com/{user or 'i'}/status/{number}")


def _video(given: Arguments) -> str:
    number = given.get("id")
    return (
        _link(f"Video: {given.given('title') or number}", f"https://www.youtube.com/watch?v={number}") if number else ""
    )


_END_OF_BOX = "\n\n</blockquote>\n\n"
_ENCLOSING: dict[str, tuple[Callable[[Arguments], str], str]] = {
    **dict.fromkeys(("note", "box", "ring", "highlight", "card-policy", "card-prompt"), (_boxed, _END_OF_BOX)),
    "accordion": (_folded, "\n\n</details>\n\n"),
    "do-dont-table": (_captioned, "\n\n"),
    "row": (lambda given: "", ""),
    "do-row": (lambda given: "\n- **Do:** ", "\n"),
    "dont-row": (lambda given: "\n- **Don’t:** ", "\n"),
    "checklist": (lambda given: "\n\n", "\n\n"),
    "checklist-sublist": (lambda given: "\n", "\n"),
    "checkbox": (lambda given: "\n- ", "\n"),
    "checkbox-sublist-item": (lambda given: "\n  - ", "\n"),
}
_STANDING: dict[str, Callable[[Arguments], str]] = {
    **dict.fromkeys(("img", "img-right", "img-left", "img-flexible"), _picture("")),
    **dict.fromkeys(("legacy-img", "legacy-img-right"), _picture("_legacy-img/")),
    "asset-img": _picture("static/"),
    "asset-static": lambda given: _link(given.given("label") or given.get("file"), f"{PICTURES}/static/{given.get('file')}"),
    "legacy-file": lambda given: _link(
        given.given("label") or given.get("file").rpartition("/")[2], f"{PICTURES}/_legacy-img/{given.get('file')}"
    ),
    "button": lambda given: _link(given.given("text") or given.get("href"), given.get("href", "link")),
    "link": lambda given: SITE + given.get("href") if given.get("href").startswith("/") else given.get("href"),
    "tmp": lambda given: "",
    "youtube": _video,
    "fb-video": lambda given: _link("Video on Facebook", given.get("url")),
    "tweet": _tweet,
    "quote-block": _quotation,
    "featured-resource": _featured,
}  # fmt: skip
