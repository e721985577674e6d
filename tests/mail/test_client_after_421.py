"""What a relay says behind a 421 answers nothing: the session is over, and nobody counts as told."""

from __future__ import annotations

import pytest

from junto.mail import delivery

pytestmark = pytest.mark.django_db


def test_reply_behind_a_421_is_no_answer(relay, fan_out):
    said = []

    def script(session, verb, argument):
        if verb == "DOT" and not said:
            said.append(session.recipients[0])
            session.recipients.clear()
            return "421 4.3.2 going down\r\n250 2.0.0 nothing was kept"
        return None

    sink = relay(script)
    mailing = fan_out(20)
    while delivery.deliver(mailing.pk, seconds=10):
        continue
    assert said[0] in sink.recipients()
