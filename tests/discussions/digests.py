"""What tests of digests share: posts that arrive at a given moment, and readers at a given hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from junto.communities.models import Community, Delivery, Membership
from junto.discussions import actions, inbound
from junto.discussions.models import Message
from junto.mail.models import Mailing
from junto.people.models import Person
from tests.discussions.conftest import Arrived


@dataclass
class Desk:
    """A list whose posts and digests a test writes and reads."""

    community: Community
    carried: object
    said: int = 0
    read: set[int] = field(default_factory=set)

    def say(
        self,
        at: datetime,
        *,
        subject: str = "How do you measure wait times?",
        text: str = "With a clock.\n",
        answers: Message | None = None,
        page: str = "",
        file: bytes = b"",
        sender: str = "Ben Brooks <ben@epa.gov>",
    ) -> Message:
        """A post that came at that moment."""
        self.said += 1
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender, self.community.list_address, subject
        letter["Date"], letter["Message-ID"] = format_datetime(at), f"<said-{self.said}@epa.gov>"
        if answers is not None:
            letter["In-Reply-To"] = f"<{answers.message_id}>"
        letter.set_content(text)
        if page:
            letter.add_alternative(page, subtype="html")
        if file:
            letter.add_attachment(file, maintype="application", subtype="pdf", filename="plan.pdf")
        address = letter["From"].addresses[0].addr_spec if hasattr(letter["From"], "addresses") else sender
        outcome = inbound.post(
            Arrived(letter.as_bytes(), received_at=at, sender=address), name=self.community.list_name
        )
        message = Message.objects.filter(community=self.community).latest("pk")
        assert message.message_id == f"said-{self.said}@epa.gov", outcome
        Mailing.objects.filter(pk=message.mailing_id).update(created_at=at)
        return message

    def strike(self, now: datetime) -> list:
        """Let the clock look at that moment; returns the copies of digests that it made."""
        actions.issue_digests(now=now, by=None)
        copies = [
            copy
            for kind in ("digest", "digest_plain", "digest_mime", "digest_index")
            for copy in self.carried(kind)
            if id(copy.raw) and (copy.recipient, copy.mail["Message-ID"]) not in self.read
        ]
        self.read |= {(copy.recipient, copy.mail["Message-ID"]) for copy in copies}
        return copies

    def to(self, now: datetime, address: str) -> list:
        return [copy for copy in self.strike(now) if copy.recipient == address]


def reads(person: Person, community: Community, delivery: str = Delivery.DAILY, **choices: object) -> Membership:
    """Let a member read by digest."""
    membership = Membership.objects.get(person=person, community=community)
    for name, value in {"delivery": delivery, **choices}.items():
        setattr(membership, name, value)
    membership.save()
    return membership
