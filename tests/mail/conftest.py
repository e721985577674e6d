from __future__ import annotations

import pytest

from junto.mail import actions
from junto.mail.letter import Audience, Letter, slots
from tests.mail import routes
from tests.mail.sink import Sink


@pytest.fixture(autouse=True)
def plain_routes(settings):
    """The engine alone, without any room."""
    settings.MAIL_ROUTES = "tests.mail.routes"
    routes.BOUNCES.clear()
    routes.REFUSALS.clear()
    routes.COMPLAINTS.clear()
    routes.SEEN.clear()


@pytest.fixture
def relay(settings):
    """Starts a second mail server with a script, and makes it the relay."""
    started = []

    def start(script=None, **options) -> Sink:
        sink = Sink(script, **options)
        started.append(sink)
        settings.RELAY_URL = sink.url
        return sink

    yield start
    for sink in started:
        sink.close()


@pytest.fixture
def letter() -> Letter:
    return Letter(
        kind="tests.post",
        subject="How do you measure trust?",
        text=f"Hello {slots.ADDRESS}\n\n.a line with a dot\nLeave: https://x.gov/u/{slots.REF}/\n",
        html=f"<p>Hello {slots.ADDRESS}, <a href='https://x.gov/u/{slots.REF}/'>leave</a></p>",
        sender_name="Ada Alvarez (GSA) via CX-COP",
        sender="cx-cop@lists.example.gov",
        headers=(("List-Unsubscribe", f"<https://x.gov/u/{slots.REF}/>"),),
        scope="tests.membership",
    )


@pytest.fixture
def fan_out(letter):
    def send(count=0, letter=letter, **told):
        told = told if "addresses" in told else {"count": count, **told}
        return actions.fan_out(letter, audience=Audience("many", told), return_to="cx-cop")

    return send
