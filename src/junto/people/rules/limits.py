"""The numbers of sign-in, of proof and of bounces, and the few questions that they answer."""

from __future__ import annotations

from datetime import timedelta

CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
PROOF_WARNING = timedelta(days=30)
PROOF_ASKED_EVERY = timedelta(days=14)
PROOF_ASKED_UNTIL = timedelta(days=90)
PROOF_LINK_LASTS = timedelta(days=30)
SLATE_IS_WIPED_AFTER = timedelta(days=60)

# Codes that one address, or one network address, may ask for: (within, at most). An agency may stand behind one
# network address, which is why that limit is wide.
CODES_PER_EMAIL = ((timedelta(minutes=15), 5), (timedelta(days=1), 20))
CODES_PER_NETWORK = ((timedelta(minutes=15), 60), (timedelta(days=1), 600))

DAYS_UNTIL_STOP = 3
# RFC 3463: no such mailbox; moved, and nobody knows where to. RFC 7505: the domain takes no mail.
GONE = frozenset({"5.1.1", "5.1.6", "5.1.10"})
POLICY = "5.7."


def tells_of_the_mailbox(*, is_permanent: bool, status: str) -> bool:
    """False for what says nothing about the mailbox: a temporary failure, or a policy refusal (RFC 3463, X.7.X).

    A policy refusal is the list's fault (DMARC, spam filters), never the member's.
    """
    return is_permanent and not status.startswith(POLICY)


def mailbox_is_gone(status: str) -> bool:
    """True for the statuses with which a server says that there is no such mailbox."""
    return status in GONE


def should_stop(*, status: str, days: int) -> bool:
    """Whether delivery ends after permanent failures on so many distinct days, the last with this status."""
    return mailbox_is_gone(status) or days >= DAYS_UNTIL_STOP
