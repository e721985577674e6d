"""Reads fields that several kinds of content share, and says what had to be mended."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.utils import timezone

from junto.kit.hugo import shortcodes
from junto.kit.hugo.front_matter import Content


def day_of(content: Content, name: str, repairs: list[str] | None = None) -> date | None:
    """The day of a field; None, and a word about it, where it is no date."""
    try:
        return content.day(name)
    except ValueError as error:
        if repairs is not None:
            repairs.append(f"{error}; it was left out")
        return None


def is_past(day: date | None) -> bool:
    return day is not None and day <= timezone.localdate()


def web_address(content: Content, name: str, repairs: list[str]) -> str:
    """An address on the web; paths lead to Digital.gov, and what is no address is left out."""
    address = content.text(name)
    if address.startswith("/"):
        address = shortcodes.SITE + address
    if address and (not address.startswith(("https://", "http://")) or len(address) > 500 or " " in address):
        repairs.append(f"{name} “{address[:60]}” is no web address; it was left out")
        return ""
    return address


def is_plain_name(text: str) -> bool:
    """Can this be the name of a folder beside others?"""
    return bool(text) and ".." not in text and not any(character in text for character in "*?[]\\\0")


def author_name(author: Content) -> str:
    return author.text("display_name") or f"{author.text('first_name')} {author.text('last_name')}".strip()


def author_agency(author: Content) -> str:
    return author.text("agency_full_name") or author.text("agency")


def digest_of(told: str) -> str:
    """Twenty characters that stand for what was taken from a file."""
    return sha256(told.encode()).hexdigest()[:20]
