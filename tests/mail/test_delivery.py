from __future__ import annotations

import email
from email import policy

import pytest

from junto.kit import tokens
from junto.mail import delivery, queries, verp
from junto.mail.models import Mailing, Setback, Shard
from junto.mail.relay import Pool
from tests.mail import routes

pytestmark = pytest.mark.django_db


def carry(mailing):
    while delivery.deliver(mailing.pk, seconds=30):
        continue


def test_thousand_recipients_each_get_one_copy_of_their_own(relay, fan_out):
    sink = relay()
    mailing = fan_out(1000)
    carry(mailing)
    assert sorted(sink.recipients()) == sorted(f"r{n}@agency{n % 7}.gov" for n in range(1, 1001))
    assert len({copy.sender for copy in sink.copies}) == 1000
    for copy in sink.copies:
        number = int(copy.recipient[1:].partition("@")[0])
        assert verp.read(copy.sender.partition("@")[0]) == verp.Way("cx-cop", mailing.pk, number)
        ref = tokens.sign("tests.membership", number)
        read = email.message_from_bytes(copy.content, policy=policy.default)
        assert read["To"] == copy.recipient
        assert read["List-Unsubscribe"] == f"<https://x.gov/u/{ref}/>"
        text = read.get_body(("plain",)).get_content()
        assert text.splitlines()[0] == f"Hello {copy.recipient}"
        assert ".a line with a dot" in text.splitlines()
        assert text.splitlines()[3] == f"Leave: https://x.gov/u/{ref}/"
        assert f"https://x.gov/u/{ref}/" in read.get_body(("html",)).get_content()
    told = queries.delivery_of(mailing.pk)
    assert (told.total, told.accepted, told.deferred, told.refused, told.skipped) == (1000, 1000, 0, 0, 0)
    assert told.state == Mailing.State.DONE
    assert told.first_at
    assert told.done_at
    assert sink.sessions == 8


def test_refused_and_deferred_are_written_down_with_the_servers_words_and_the_rest_is_delivered(relay, fan_out):
    def script(session, verb, argument):
        if verb == "RCPT" and "<r3@" in argument:
            return "550 5.1.1 no such user here"
        if verb == "RCPT" and "<r5@" in argument:
            return "451 4.7.1 greylisted, come back"
        if verb == "RCPT" and "<r7@" in argument:
            return "550 5.7.1 blocked by policy"
        return None

    sink = relay(script)
    mailing = fan_out(40)
    carry(mailing)
    assert len(sink.copies) == 37
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.deferred, told.refused) == (37, 1, 2)
    assert told.state == Mailing.State.ON_ITS_WAY
    assert ("refused", "5.1.1 no such user here", 1) in told.words
    assert ("deferred", "4.7.1 greylisted, come back", 1) in told.words
    assert [(b["email"], b["is_permanent"]) for b in routes.BOUNCES] == [("r3@agency3.gov", True)]
    assert [(r["told"], r["words"]) for r in routes.REFUSALS] == [(mailing.told, "5.7.1 blocked by policy")]


def due_now():
    Setback.objects.filter(settled_at=None).update(next_try_at="2020-01-01T00:00:00Z")


def test_deferred_recipient_is_tried_again_until_accepted(relay, fan_out):
    tries = []

    def script(session, verb, argument):
        if verb == "RCPT" and "<r5@" in argument:
            tries.append(1)
            return "451 4.2.0 later" if len(tries) < 3 else None
        return None

    sink = relay(script)
    mailing = fan_out(10)
    carry(mailing)
    for _ in range(3):
        due_now()
        delivery.retry_setbacks(mailing.pk, seconds=5)
    assert sorted(sink.recipients()) == sorted(f"r{n}@agency{n % 7}.gov" for n in range(1, 11))
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.deferred, told.refused, told.state) == (10, 0, 0, "done")


def test_deferred_recipient_is_given_up_after_five_days(relay, fan_out):
    relay(lambda session, verb, argument: "451 later" if "<r5@" in argument else None)
    mailing = fan_out(10)
    carry(mailing)
    Setback.objects.update(first_at="2020-01-01T00:00:00Z")
    due_now()
    delivery.retry_setbacks(mailing.pk, seconds=5)
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.refused, told.state) == (9, 1, "done")


@pytest.mark.parametrize("features", [("PIPELINING", "8BITMIME"), ("8BITMIME",), ()])
@pytest.mark.parametrize("state", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_connection_that_drops_in_any_state_loses_nobody(relay, fan_out, features, state):
    dropped = []

    def script(session, verb, argument):
        if verb == state and len(dropped) < 6 and (session.number % 2 or state in ("MAIL", "RCPT", "DATA")):
            dropped.append(verb)
            return "drop"
        return None

    sink = relay(script, features=features)
    mailing = fan_out(200)
    carry(mailing)
    due_now()
    delivery.retry_setbacks(mailing.pk, seconds=5)
    assert dropped
    assert set(sink.recipients()) == {f"r{n}@agency{n % 7}.gov" for n in range(1, 201)}
    assert len(sink.copies) == 200
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.state) == (200, "done")


def test_copy_kept_by_a_server_that_then_drops_is_at_most_sent_again(relay, fan_out):
    dropped = []

    def script(session, verb, argument):
        if verb == "DOT" and len(dropped) < 4:
            dropped.append(1)
            return "drop after keeping"
        return None

    sink = relay(script)
    mailing = fan_out(300)
    carry(mailing)
    assert set(sink.recipients()) == {f"r{n}@agency{n % 7}.gov" for n in range(1, 301)}
    assert len(sink.copies) <= 304


@pytest.mark.parametrize("features", [("PIPELINING",), ()])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("code", [452, 554])
def test_refusal_in_any_state_is_matched_to_its_recipient(relay, fan_out, features, verb, code):
    def script(session, said, argument):
        if said in ("MAIL", "RCPT"):
            return f"{code} not this one" if said == verb and argument.find(wanted[said]) >= 0 else None
        return f"{code} not this one" if said == verb and session.recipients == ["r9@agency2.gov"] else None

    sink = relay(script, features=features)
    mailing = fan_out(60)
    wanted = {"MAIL": verp.ReturnPath(mailing.pk, "cx-cop").of(9), "RCPT": "<r9@"}
    carry(mailing)
    setback = Setback.objects.get()
    assert (setback.key, setback.address, setback.words) == (9, "r9@agency2.gov", "not this one")
    assert setback.kind == ("refused" if code == 554 and verb != "MAIL" else "deferred")
    assert set(sink.recipients()) == {f"r{n}@agency{n % 7}.gov" for n in range(1, 61) if n != 9}
    assert len(sink.copies) == 59


def test_relay_that_takes_data_after_refusing_the_recipient_gets_an_empty_message(relay, fan_out):
    def script(session, verb, argument):
        if verb == "RCPT" and "<r2@" in argument:
            return "550 5.1.1 unknown"
        if verb == "DATA":
            return "354 anyway"
        return None

    sink = relay(script)
    mailing = fan_out(20)
    carry(mailing)
    assert len(sink.copies) == 19
    assert queries.delivery_of(mailing.pk).refused == 1


def test_relay_that_is_away_costs_nothing_but_time(settings, relay, fan_out, monkeypatch):
    settings.RELAY_URL = "smtp://127.0.0.1:1"
    monkeypatch.setattr("junto.mail.delivery.Pool", impatient)
    mailing = fan_out(50)
    assert delivery.deliver(mailing.pk, seconds=5) is False
    shard = Shard.objects.get()
    assert shard.leased_by == ""
    assert "does not answer" in shard.words
    sink = relay()
    Shard.objects.update(lease_until="2020-01-01T00:00:00Z")
    carry(mailing)
    assert len(sink.copies) == 50


def impatient(relays):
    return Pool(relays, patience=0.3, silence=1.0)


def test_relay_that_refuses_every_sender_is_left_alone_instead_of_filling_the_table(relay, fan_out):
    relay(lambda session, verb, argument: "550 5.7.1 you are not allowed" if verb == "MAIL" else None)
    mailing = fan_out(3000)
    delivery.deliver(mailing.pk, seconds=5)
    assert Setback.objects.count() < 100
    assert "not allowed" in Shard.objects.get().words


def test_silent_relay_is_cut_off_and_tried_again(relay, fan_out, monkeypatch):
    import time

    hung = []

    def script(session, verb, argument):
        if verb == "DOT" and not hung:
            hung.append(1)
            time.sleep(3)
            return "drop"
        return None

    monkeypatch.setattr("junto.mail.delivery.Pool", impatient)
    sink = relay(script)
    mailing = fan_out(100)
    carry(mailing)
    assert set(sink.recipients()) == {f"r{n}@agency{n % 7}.gov" for n in range(1, 101)}


def test_only_one_worker_gets_a_shard(fan_out):
    mailing = fan_out(10)
    assert delivery.lease(mailing.pk, "one")
    assert delivery.lease(mailing.pk, "two") is None


def test_worker_whose_lease_was_taken_stops_without_writing(relay, fan_out, monkeypatch):
    relay()
    mailing = fan_out(10)
    shard = delivery.lease(mailing.pk, "one")
    Shard.objects.update(leased_by="two")
    carries = delivery.carrier()
    assert delivery.ShardRun(shard, carries, "one").run(float("inf")) is False
    carries.close()
    assert Shard.objects.get().accepted == 0


def test_what_is_no_address_is_skipped_and_smuggles_nothing_in(relay, fan_out):
    sink = relay()
    mailing = fan_out(addresses=["ben@epa.gov", "x>\r\nRCPT TO:<eve@example.com", "no address", "cleo@epa.gov"])
    carry(mailing)
    assert sorted(sink.recipients()) == ["ben@epa.gov", "cleo@epa.gov"]
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.skipped, told.state) == (2, 2, "done")


def test_address_outside_ascii_goes_only_to_a_relay_that_takes_it(relay, fan_out):
    sink = relay()
    carry(fan_out(addresses=["jörg@bücher.example", "ben@epa.gov"]))
    assert len(sink.copies) == 2
    assert "SMTPUTF8" in next(c for c in sink.copies if "jörg" in c.recipient).mail_command
    sink = relay(features=("PIPELINING",))
    mailing = fan_out(addresses=["jörg@bücher.example", "ben@epa.gov"])
    carry(mailing)
    assert sink.recipients() == ["ben@epa.gov"]
    assert queries.delivery_of(mailing.pk).refused == 1


def test_mailing_to_nobody_is_done_at_once(fan_out):
    assert fan_out(0).state == Mailing.State.DONE


def test_large_audience_is_cut_into_shards_and_counted_exactly(relay, fan_out, monkeypatch):
    monkeypatch.setattr("junto.mail.actions.SHARD_SIZE", 300)
    sink = relay()
    mailing = fan_out(count=1000, step=3)
    assert Shard.objects.count() == 4
    carry(mailing)
    assert len(set(sink.recipients())) == len(sink.copies) == 1000
    told = queries.delivery_of(mailing.pk)
    assert (told.accepted, told.state) == (1000, "done")
