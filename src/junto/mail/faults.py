"""Whose fault is a refusal? Codes of RFC 5321 and RFC 3463 and the words of servers, sorted into three kinds.

A refusal for policy (5.7.x, spam, DMARC, size) is about the letter or about us, and never counts against a member
(RFC 9989 names the lists that unsubscribed members for the DMARC policy of somebody else).
"""

from __future__ import annotations

import re

from junto.mail.models import BounceReport

Fault = BounceReport.Fault

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_ABOUT_THE_ADDRESS = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")
_ABOUT_THE_LETTER = ("5.7.", "5.6.", "5.3.4", "5.2.3", "5.1.7", "5.1.8", "5.1.9", "5.4.6")
_POLICY_WORDS = re.compile(
    r"\bspam|frequency limited|domain of sender|protocol violation|dmarc|\bspf\b|\bdkim\b|\bdnsbl|\brbl\b|blacklist|blocklist|block(ed)? (by|using|list)|spamhaus|reputation"
    r"|polic(y|ies)|unauthenticated|not authorized|content reject|message too (big|large)|size limit|too large"
    r"|exceeds.{0,20}size|virus|malware|relay(ing)? (access )?denied|unable to relay|reverse dns|\bptr\b|sender (address )?rejected"
    r"|sender denied|access denied|bulk mail|unsolicited|too many (connections|recipients|messages)|rate limit|greylist",
    re.IGNORECASE,
)
_FULL_WORDS = re.compile(
    r"mailbox (is )?full|mailbox.{0,20}exceed|over ?quota|quota exceeded|exceeded.{0,20}quota|insufficient.{0,20}(space|storage)"
    r"|disk full|out of storage",
    re.IGNORECASE,
)
_UNKNOWN_WORDS = re.compile(
    r"user unknown|unknown (e-?mail |mail)?(user|recipient|address|local)|no such (a )?(local )?(user|recipient|mailbox|address|person)|does(n.t| not) exist"
    r"|mailbox (unavailable|not found|unknown)|invalid (recipient|mailbox|address|user)|recipient (not found|unknown)"
    r"|(user|account|address) (not found|disabled|is disabled)|host (or domain name )?not found|domain not found"
    r"|not a valid (mailbox|user|recipient)|no mailbox here|unrouteable|account.{0,20}(disabled|inactive|closed)|undeliverable address"
    r"|not listed in|doesn.t have an? .{0,30}account|no mx (record )?found|domain is not reachable|recipient address rejected: access denied|invalid final delivery userid|no longer (available|valid|in use)|is (disabled|inactive)|nosuchuser|no such domain|unknown host|host unknown|name service error.{0,80}not found|not known here|isn.t (known|listed)|not our customer",
    re.IGNORECASE,
)


def status_in(words: str) -> str:
    """The enhanced status code (RFC 3463) in a server's words, or an empty text."""
    found = _STATUS.search(words)
    return found[1] if found else ""


def of(code: int, status: str, words: str) -> Fault:
    """Whose fault a refusal is. `code` is the reply code, 0 where none is known; `status` the enhanced one, or empty.

    Where nothing tells that the address is wrong, the failure counts as temporary: a member too many on the list costs
    less than a member lost.
    """
    if status.startswith("4") or (400 <= code < 500 and not status.startswith("5")):
        return Fault.TEMPORARY
    if _FULL_WORDS.search(words) or status == "5.2.2":
        return Fault.TEMPORARY
    if status.startswith(_ABOUT_THE_LETTER):
        return Fault.POLICY
    is_unknown = _UNKNOWN_WORDS.search(words) is not None
    if _POLICY_WORDS.search(words) and not is_unknown:
        return Fault.POLICY
    if is_unknown or status in _ABOUT_THE_ADDRESS:
        return Fault.PERMANENT
    return Fault.POLICY if status.startswith("5.5.") else Fault.TEMPORARY
