"""Commands as they really arrive: gateways, mail programs, telephones, slips of the pen."""

from datetime import date, timedelta

import pytest

from junto.communities import inbound
from junto.communities.inbound import dates, reading
from junto.communities.inbound.commands import COMMANDS
from junto.communities.models import Confirmation, Membership, State

TODAY = date(2026, 11, 23)  # a Monday


def _read(text, subject=""):
    return reading.read(subject, text, COMMANDS)


def _lines(text, subject=""):
    return [(one.verb, *one.words) for one in _read(text, subject).commands]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("\n\n\xa0\nquery *\n", [("QUERY", "*")]),
        ("CAUTION: This email originated from outside of the organization.\n\nquery *", [("QUERY", "*")]),
        ("[EXTERNAL]\nquery *", [("QUERY", "*")]),
        ("You don’t often get email from ben@epa.gov. Learn why this is important\nhelp", [("HELP",)]),
        ("EXTERNAL EMAIL\n\nhelp\n\nGet Outlook for iOS\nsignoff *", [("HELP",)]),
        ("help\n\nThanks,\nBen Brooks\nEPA", [("HELP",)]),
        ("help\nThank you!\nBen Brooks", [("HELP",)]),
        ("help\n\nCONFIDENTIALITY NOTICE: this is for you\nsignoff *", [("HELP",)]),
        ("help\n\nThis message is intended only for the addressee\nsignoff *", [("HELP",)]),
        ("help\n\nSent from Mail for Windows\nsignoff *", [("HELP",)]),
        ("help\n\nOn Mon, Nov 2, 2026 at 9:00 AM Ada <ada@gsa.gov> wrote:\nsignoff *", [("HELP",)]),
        ("help\n\nFrom: Ada\nSent: Monday\nsignoff *", [("HELP",)]),
        ("> signoff *\nhelp", []),
        ("“Set cx‑cop digest.”", [("SET", "cx-cop", "digest.")]),
        ("- signoff cx-cop\n• query *", [("SIGNOFF", "cx-cop"), ("QUERY", "*")]),
        ("Please unsubscribe me from cx-cop", [("UNSUBSCRIBE", "me", "from", "cx-cop")]),
        ("I would like to unsubscribe", [("UNSUBSCRIBE",)]),
        ("Remove me from cx-cop", [("SIGNOFF", "from", "cx-cop")]),
        ("Sign off cx-cop", [("SIGNOFF", "cx-cop")]),
        ("un-subscribe cx-cop", [("UNSUBSCRIBE", "cx-cop")]),
        ("SIGNOFF * (NETWIDE)", [("SIGNOFF", "*", "NETWIDE")]),
        ("help\nEND\nsignoff *", [("HELP",)]),
    ],
)
def test_commands_are_found_among_what_mail_programs_add(text, lines):
    assert _lines(text) == lines


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("unsuscribe cx-cop", "UNSUBSCRIBE"),
        ("SUSCRIBE cx-cop", "SUBSCRIBE"),
        ("help\n\nSINGOFF cx-cop", "SIGNOFF"),
        ("Hello,", ""),
        ("What is this?", ""),
    ],
)
def test_a_slip_of_the_pen_gets_the_nearest_command(text, verb):
    found = _read(text)
    assert found.suggestion == verb
    assert found.misunderstood


def test_the_answer_names_the_nearest_command(cop, incoming, post):
    inbound.listserv(incoming(text="unsuscribe cx-cop"))
    assert "Did you mean UNSUBSCRIBE?" in post.to("cleo@epa.gov")[0].text


def test_more_than_twenty_commands_are_cut_and_said_to_be(cop, incoming, post):
    inbound.listserv(incoming(text="\n".join(f"query list-{n}" for n in range(30))))
    text = post.to("cleo@epa.gov")[0].text
    assert "list-19" in text
    assert "list-20" not in text
    assert "One letter may hold 20 commands" in text


def test_a_polite_sentence_leaves_the_only_list_there_can_be(cop, ada, ben, incoming, post):
    inbound.listserv(incoming(text="Please unsubscribe me.", mail_from="ben@epa.gov", is_proven=True))
    assert Membership.objects.get(person=ben).state == State.LEFT


def test_a_polite_sentence_of_a_member_of_several_lists_gets_a_button_for_each(cop, ada, ben, other, incoming, post):
    from tests.conftest import enroll

    enroll(ben, other)
    inbound.listserv(incoming(text="Please take me off this list", mail_from="ben@epa.gov", is_proven=True))
    assert Membership.objects.filter(person=ben).active().count() == 2
    assert post.to("ben@epa.gov")[0].text.count("/unsubscribe/") == 2


@pytest.mark.parametrize(
    "text",
    [
        "Set up a meeting with the managers",
        "Review of slides",
        "Get well soon",
        "Info needed",
        "Sign off on the report",
    ],
)
def test_a_sentence_to_the_managers_that_begins_like_a_command_reaches_them(cop, ada, incoming, post, text):
    inbound.request(incoming(text=text, subject=text), name="cx-cop")
    assert [one.kind for one in post.to("ada@gsa.gov")] == ["communities.forwarded"]


@pytest.mark.parametrize("text", ["review cx-cop", "info", "Help set", "hold until 12/24", "set digest plain ack on"])
def test_a_command_to_the_managers_address_is_answered(cop, ada, incoming, post, text):
    inbound.request(incoming(text=text), name="cx-cop")
    assert not post.to("ada@gsa.gov")
    assert post.to("cleo@epa.gov")


def test_a_sentence_that_joins_drops_its_fillers_and_keeps_a_name(cop, ada, incoming):
    inbound.listserv(incoming(text="Please subscribe me to cx-cop My Nguyen", is_proven=True))
    assert Confirmation.objects.get().name == "My Nguyen"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("until 24 December", date(2026, 12, 24)),
        ("December 24, 2026", date(2026, 12, 24)),
        ("Dec. 24th", None),
        ("Dec 24th", date(2026, 12, 24)),
        ("24-dec-2026", date(2026, 12, 24)),
        ("12/24", date(2026, 12, 24)),
        ("12/24/26", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("24/12/2026", date(2026, 12, 24)),
        ("January 4", date(2027, 1, 4)),
        ("tomorrow", TODAY + timedelta(days=1)),
        ("Monday", TODAY + timedelta(days=7)),
        ("next friday", date(2026, 11, 27)),
        ("for two weeks", TODAY + timedelta(days=14)),
        ("10 days", TODAY + timedelta(days=10)),
        ("a month", TODAY + timedelta(days=30)),
        ("2026-02-31", None),
        ("soon", None),
        ("99999 weeks", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(text, day):
    assert dates.read_day(text, TODAY) == day
