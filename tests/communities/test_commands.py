import pytest

from junto.communities import inbound
from junto.communities.inbound import reading
from junto.communities.inbound.commands import COMMANDS
from junto.communities.models import Confirmation, Delivery, Membership, State
from junto.people.models import Person


def _verbs(subject, text):
    return [one.verb for one in reading.read(subject, text, COMMANDS).commands]


def test_outlooks_html_only_letter_joins(cop, ada, incoming, sample, post):
    inbound.listserv(incoming(raw=sample("outlook-html-only")))
    assert Confirmation.objects.get().email == "cleo.chen@epa.gov"
    (letter,) = post.to("cleo.chen@epa.gov")
    assert letter.kind == "communities.confirm_join", "the signature below was not taken for commands"


def test_what_a_signature_says_is_no_command(cop, ada, ben, incoming, sample, post):
    inbound.listserv(incoming(raw=sample("signature"), is_proven=True))
    membership = Membership.objects.get(person=ben)
    assert membership.delivery == Delivery.DAILY
    assert membership.state == State.ACTIVE
    (letter,) = post.to("ben@epa.gov")
    assert "a digest every day" in letter.text


def test_what_is_quoted_is_no_command(cop, ada, ben, incoming, sample, post):
    inbound.listserv(incoming(raw=sample("quoted"), is_proven=True))
    assert Membership.objects.get(person=ben).state == State.ACTIVE
    assert "each message" in post.to("ben@epa.gov")[0].text


def test_several_commands_get_one_answer_that_tells_what_was_not_understood(cop, ada, ben, incoming, sample, post):
    inbound.listserv(incoming(raw=sample("several"), is_proven=True))
    membership = Membership.objects.get(person=ben)
    assert membership.delivery == Delivery.NONE
    assert membership.state == State.ACTIVE, "commands after a line that is none are left alone"
    (letter,) = post.to("ben@epa.gov")
    assert letter.kind == "communities.answer"
    assert letter.references == ("older-1@epa.gov", "several-1@epa.gov")
    assert "> Thanks so much" in letter.text
    assert "cx-cop: Customer Experience" in letter.text
    assert "SIGNOFF list" in letter.text


@pytest.mark.parametrize(
    ("subject", "text", "verbs"),
    [
        ("subscribe cx-cop", "", ["SUBSCRIBE"]),
        ("Subscribe cx-cop", "subscribe CX-COP\n", ["SUBSCRIBE"]),
        ("", "\ufeffsubscribe\xa0cx-cop Cleo Chen\n\nCleo Chen\nEPA", ["SUBSCRIBE"]),
        ("", "“signoff cx-cop”", ["SIGNOFF"]),
        ("", "Please unsubscribe cx-cop", ["UNSUBSCRIBE"]),
        ("[EXTERNAL] RE: help", "", ["HELP"]),
        ("", "help\nquit\nsignoff *", ["HELP"]),
        ("", "help\n\nSent from my iPhone\nsignoff *", ["HELP"]),
        ("", "Hello,\nsignoff *", []),
        ("hello", "> signoff *", []),
    ],
)
def test_commands_are_found_where_people_put_them(subject, text, verbs):
    assert _verbs(subject, text) == verbs


def test_a_flood_of_commands_ends_at_twenty():
    assert len(_verbs("", "\n".join(f"query list-{n}" for n in range(100)))) == 20


@pytest.mark.parametrize(
    ("option", "delivery"),
    [
        ("MAIL", Delivery.EACH),
        ("nomail", Delivery.NONE),
        ("Digest", Delivery.DAILY),
        ("NODIGEST", Delivery.EACH),
        ("weekly", Delivery.WEEKLY),
        ("INDEX", Delivery.DAILY),
    ],
)
def test_set_changes_delivery_for_a_proven_sender(cop, ada, ben, incoming, post, option, delivery):
    inbound.listserv(incoming(text=f"SET cx-cop {option}", mail_from="ben@epa.gov", is_proven=True))
    assert Membership.objects.get(person=ben).delivery == delivery
    assert "Done." in post.to("ben@epa.gov")[0].text


def test_set_from_an_unproven_sender_sends_the_signed_link_instead(cop, ada, ben, incoming, post):
    inbound.listserv(incoming(text="SET cx-cop NOMAIL", mail_from="ben@epa.gov"))
    assert Membership.objects.get(person=ben).delivery == Delivery.EACH
    assert "/delivery/" in post.to("ben@epa.gov")[0].text


def test_set_with_an_unknown_option_lists_those_that_are_known(cop, ada, ben, incoming, post):
    inbound.listserv(incoming(text="SET cx-cop FULLHDR", mail_from="ben@epa.gov", is_proven=True))
    assert "NOMAIL" in post.to("ben@epa.gov")[0].text


def test_set_norepro_keeps_delivery(cop, ada, ben, incoming, post):
    inbound.request(incoming(text="set norepro", mail_from="ben@epa.gov", is_proven=True), name="cx-cop")
    membership = Membership.objects.get(person=ben)
    assert not membership.wants_own_posts
    assert membership.delivery == Delivery.EACH


def test_signoff_everywhere_leaves_every_list_at_once(cop, ada, ben, other, incoming, post):
    from tests.conftest import enroll

    enroll(ben, other)
    inbound.listserv(incoming(text="SIGNOFF *", mail_from="ben@epa.gov", is_proven=True))
    assert set(Membership.objects.filter(person=ben).values_list("state", flat=True)) == {State.LEFT}
    assert len(post.to("ben@epa.gov")) == 1


def test_signoff_everywhere_unproven_sends_links(cop, ada, ben, incoming, post):
    inbound.listserv(incoming(text="SIGNOFF *", mail_from="ben@epa.gov"))
    assert Membership.objects.get(person=ben).state == State.ACTIVE
    assert "/unsubscribe/" in post.to("ben@epa.gov")[0].text


def test_the_listserv_address_confirms_by_token_and_by_ok_in_a_reply(cop, ada, incoming, post):
    inbound.listserv(incoming(text="subscribe cx-cop Cleo Q. Chen"))
    subject = post.to("cleo@epa.gov")[0].subject
    inbound.listserv(incoming(text="OK", subject=f"Re: {subject}"))
    assert Membership.objects.get(person__email="cleo@epa.gov").is_active()
    assert Person.objects.get(email="cleo@epa.gov").name == "Cleo Q. Chen"


def test_an_ok_without_a_token_asks_which(cop, incoming, post):
    inbound.listserv(incoming(text="OK"))
    assert "Which confirmation?" in post.to("cleo@epa.gov")[0].text


def test_a_letter_without_any_command_gets_help(cop, incoming, post):
    inbound.listserv(
        incoming(text="Dear Sir, please take me off.", subject="List question from a vendor, about leaving")
    )
    (letter,) = post.to("cleo@epa.gov")
    assert "> Dear Sir" in letter.text
    assert "SUBSCRIBE list" in letter.text


def test_hidden_lists_are_neither_listed_nor_admitted_to_exist(hidden, ada, ben, incoming, post):
    inbound.listserv(incoming(text="LISTS\nSUBSCRIBE cx-cop\nQUERY cx-cop\nSET cx-cop MAIL\nSIGNOFF cx-cop"))
    text = post.to("cleo@epa.gov")[0].text
    assert "Customer Experience" not in text
    assert not Confirmation.objects.exists()


def test_an_unknown_list_and_a_command_without_list_are_answered(cop, incoming, post):
    inbound.listserv(incoming(text="subscribe no-such-list\nsignoff"))
    text = post.to("cleo@epa.gov")[0].text
    assert "no list “no-such-list”" in text
    assert "Say which list" in text


def test_lists_counts_what_help_promises():
    from junto.communities.inbound.commands import HELP

    for line in HELP[:-1]:
        assert line.split()[0].strip(",:") in COMMANDS


def test_a_letter_without_any_command_is_told_so_first_and_a_reply_finds_its_way(cop, cleo, incoming, post):
    inbound.listserv(incoming(text="Dear robot,\nplease stop.\n", subject="A wish"))
    (letter,) = post.to("cleo@epa.gov")
    assert letter.subject == "Answer to your letter"
    assert letter.text.startswith("Your letter was not understood, so nothing was done.")
    assert "> Dear robot," in letter.text
    assert "> HELP" not in letter.text, "nobody asked for that"
    assert letter.reply_to == "listserv@lists.example.gov"


def test_the_sender_of_our_letters_takes_replies():
    from junto.mail import router

    assert router.find("junto@lists.example.gov")
