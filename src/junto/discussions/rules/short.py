"""Replies that say nothing to most of their readers: “me too”, “+1”, thanks, an empty letter."""

from __future__ import annotations

import re

from junto.discussions.rules.posts import Post
from junto.discussions.rules.words import own_words

FEWEST_READERS = 20
MOST_WORDS = 14
MOST_NAMES = 3

_CORE = frozenset(
    [
        "thanks",
        "thank",
        "thx",
        "ty",
        "thankyou",
        "+1",
        "1",
        "ditto",
        "same",
        "too",
        "congratulations",
        "congrats",
        "kudos",
        "bravo",
        "agree",
        "agreed",
        "seconded",
        "appreciated",
        "appreciate",
        "awesome",
        "great",
        "excellent",
        "wonderful",
        "fantastic",
        "perfect",
        "nice",
        "cool",
        "welcome",
        "lol",
        "haha",
        "interested",
        "hear",
        "ok",
        "okay",
        "yes",
        "yep",
        "gracias",
        "felicidades",
        "felicitaciones",
        "enhorabuena",
        "igualmente",
        "también",
        "tambien",
        "merci",
        "félicitations",
        "felicitations",
        "aussi",
        "idem",
        "happy",
        "birthday",
        "well",
    ]
)
_BESIDE = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "dear",
        "all",
        "everyone",
        "everybody",
        "team",
        "folks",
        "colleagues",
        "a",
        "an",
        "and",
        "the",
        "to",
        "you",
        "your",
        "so",
        "very",
        "much",
        "many",
        "again",
        "for",
        "of",
        "on",
        "in",
        "at",
        "with",
        "i",
        "im",
        "am",
        "me",
        "my",
        "mine",
        "we",
        "us",
        "it",
        "its",
        "is",
        "was",
        "be",
        "been",
        "this",
        "that",
        "these",
        "those",
        "here",
        "there",
        "just",
        "really",
        "truly",
        "also",
        "as",
        "well",
        "done",
        "job",
        "work",
        "news",
        "one",
        "good",
        "best",
        "kind",
        "warm",
        "regards",
        "cheers",
        "sincerely",
        "respectfully",
        "both",
        "sharing",
        "share",
        "info",
        "information",
        "help",
        "helping",
        "helpful",
        "useful",
        "post",
        "posting",
        "reply",
        "response",
        "update",
        "heads",
        "up",
        "fyi",
        "please",
        "add",
        "count",
        "would",
        "love",
        "like",
        "by",
        "from",
        "per",
        "new",
        "role",
        "position",
        "plus",
        "million",
        "heres",
        "id",
        "muy",
        "muchas",
        "muchos",
        "mil",
        "un",
        "una",
        "por",
        "la",
        "el",
        "las",
        "los",
        "de",
        "a",
        "todos",
        "yo",
        "y",
        "saludos",
        "con",
        "beaucoup",
        "à",
        "tous",
        "pour",
        "le",
        "les",
        "bien",
        "cordialement",
        "moi",
        "et",
    ]
)
_NOT_LETTERS = re.compile(r"[^\w+\s-]")
_LONGEST_BYE = 200
_BYE = re.compile(
    r"^(?:best|kind|warm|many)?\s*(?:regards|wishes|thanks|cheers|sincerely|respectfully|v/r|r/|saludos|cordialement)?\W*$",
    re.IGNORECASE,
)


def says_little(post: Post) -> bool:
    """Whether a post is only an acknowledgement, or nothing at all. A file makes it a post."""
    if post.mail.files or post.mail.is_signed:
        return False
    parent = post.parent.author_name if post.parent else ""
    names = [post.author.name if post.author else "", post.mail.from_name, parent]
    return is_little(own_words(post.mail.text), names=names, is_reply=post.parent is not None)


def is_little(words: str, *, names: list[str], is_reply: bool) -> bool:
    """Whether words only acknowledge; one of substance is enough to make them a post. `names` are of author and addressee."""
    known = {word.lower() for name in names for word in _NOT_LETTERS.sub(" ", name).split()}
    words = _without_name(words, known)
    tokens = _NOT_LETTERS.sub(" ", words.replace("'", "").replace("’", "")).split()
    if not tokens:
        return "?" not in words
    if len(tokens) > MOST_WORDS or "?" in words:
        return False
    plain = [token.lower().strip("-_") for token in tokens]
    unknown = [
        token
        for token, low in zip(tokens, plain, strict=True)
        if low and low not in _CORE and low not in _BESIDE and low not in known
    ]
    has_core = any(low in _CORE for low in plain)
    are_names = len(unknown) <= MOST_NAMES and all(_is_a_name(token) for token in unknown)
    return has_core and (are_names if is_reply else not unknown)


def _is_a_name(token: str) -> bool:
    return token[:1].isupper() and token[1:].islower()


def _without_name(words: str, names: set[str]) -> str:
    """Up to the line that begins with a name of the author: what follows is a signature that says so in no other way."""
    lines = words.splitlines()
    for place, line in enumerate(lines):
        bare = _NOT_LETTERS.sub(" ", line).split()
        if place and bare and bare[0].lower() in names and not _BYE.match(" ".join(line.split())[:_LONGEST_BYE]):
            return "\n".join(lines[:place])
    return words
