"""What SET, HOLD, QUERY and the words of Mailman change, and what is answered, through the real router."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities.models import Confirmation, Delivery, DigestForm, Membership, State
from junto.mail import authentication, router, store
from junto.mail.models import Arrival


@pytest.fixture
def write(cop, monkeypatch, post):
    """Send a letter to an address of ours through the router; the answers that the writer got, as text."""

    def send(
        text,
        to="listserv",
        sender="ben@epa.gov",
        is_proven=True,
        subject="",
        kind='text/plain; charset="utf-8"',
    ):
        proof = SimpleNamespace(is_proven=is_proven, how="dkim", words="")
        monkeypatch.setattr(authentication, "prove", lambda *_, **__: proof)
        raw = f"From: {sender}\nSubject: {subject}\nMessage-ID: <1@epa.gov>\nContent-Type: {kind}\n\n{text}".encode()
        arrival = Arrival.objects.create(
            sender=sender, recipient=f"{to}@lists.example.gov", raw_key=store.put(raw), size=len(raw)
        )
        post.clear()
        router.handle(arrival.pk)
        arrival.refresh_from_db()
        assert arrival.state == Arrival.State.DONE, arrival.words
        return "\n".join(f"{letter.subject}\n{letter.text}" for letter in post.to(sender))

    return send


@pytest.fixture
def mine(ada, ben, cop):
    return lambda: Membership.objects.get(person=ben, community=cop)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("SET cx-cop WEEKLY PLAIN", {"delivery": Delivery.WEEKLY, "digest_form": DigestForm.PLAIN}),
        ("SET cx-cop INDEX", {"delivery": Delivery.DAILY, "digest_form": DigestForm.INDEX}),
        ("SET cx-cop DIGEST MIME", {"delivery": Delivery.DAILY, "digest_form": DigestForm.MIME}),
        ("SET cx-cop DIGEST NOHTML NOREPRO ACK", {"digest_form": DigestForm.PLAIN, "wants_receipt": True}),
        ("Set CX-COP digest, conceal, noack.", {"delivery": Delivery.DAILY, "is_concealed": True}),
        ("set cx-cop monday hour 15", {"delivery": Delivery.WEEKLY, "digest_weekday": 0, "digest_hour": 15}),
        ("set cx–cop msgack", {"wants_receipt": True}),
        ("set delivery off", {"delivery": Delivery.NONE}),
        ("set digest plain", {"delivery": Delivery.DAILY, "digest_form": DigestForm.PLAIN}),
        ("set digest off", {"delivery": Delivery.EACH}),
        ("set ack on", {"wants_receipt": True}),
        ("set hide on", {"is_concealed": True}),
        ("set myposts off", {"wants_own_posts": False}),
        ("SET * NOMAIL", {"delivery": Delivery.NONE}),
    ],
)
def test_set_changes_what_it_names_and_says_so(write, mine, line, changed):
    answer = write(line)
    membership = mine()
    assert {name: getattr(membership, name) for name in changed} == changed
    assert "Done." in answer
    assert "/delivery/" in answer
    assert Entry.objects.filter(fact="communities.member.delivery_set", about_id=str(membership.pk)).exists()


def test_index_keeps_a_weekly_digest_weekly(write, mine):
    write("SET cx-cop WEEKLY")
    write("SET cx-cop INDEX")
    assert (mine().delivery, mine().digest_form) == (Delivery.WEEKLY, DigestForm.INDEX)


def test_set_star_changes_every_list_and_a_bare_set_asks_which(write, mine, ben, other):
    enroll(ben, other)
    assert "Say which" in write("set weekly")
    assert mine().delivery == Delivery.EACH
    write("SET * WEEKLY")
    assert set(Membership.objects.filter(person=ben).values_list("delivery", flat=True)) == {Delivery.WEEKLY}


def test_passwords_and_options_without_meaning_are_answered_kindly(write, mine):
    answer = write("set authenticate secret\nset reminders off\npassword secret\nset digest mime pw=secret")
    assert "No password is needed" in answer
    assert "no passwords" in answer
    assert mine().digest_form == DigestForm.MIME


def test_what_is_known_is_done_and_what_is_not_is_named(write, mine):
    answer = write("SET cx-cop DIGEST FULLHDR SHORTHDR")
    assert mine().delivery == Delivery.DAILY
    assert "“FULLHDR”, “SHORTHDR” are not options here" in answer


def _next_christmas_eve():
    today = timezone.localdate(timezone=ZoneInfo("America/New_York"))
    return (
        today.replace(month=12, day=24)
        if (today.month, today.day) < (12, 24)
        else today.replace(year=today.year + 1, month=12, day=24)
    )


@pytest.mark.parametrize(
    "line",
    [
        "SET cx-cop NOMAIL UNTIL {iso}",
        "SET cx-cop HOLD {iso}",
        "SET cx-cop HOLD UNTIL 24 December",
        "SET cx-cop HOLD UNTIL December 24th, {year}",
        "HOLD cx-cop until Dec 24",
        "pause 12/24/{year}",
        "HOLD * {iso}",
        "set cx-cop hold 24-Dec-{year}",
    ],
)
def test_a_hold_ends_on_the_morning_of_its_day_in_the_members_time_zone(write, mine, ben, line):
    ben.time_zone = "America/Chicago"
    ben.save()
    day = _next_christmas_eve()
    answer = write(line.format(iso=day.isoformat(), year=day.year))
    assert mine().paused_until == datetime(day.year, 12, 24, tzinfo=ZoneInfo("America/Chicago"))
    assert mine().delivery == Delivery.EACH, "how mail comes is kept for afterwards"
    assert f"paused until December 24, {day.year}" in answer
    assert not Membership.objects.filter(pk=mine().pk).reachable().exists()


@pytest.mark.parametrize("line", ["SET cx-cop HOLD OFF", "RESUME cx-cop", "SET cx-cop MAIL", "resume"])
def test_a_hold_can_be_ended_before(write, mine, line):
    write("HOLD cx-cop 2 weeks")
    assert mine().paused_until
    write(line)
    assert mine().paused_until is None
    assert Entry.objects.filter(fact="communities.member.resumed").exists()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("HOLD cx-cop 2001-01-01", "not in the future"),
        ("HOLD cx-cop 2099-01-01", "more than a year away"),
        ("SET cx-cop NOMAIL UNTIL doomsday", "no day was understood"),
        ("HOLD cx-cop", "no day was understood"),
        ("HOLD cx-cop 2026-02-31", "no day was understood"),
    ],
)
def test_a_hold_without_a_good_day_changes_nothing(write, mine, line, why):
    assert why in write(line)
    assert mine().paused_until is None
    assert mine().delivery == Delivery.EACH


def test_an_unproven_sender_changes_nothing_and_gets_the_link(write, mine):
    answer = write("HOLD cx-cop 2 weeks\nSET * CONCEAL\nSIGNOFF *", is_proven=False)
    assert mine().paused_until is None
    assert not mine().is_concealed
    assert mine().is_active()
    assert "/delivery/" in answer
    assert "/unsubscribe/" in answer


def test_query_tells_everything_that_is_set(write, mine):
    write("SET cx-cop WEEKLY PLAIN TUESDAY HOUR 16 NOREPRO ACK CONCEAL")
    write("HOLD cx-cop 1 week")
    for line in ("QUERY cx-cop", "QUERY *", "WHICH", "set show", "q"):
        answer = write(line)
        assert "a digest every week, on Tuesday at 4 pm (America/New_York), as plain text" in answer
        assert "paused until" in answer
        assert "not sent back to you" in answer
        assert "you get a receipt" in answer
        assert "does not name you" in answer


def test_mail_after_a_complaint_comes_again_when_the_member_asks_for_it(write, mine):
    Membership.objects.update(complained_at=timezone.now() - timedelta(days=1))
    assert "reported as spam" in write("QUERY cx-cop")
    write("SET cx-cop MAIL")
    assert mine().complained_at is None


def test_the_addresses_of_a_list_speak_for_it(write, mine, ben):
    assert "People who improve service" in write("", to="cx-cop-info")
    assert "SIGNOFF list" in write("", to="cx-cop-help")
    write("set weekly conceal", to="cx-cop-request")
    assert (mine().delivery, mine().is_concealed) == (Delivery.WEEKLY, True)
    write("set each", to="owner-cx-cop")
    assert mine().delivery == Delivery.EACH
    write("", to="cx-cop-leave")
    assert mine().state == State.LEFT
    write("", to="cx-cop-digest")
    assert Confirmation.objects.get().delivery == Delivery.DAILY


def test_a_mangled_confirmation_address_still_takes_the_ok_by_the_code_in_its_subject(write, ada, cleo, post):
    write("subscribe cx-cop", sender="cleo@epa.gov")
    subject = post.sent[0][1].subject
    write("OK", to="cx-cop-confirm", subject=f"RE: {subject}", sender="cleo@epa.gov")
    assert Membership.objects.get(person=cleo).is_active()


def test_who_joins_with_a_digest_begins_with_a_digest(write, ada, cleo, post):
    write("subscribe cx-cop Cleo Chen WITH WEEKLY", sender="cleo@epa.gov")
    asked = Confirmation.objects.get()
    assert asked.name == "Cleo Chen"
    write("OK", to=post.sent[0][1].reply_to.partition("@")[0], sender="cleo@epa.gov")
    assert Membership.objects.get(person=cleo).delivery == Delivery.WEEKLY
