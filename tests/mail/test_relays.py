"""JUNTO_RELAY_URL, several relays, and domains that put mail off."""

from __future__ import annotations

import pytest

from junto.mail import delivery, queries
from junto.mail.domains import MOST_DEFERRALS
from junto.mail.models import Setback, Shard
from junto.mail.relay import Pool
from junto.mail.relays import BadRelay, Relay, parse
from tests.mail.sink import Sink
from tests.mail.test_delivery import carry, due_now


def test_setting_names_several_relays_with_options():
    one, two, three = parse(
        "smtp://mail.agency.gov, smtps://junto:p%2Cw@other.agency.gov?weight=3&name=other\n"
        "smtp://[::1]:2525?tls=required&verify=off&connections=2&cafile=/etc/ca.pem"
    )
    assert (one.host, one.port, one.weight, one.tls, one.is_verified) == ("mail.agency.gov", 25, 1, "auto", False)
    assert (two.port, two.weight, two.tls, two.is_verified, two.shown) == (465, 3, "implicit", True, "other")
    assert (two.user, two.password) == ("junto", "p,w")
    assert (three.host, three.port, three.tls, three.is_verified, three.connections) == (
        "::1",
        2525,
        "required",
        False,
        2,
    )
    assert three.is_loopback


def test_password_is_not_in_what_is_printed_of_a_relay():
    assert "s3cret" not in repr(Relay("mail.agency.gov", user="junto", password="s3cret"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mail.agency.gov:25",
        "http://mail.agency.gov",
        "smtp://",
        "smtp://u:s3cret/1@mail.agency.gov",
        "smtp://u:s3cret,more@mail.agency.gov",
        "smtp://u:1,s3cret,b@mail.agency.gov",
        "smtp://u:s3cret@mail.agency.gov:port",
        "smtp://u:s3cret@mail.agency.gov?weight=0",
        "smtp://u:s3cret@mail.agency.gov?tls=perhaps",
        "smtp://u:s3cret@mail.agency.gov?verify=maybe",
        "smtp://u:s3cret@mail.agency.gov?wieght=2",
        "smtp://u:s3cret@mail.agency.gov?connections=1000",
        "smtp://:s3cret@mail.agency.gov/path",
    ],
)
def test_setting_that_names_no_relay_is_refused_without_repeating_the_password(text):
    with pytest.raises(BadRelay) as refused:
        parse(text)
    assert "JUNTO_RELAY_URL" in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.fixture
def relays(settings, monkeypatch):
    """Starts relays with (script, options) and makes all of them the setting."""
    started = []
    monkeypatch.setattr("junto.mail.delivery.Pool", lambda relays: Pool(relays, patience=0.5))

    def start(*wanted):
        begun = [(Sink(script), options) for script, options in wanted]
        started.extend(sink for sink, _ in begun)
        settings.RELAY_URL = ", ".join(f"{sink.url}?{options}" for sink, options in begun)
        return [sink for sink, _ in begun]

    yield start
    for sink in started:
        sink.close()


def everybody(count):
    return {f"r{n}@agency{n % 7}.gov" for n in range(1, count + 1)}


@pytest.mark.django_db
def test_weights_share_out_the_connections(relays, fan_out):
    heavy, light = relays((None, "weight=4"), (None, "weight=1"))
    carry(fan_out(2000))
    assert (heavy.sessions, light.sessions) == (8, 2)
    assert set(heavy.recipients()) | set(light.recipients()) == everybody(2000)
    assert len(heavy.copies) + len(light.copies) == 2000
    assert heavy.copies
    assert light.copies


@pytest.mark.django_db
def test_relay_that_is_away_is_left_out_and_comes_back(relays, settings, fan_out):
    there, gone = relays((None, ""), (None, ""))
    gone.close()
    carry(fan_out(200))
    assert len(there.copies) == 200
    back = Sink(port=gone.port)
    carry(fan_out(2000))
    back.close()
    assert len(there.copies) + len(back.copies) == 2200
    assert back.copies


@pytest.mark.django_db
def test_relay_that_dies_half_way_hands_its_recipients_to_the_other(relays, fan_out):
    def dying(session, verb, argument):
        if verb == "DOT" and len(first.copies) >= 100:
            first.close()
            return "drop"
        return "drop" if len(first.copies) >= 100 else None

    first, second = relays((dying, ""), (None, ""))
    mailing = fan_out(3000)
    carry(mailing)
    assert set(first.recipients()) | set(second.recipients()) == everybody(3000)
    assert len(first.copies) + len(second.copies) == 3000
    assert queries.delivery_of(mailing.pk).state == "done"


@pytest.mark.django_db
def test_relay_that_refuses_every_sender_leaves_the_mail_to_the_other(relays, fan_out):
    no = lambda session, verb, argument: "550 5.7.1 not you" if verb == "MAIL" else None  # noqa: E731
    _, second = relays((no, "connections=2"), (None, ""))
    mailing = fan_out(1000)
    carry(mailing)
    due_now()
    while Setback.objects.due().exists():
        delivery.retry_setbacks(mailing.pk, seconds=5)
        due_now()
    assert set(second.recipients()) == everybody(1000)
    assert len(second.copies) == 1000


@pytest.mark.django_db
def test_mail_waits_only_when_every_relay_is_away(relays, fan_out):
    one, two = relays((None, "name=east"), (None, "name=west"))
    one.close()
    two.close()
    assert delivery.deliver(fan_out(10).pk, seconds=5) is False
    assert "does not answer" in Shard.objects.get().words


@pytest.mark.django_db
def test_domain_that_puts_mail_off_is_not_asked_for_each_of_its_members(relay, fan_out):
    asked = []

    def script(session, verb, argument):
        if verb == "RCPT" and "@agency3.gov" in argument:
            asked.append(argument)
            return "451 4.4.1 agency3.gov does not answer"
        return None

    sink = relay(script)
    mailing = fan_out(1400)
    carry(mailing)
    assert MOST_DEFERRALS <= len(asked) < 40
    assert len(sink.copies) == 1200
    deferred = Setback.objects.filter(kind="deferred")
    assert deferred.count() == 200
    assert set(deferred.values_list("words", flat=True)) == {"4.4.1 agency3.gov does not answer"}


@pytest.mark.django_db
def test_domain_that_put_mail_off_gets_all_of_it_once_it_is_back(relay, fan_out):
    is_down = [True]
    sink = relay(lambda session, verb, argument: "451 later" if is_down and "@agency3.gov" in argument else None)
    mailing = fan_out(140)
    carry(mailing)
    is_down.clear()
    due_now()
    delivery.retry_setbacks(mailing.pk, seconds=5)
    assert set(sink.recipients()) == everybody(140)
    assert len(sink.copies) == 140
    assert queries.delivery_of(mailing.pk).state == "done"


@pytest.mark.django_db
def test_one_success_opens_the_domain_again(relays, fan_out):
    asked = []

    def script(session, verb, argument):
        if verb == "RCPT":
            asked.append(1)
            return "451 slowly" if len(asked) % 3 else None
        return None

    relays((script, "connections=1"))
    carry(fan_out(addresses=[f"r{n}@epa.gov" for n in range(300)]))
    assert len(asked) == 300


@pytest.mark.django_db
def test_nobody_is_given_up_without_having_been_tried(relay, fan_out):
    """Greylisting: whoever is new is deferred once, and accepted the next time."""
    seen = set()

    def script(session, verb, argument):
        if verb == "RCPT" and argument not in seen:
            seen.add(argument)
            return "450 4.2.0 greylisted"
        return None

    sink = relay(script)
    mailing = fan_out(addresses=[f"r{n}@epa.gov" for n in range(400)])
    carry(mailing)
    for _ in range(6):
        due_now()
        delivery.retry_setbacks(mailing.pk, seconds=5)
    assert len(set(sink.recipients())) == len(sink.copies) == 400
