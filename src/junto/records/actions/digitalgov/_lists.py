"""What a content file says of mailing lists: their names, and who may join."""

from __future__ import annotations

import re
from dataclasses import dataclass

from junto.communities.models import Policy
from junto.kit.hugo.front_matter import Content

RESERVED = frozenset({"listserv", "junto", "postmaster", "mailer-daemon", "abuse", "noreply", "no-reply", "root", "b"})
_BY_ADDRESS = re.compile(r"^([a-z0-9][a-z0-9._+-]*?)(?:-subscribe)?-request@", re.IGNORECASE)
_BY_COMMAND = re.compile(r"^\s*(?:sub|subscribe|join)\s+([a-z0-9][a-z0-9._+-]*)", re.IGNORECASE)
_GOVERNMENT_ADDRESS = re.compile(r"\.(?:gov|mil)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailingList:
    """One list of a community: its name in lower case ("" where none could be read), policy and terms."""

    name: str
    policy: str
    terms: str
    contact: str
    problems: tuple[str, ...]


def lists_of(content: Content) -> list[MailingList]:
    """The LISTSERV lists in the front matter, in order, and problems of those that are no list."""
    return [_list(group) for group in content.mappings("community_list") if _is_list(group)]


def other_platforms(content: Content) -> list[str]:
    """Platforms that are no mailing list: slack."""
    groups = content.mappings("community_list")
    return [group.get("platform", "unnamed") for group in groups if not _is_list(group)]


def policy_of(kind: str, terms: str) -> Policy:
    """Who may join, by the words of the terms, or else by the type of the list. Government where nothing is said."""
    words = terms.lower()
    if "federal" in words and "only" in words:
        return Policy.FEDERAL
    if _GOVERNMENT_ADDRESS.search(words):
        return Policy.GOVERNMENT
    if "anyone" in words or "public" in words:
        return Policy.OPEN
    if not words and kind.strip().lower() == "public":
        return Policy.OPEN
    return Policy.GOVERNMENT


def _is_list(group: dict[str, str]) -> bool:
    return group.get("platform", "listserv").lower() == "listserv"


def _list(group: dict[str, str]) -> MailingList:
    address = group.get("subscribe_email", "").strip()
    name = _name(address, group.get("subscribe_email_body", ""))
    problems = []
    if not name:
        problems.append(f"“{address}” names no list")
    members = group.get("members", "")
    if members and not members.isdigit() and members.lower() != "null":
        problems.append(f"members is “{members}”, no plain number; it is not needed, as Junto counts members itself")
    terms = group.get("terms", "")
    contact = address if not name and "@" in address and not address.lower().startswith("listserv@") else ""
    return MailingList(name, policy_of(group.get("type", ""), terms), terms, contact, tuple(problems))


def _name(address: str, body: str) -> str:
    found = _BY_COMMAND.match(body) if address.lower().startswith("listserv@") else _BY_ADDRESS.match(address)
    name = found[1].lower() if found else ""
    return "" if name in RESERVED or len(name) > 64 else name
