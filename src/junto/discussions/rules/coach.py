"""The coach: hints for the author alone before a post goes out. All of it is worked out here; nothing leaves the server.

COACH is the whole of it: for each hint the check, how much it matters, and the words. A check gets a draft and returns what
it found, in the author's words, or nothing. Communities switch each off in their settings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_noop as _

from junto.communities.models import Community, Hint
from junto.discussions.rules.posts import Post
from junto.discussions.rules.words import disclaimer_in, own_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LARGE_FILES = 5_000_000
FEWEST_WORDS_TO_GRADE = 100
HARDEST_GRADE = 12
LONGEST_READ = 200_000
LONGEST_SUBJECT = 500
SPECIMENS = frozenset({"078-05-1120", "219-09-9999", "123-45-6789"})


class Severity(StrEnum):
    HARM = "harm"
    MILD = "mild"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is about to send. `words` are their own, without quotations; `size` counts bytes of files."""

    subject: str
    words: str
    text: str = ""
    html: str = ""
    size: int = 0
    is_reply: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One hint for the author, in the language of whoever reads `words`. `name` is how communities switch it off."""

    name: str
    severity: Severity
    sentence: str
    blanks: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return gettext(self.sentence) % self.blanks

    @property
    def in_english(self) -> str:
        return self.sentence % self.blanks


Check = Callable[[Draft], "str | _StrPromise"]


def hints(post: Post, severity: Severity | None = None) -> list[Advice]:
    """What the coach has to say about a post, or only what is as severe as that."""
    return advice(draft_of(post), post.community, severity)


def draft_of(post: Post) -> Draft:
    mail = post.mail
    return Draft(
        subject=mail.subject,
        words=own_words(mail.text)[:LONGEST_READ],
        text=mail.text[:LONGEST_READ],
        html=mail.html[:LONGEST_READ],
        size=sum(len(file.content) for file in mail.files),
        is_reply=post.parent is not None or bool(mail.in_reply_to),
        email=post.email,
    )


def advice(draft: Draft, community: Community, severity: Severity | None = None) -> list[Advice]:
    """The hints on a draft, in the order of the table; none where the community has switched them off."""
    if not community.coach_is_on:
        return []
    found = []
    for name, (check, matters, words) in COACH.items():
        if name in community.coach_skips or severity not in (None, matters):
            continue
        if what := check(draft):
            found.append(Advice(str(name), matters, words, {"what": what}))
    return found


def ssn_like(draft: Draft) -> str:
    """A number that could be a Social Security number: valid area, group and serial (SSA POMS RM 10201.035)."""
    for match in _SSN.finditer(f"{draft.subject}\n{draft.words}"):
        area, group, serial = match["area"], match["group"], match["serial"]
        if not match["mark"] and not _SAYS_SSN.search(match.string[max(match.start() - 40, 0) : match.start()]):
            continue
        is_issued = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"
        if is_issued and f"{area}-{group}-{serial}" not in SPECIMENS:
            return f"{'•' * 5}{serial}"
    return ""


def personal_contact(draft: Draft) -> str:
    """Somebody's private address or telephone number. The author's own sender address is theirs to show."""
    for match in _PRIVATE_MAIL.finditer(draft.words):
        if match[0].lower() != draft.email.lower():
            return match[0]
    found = _PRIVATE_PLACE.search(draft.words)
    return " ".join(found[0].split()) if found else ""


def marked_banner(draft: Draft) -> str:
    """A marking that restricts who may see it, as a line of its own or at the head of the subject. A notice in a
    signature is none."""
    found = _BANNER.search(draft.words) or _BANNER_IN_SUBJECT.search(draft.subject[:LONGEST_SUBJECT])
    return found[0].strip(" \t\n*#[]()-:") if found else ""


def vendor_endorsement(draft: Draft) -> str:
    """Praise of a product or a company, sentence by sentence (5 CFR 2635.702(c)). A question endorses nothing."""
    for sentence in _sentences(draft.words):
        if _PRAISES.search(sentence) and not sentence.rstrip().endswith("?") and (found := _ENDORSES.search(sentence)):
            return found[0].strip()[:80]
    return ""


def large_files(draft: Draft) -> str:
    return f"{draft.size / 1_000_000:.0f} MB" if draft.size > LARGE_FILES else ""


def images_without_alt(draft: Draft) -> str | _StrPromise:
    """How many images have no alternative text (WCAG 2.2, 1.1.1). Logos of signatures and counting pixels are left out."""
    own = _QUOTE_BEGINS.split(draft.html, maxsplit=1)[0]
    missing = [tag for tag in _IMAGE.findall(own) if not _HAS_ALT.search(tag) and not _is_small(tag)]
    return _images(len(missing)) if missing else ""


def _in_words(count: int) -> str:
    return ngettext("%(count)d image", "%(count)d images", count) % {"count": count}


_images = lazy(_in_words, str)


def hard_to_read(draft: Draft) -> str:
    """The Flesch-Kincaid grade (Kincaid et al., 1975) of English prose, where it is above what most can read at once."""
    grade = reading_grade(draft.words)
    return f"{grade:.0f}" if grade is not None and grade > HARDEST_GRADE else ""


def weak_subject(draft: Draft) -> str | _StrPromise:
    """A subject that is missing, shouted, or one word that could stand above anything."""
    bare = re.sub(r"^(?:\s*(?:re|fwd?)\s*:)+", "", draft.subject, flags=re.IGNORECASE).strip()
    if draft.is_reply:
        return ""
    if not bare:
        return gettext_lazy("is missing")
    letters = [letter for letter in bare if letter.isalpha()]
    if len(letters) >= _SHOUTED and all(letter.isupper() for letter in letters) and " " in bare:
        return gettext_lazy("is all in capital letters")
    return gettext_lazy("does not say what it is about") if bare.lower().strip("!?. ") in _VAGUE else ""


def empty_link_text(draft: Draft) -> str:
    """A link whose words say nothing of where it leads (WCAG 2.2, 2.4.4)."""
    own = _QUOTE_BEGINS.split(draft.html, maxsplit=1)[0]
    found = _EMPTY_LINK.search(own)
    return found["said"].strip() if found else ""


def boilerplate(draft: Draft) -> str:
    return disclaimer_in(draft.text)[:60]


def reading_grade(words: str) -> float | None:
    """The grade of a text of at least a hundred words; None for less, and for what does not look like English."""
    sentences = [found for part in _sentences(_ADDRESSES.sub(" ", words)) if len(found := _WORD.findall(part)) > 1]
    spoken = [word for sentence in sentences for word in sentence]
    if len(spoken) < FEWEST_WORDS_TO_GRADE:
        return None
    common = sum(word.lower() in _COMMON for word in spoken)
    if common / len(spoken) < _ENGLISH_HAS:
        return None
    syllables = sum(_syllables(word) for word in spoken)
    return 0.39 * len(spoken) / len(sentences) + 11.8 * syllables / len(spoken) - 15.59


def _sentences(words: str) -> list[str]:
    return [part for part in _SENTENCE_ENDS.split(words) if part.strip()]


def _syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word.lower().removesuffix("e")))
    return max(groups, 1)


def _is_small(tag: str) -> bool:
    sides = [int(side) for side in _SIDE.findall(tag)]
    return any(side <= _LOGO for side in sides)


_SSN = re.compile(
    r"(?<![\w./+-])(?<!\d )(?P<area>\d{3})(?P<mark>[- ]?)(?P<group>\d{2})(?P=mark)(?P<serial>\d{4})(?![\w-]|\.\d| \d)"
)
_SAYS_SSN = re.compile(r"\b(?:ssns?|social security (?:number|no|#))\b", re.IGNORECASE)
_PRIVATE_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|me|mac|comcast|proton(?:mail)?|verizon|att)\.(?:com|net|me|co\.uk)\b",
    re.IGNORECASE,
)
_PRIVATE_PLACE = re.compile(
    r"\b(?:(?:home|personal|private) (?:address|phone|cell|mobile|telephone|number)(?: number)?\b[^.\n]{0,25}?\d[\d().\s-]{2,}"
    r"|(?:lives|resides|living|residing) at \d+\s+\w+|(?:my|his|her|their) cell(?: ?phone)?(?: number)? is [\d(][\d().\s-]{6,})",
    re.IGNORECASE,
)
_MARKS = (
    r"CUI(?://[A-Z/ -]++)?+|CONTROLLED(?: UNCLASSIFIED INFORMATION)?|FOUO|FOR OFFICIAL USE ONLY|(?:TOP )?SECRET(?://[A-Z/ ]++)?+|CONFIDENTIAL(?://[A-Z/ ]++)?+"
    r"|SBU|SENSITIVE BUT UNCLASSIFIED|LAW ENFORCEMENT SENSITIVE|LIMITED OFFICIAL USE|ATTORNEY[ -]CLIENT(?: PRIVILEGED?| COMMUNICATION)?"
    r"|(?:ATTORNEY )?WORK PRODUCT|PRIVILEGED(?: (?:AND|&|/) CONFIDENTIAL)?|CONFIDENTIAL (?:AND|&) PRIVILEGED|DELIBERATIVE(?: PROCESS)?|PRE-?DECISIONAL"
    r"|NOT FOR (?:PUBLIC )?(?:RELEASE|DISTRIBUTION|DISSEMINATION)|(?:FOR )?INTERNAL USE ONLY|PROCUREMENT SENSITIVE|SOURCE SELECTION(?: SENSITIVE| INFORMATION)?|EMBARGOED"
)
_BANNER = re.compile(
    rf"^[ \t*#\[(_-]*(?:{_MARKS})(?:[ \t]*[/&,|;-]+[ \t]*(?:{_MARKS})){{0,5}}[ \t*#\])_.!-]*$|^[ \t]*\((?:CUI|FOUO|SBU)\)\s",
    re.MULTILINE,
)
_BANNER_IN_SUBJECT = re.compile(
    r"^\W*(?:re:\s*)?\W*\b(?:CUI|FOUO|SBU|CONFIDENTIAL|EMBARGOED|PRIVILEGED|INTERNAL USE ONLY)\b\s*[\]):/-]"
)
_PRODUCT = r"(?:vendor|product|company|tool|platform|software|solution|contractor|firm|consultancy|consultant|provider|supplier|app|package)"
_NAMED = r"(?-i:[A-Z][\w&.]{1,40})(?: (?-i:[A-Z][\w&.]{1,40})){0,3}"
_PRAISES = re.compile(
    r"\b(?:recommend|best|greatest|finest|leading|top|number one|most|should|must|needs? to|ha(?:s|ve) to)\b",
    re.IGNORECASE,
)
_ENDORSES = re.compile(
    rf"\b(?:highly|strongly|wholeheartedly|absolutely|definitely|can(?:'t|’t|not)) recommend (?:(?:using|buying|hiring|working with|going with|to use) )?(?:the )?(?:{_NAMED}|(?:this|their|that) {_PRODUCT})\b(?! (?:enough )?(?:reading|attending))"
    rf"|\b{_NAMED} (?:is|are|has|makes|offers|was) (?:hands down |simply |by far |truly |without doubt )*(?:the )?(?:best|greatest|finest|leading|top|number one|#1|most \w+) {_PRODUCT}s?\b"
    rf"|\b(?:the )?(?:best|greatest|finest|most (?:amazing|reliable|trusted|powerful)) {_PRODUCT} (?:on the market|out there|available|around|that money can buy|we (?:have )?ever|i (?:have )?ever)"
    rf"|\b(?:everyone|everybody|every agency|you all|you) (?:should|must|needs? to|has to|have to) (?:buy|purchase|hire|contract with|switch to|sign up with) (?:the )?{_NAMED}",
    re.IGNORECASE,
)
_QUOTE_BEGINS = re.compile(
    r"<blockquote|<div[^<>]+(?:gmail_(?:quote|signature)|id=\"?(?:x_)?(?:divRplyFwdMsg|appendonsend|Signature|ms-outlook-mobile-signature)|yahoo_quoted|moz-signature|border-top:\s?solid)",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_HAS_ALT = re.compile(
    r"\salt\s*=\s*(?:\"\s*+[^\"]+\"|'\s*+[^']+'|[^\s\"'>]+)|\srole\s*=\s*[\"']?presentation", re.IGNORECASE
)
_SIDE = re.compile(r"\b(?:width|height)\s*[=:]\s*(?:[\"']\s*)?(\d{1,5})", re.IGNORECASE)
_LOGO = 100
_SHOUTED = 10
_VAGUE = frozenset(
    "question questions help hello hi info information fyi request urgent important quick question|update".replace(
        "|", " "
    ).split()
) | {
    "quick question",
    "a question",
    "need help",
    "please help",
    "help needed",
    "please read",
    "no subject",
    "(no subject)",
    "test",
}
_EMPTY_LINK = re.compile(
    r"<a\b[^<>]*>\s*(?:<[^<>]+>\s*){0,5}(?P<said>click (?:here|this|on this link)|here|this link|link|read more|more|learn more)\s*(?:[.!]\s*)?(?:</[^<>]+>\s*){0,5}</a>",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(r"(?<!\S)(?:[^\s@]{1,320}@|https?://|www\.)\S+")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?:;])[\"')\]]*\s+|\n\s*\n|\n\s*(?:[-*•–]|\d+[.)])\s")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "to",
        "in",
        "is",
        "are",
        "was",
        "be",
        "for",
        "on",
        "with",
        "that",
        "this",
        "it",
        "we",
        "you",
        "i",
        "our",
        "your",
        "have",
        "has",
        "not",
        "as",
        "at",
        "by",
        "from",
    ]
)
_ENGLISH_HAS = 0.2

COACH: dict[str, tuple[Check, Severity, str]] = {
    Hint.SSN: (
        ssn_like,
        Severity.HARM,
        _("It has a number that looks like a Social Security number (%(what)s). Posts are kept as records: take it out."),
    ),
    Hint.PERSONAL: (
        personal_contact,
        Severity.HARM,
        _("It shows a private address or telephone number (%(what)s). Share those of other people only if they asked you to."),
    ),
    Hint.BANNER: (
        marked_banner,
        Severity.HARM,
        _("It carries the marking “%(what)s”. This list is not the place for what must not be passed on."),
    ),
    Hint.ENDORSEMENT: (
        vendor_endorsement,
        Severity.MILD,
        _("“%(what)s” could be read as the endorsement of a company by the government (5 CFR 2635.702). Say what it did for you instead."),
    ),
    Hint.FILES: (
        large_files,
        Severity.MILD,
        _("Its files have %(what)s and go to everyone’s mailbox. A link to a shared folder is kinder."),
    ),
    Hint.ALT_TEXT: (
        images_without_alt,
        Severity.MILD,
        _("It has %(what)s without alternative text. Colleagues who use a screen reader do not learn what is shown."),
    ),
    Hint.LINK_TEXT: (
        empty_link_text,
        Severity.MILD,
        _("The link “%(what)s” does not say where it leads. Link the name of the page: it helps whoever listens or skims."),
    ),
    Hint.SUBJECT: (
        weak_subject,
        Severity.MILD,
        _("Its subject %(what)s. With one that says what you ask or tell, more colleagues read it, and they find it later."),
    ),
    Hint.READING: (
        hard_to_read,
        Severity.MILD,
        _("It reads at grade %(what)s. Shorter sentences and everyday words reach more people; grade 8 is a good aim."),
    ),
    Hint.DISCLAIMER: (
        boilerplate,
        Severity.MILD,
        _("It ends with a confidentiality notice (“%(what)s…”), which cannot bind a list. Leave it off here, if your agency lets you."),
    ),
}  # fmt: skip
