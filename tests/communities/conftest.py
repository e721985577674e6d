"""Letters that came in and went out, and the register that judges the cast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from junto.communities.models import Community
from junto.mail import actions as mail
from junto.mail import reading
from junto.mail.letter import Letter
from junto.mail.reading import ParsedMail
from junto.people.models import Agency, Domain, DomainRule, Level

LETTERS = Path(__file__).parent / "letters"


@dataclass
class Post:
    """What was sent: (to, letter), in order."""

    sent: list[tuple[str, Letter]] = field(default_factory=list)

    def to(self, email: str) -> list[Letter]:
        return [letter for to, letter in self.sent if to == email]

    def kinds(self) -> list[str]:
        return [letter.kind for _, letter in self.sent]

    def clear(self) -> None:
        self.sent.clear()


@pytest.fixture(autouse=True)
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Every letter that was handed to the mail engine."""
    box = Post()

    def take(letter: Letter, *, to: str, about: str = "") -> None:
        box.sent.append((to, letter))

    monkeypatch.setattr(mail, "post", take)
    return box


@pytest.fixture(autouse=True)
def register(db: None, gsa: Agency, epa: Agency) -> None:
    """The domains of the cast: two agencies, and a contractor."""
    for agency, name in ((gsa, "gsa.gov"), (epa, "epa.gov")):
        Domain.objects.create(name=name, agency=agency, level=Level.FEDERAL_EXECUTIVE)
    ny = Agency.objects.create(name="State of New York", key="state of new york", level=Level.STATE, state="NY")
    Domain.objects.create(name="ny.gov", agency=ny, level=Level.STATE, state="NY")
    DomainRule.objects.create(pattern="contractor.example.com", verdict="contractor", note="works for GSA")
    DomainRule.objects.create(pattern="spam.example.com", verdict="block", note="sells addresses")


@pytest.fixture
def incoming() -> Callable[..., Any]:
    """A letter as the router hands it to a door."""

    def make(
        *,
        text: str = "",
        subject: str = "",
        mail_from: str = "Cleo Chen <cleo@epa.gov>",
        raw: bytes = b"",
        sender: str | None = None,
        is_proven: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Any:
        parsed = read(raw or _raw(text, subject, mail_from, headers or {}))
        return SimpleNamespace(
            arrival_id=1,
            sender=parsed.from_address if sender is None else sender,
            mail=parsed,
            proof=SimpleNamespace(is_proven=is_proven, how="dkim", words=""),
        )

    return make


def read(raw: bytes) -> ParsedMail:
    """TEMPORARY."""
    if hasattr(reading, "read"):
        return reading.read(raw)
    import email
    import email.policy
    from email.utils import parseaddr

    from junto.kit.html import to_text

    m = email.message_from_bytes(raw, policy=email.policy.default)
    from email.header import decode_header, make_header

    old = email.message_from_bytes(raw)
    name, address = parseaddr(old["From"])
    name = str(make_header(decode_header(name)))
    plain, html = m.get_body(["plain"]), m.get_body(["html"])
    return ParsedMail(
        message_id=str(m["Message-ID"] or "").strip("<>"),
        references=[r.strip("<>") for r in str(m["References"] or "").split()],
        from_name=name,
        from_address=address.lower(),
        subject=str(m["Subject"] or ""),
        text=plain.get_content() if plain else to_text(html.get_content()) if html else "",
        headers={k.lower(): [str(v)] for k, v in old.items()},
    )


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """A letter that lies beside the tests."""
    return lambda name: (LETTERS / f"{name}.eml").read_bytes()


@pytest.fixture
def hidden(cop: Community) -> Community:
    cop.is_hidden = True
    cop.save()
    return cop


def _raw(text: str, subject: str, mail_from: str, headers: dict[str, str]) -> bytes:
    lines = [f"From: {mail_from}", f"Subject: {subject}", "Message-ID: <asked-1@epa.gov>"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\n".join([*lines, 'Content-Type: text/plain; charset="utf-8"', "", text]).encode()


__all__ = ["ParsedMail", "Post"]
