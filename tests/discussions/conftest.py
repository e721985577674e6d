"""Letters that arrive, and the copies that leave."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import pytest

from junto.discussions import inbound
from junto.mail import delivery, reading, store
from junto.mail.models import Mailing, OutboxCopy
from junto.mail.seals import Seal
from junto.people.models import Address, Domain, Person

LETTERS = Path(__file__).parent / "letters"
NOON = datetime(2026, 11, 3, 20, 0, tzinfo=UTC)


@dataclass
class Arrived:
    """What the router hands to a door."""

    raw: bytes
    sender: str = "ben@epa.gov"
    recipient: str = "cx-cop@lists.example.gov"
    is_proven: bool = True
    arrival_id: int = 1
    received_at: datetime = NOON
    peer: str = "192.0.2.10"
    seal: Seal | None = None
    raw_key: str = field(init=False)

    def __post_init__(self) -> None:
        self.raw_key = store.put(self.raw)

    @cached_property
    def mail(self) -> reading.ParsedMail:
        return reading.read(self.raw)

    @property
    def proof(self) -> SimpleNamespace:
        return SimpleNamespace(is_proven=self.is_proven, how="dkim" if self.is_proven else "", words="")


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.MAIL_ROUTES = "tests.discussions.mail_routes"


@pytest.fixture(autouse=True)
def _registered(db, epa, gsa):
    Domain.objects.create(name="epa.gov", agency=epa, level=epa.level)
    Domain.objects.create(name="gsa.gov", agency=gsa, level=gsa.level)


@pytest.fixture
def letter():
    """The bytes of a sample letter, with words in it replaced."""

    def read(name: str, **replaced: str) -> bytes:
        text = (LETTERS / f"{name}.eml").read_bytes()
        for old, new in replaced.items():
            text = text.replace(f"%{old}%".encode(), new.encode())
        return text

    return read


@pytest.fixture
def send(letter):
    """Let a sample letter arrive at the list; returns what the door says."""

    def arrive(name: str, *, change=lambda raw: raw, **how):
        raw = change(letter(name))
        how.setdefault("sender", reading.read(raw).from_address)
        return inbound.post(Arrived(raw, **how), name="cx-cop")

    return arrive


@dataclass
class Copy:
    recipient: str
    return_path: str
    raw: bytes

    @cached_property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def words(self) -> str:
        body = self.mail.get_body(("plain",))
        return body.get_content() if body else ""


@pytest.fixture
def carried():
    """Carry everything that is on its way; returns the copies of one kind, as the outbox has them."""

    def carry(kind: str) -> list[Copy]:
        for pk in Mailing.objects.filter(state=Mailing.State.ON_ITS_WAY).values_list("pk", flat=True):
            delivery.deliver(pk, seconds=5)
        copies = OutboxCopy.objects.filter(mailing__kind=f"discussions.{kind}").order_by("pk")
        return [Copy(c.recipient, c.return_path, bytes(c.content)) for c in copies]

    return carry


@pytest.fixture
def address_of():
    def of(person: Person) -> Address:
        return person.addresses.get(email=person.email)

    return of
