from __future__ import annotations

import pytest

from junto.mail.automatic import is_automatic
from junto.mail.reading import ParsedMail


def mail(subject="How do you measure trust?", author="ben@epa.gov", **headers):
    named = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return ParsedMail(subject=subject, from_address=author, headers=named)


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated; x=y"},
        {"precedence": "bulk"},
        {"precedence": "Junk"},
        {"precedence": "auto_reply"},
        {"x_autoreply": "yes"},
        {"x_autorespond": "anything"},
        {"list_id": "<other.lists.example.org>"},
        {"content_type": "multipart/report; report-type=delivery-status"},
        {"subject": "Automatic reply: How do you measure trust?"},
        {"subject": "Automatische Antwort: Frage"},
        {"subject": "Réponse automatique : Question"},
        {"subject": "Respuesta automática: Pregunta"},
        {"subject": "Out of Office Re: trust"},
        {"subject": "Abwesenheitsnotiz: Urlaub"},
        {"subject": "自动回复: 问题"},
        {"subject": "Undeliverable: trust"},
        {"author": "MAILER-DAEMON@mx.example.com"},
    ],
)
def test_automatic_mail_is_told_with_a_reason(headers):
    assert is_automatic(mail(**headers), "ben@epa.gov")


def test_null_sender_is_automatic():
    assert is_automatic(mail(), "")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto_submitted": "no"},
        {"x_auto_response_suppress": "All"},
        {"precedence": "normal"},
        {"subject": "Re: Office of Management is out with a memo"},
        {"subject": "How do you write an out of office reply?"},
        {"subject": "Automatically generated reports: who uses them?"},
        {"subject": "Absenteeism in field offices"},
    ],
)
def test_what_people_write_is_not_automatic(headers):
    assert is_automatic(mail(**headers), "ben@epa.gov") == ""
