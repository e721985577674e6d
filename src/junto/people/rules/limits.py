"""The numbers of sign-in, of proof and of bounces, and the few questions that they answer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from junto.people.models import Address

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

SCORE_UNTIL_STOP = 6
PROBES_AFTER = (timedelta(days=3), timedelta(days=8), timedelta(days=15))
PROBE_LASTS = timedelta(days=3)
# RFC 3463: no such mailbox; moved, and nobody knows where to. RFC 7505: the domain takes no mail.
GONE = frozenset({"5.1.1", "5.1.6", "5.1.10"})
POLICY = "5.7."


def tells_of_the_mailbox(*, status: str) -> bool:
    """False for a policy refusal (RFC 3463, X.7.X): the list's fault (DMARC, spam filters), never the member's."""
    return not status.startswith(POLICY)


def mailbox_is_gone(status: str) -> bool:
    """True for the statuses with which a server says that there is no such mailbox."""
    return status in GONE


def points_of(*, is_permanent: bool) -> int:
    """What a day with a failure counts."""
    return 2 if is_permanent else 1


def should_stop(*, status: str, score: int) -> bool:
    """Whether delivery ends at this score, the last failure having this status."""
    return mailbox_is_gone(status) or score >= SCORE_UNTIL_STOP


def is_due_for_probe(address: Address) -> bool:
    """Whether a stopped address is tried again today."""
    if address.stopped_at is None or address.probed_at is not None or address.probes >= len(PROBES_AFTER):
        return False
    return timezone.now() - address.stopped_at >= PROBES_AFTER[address.probes]
