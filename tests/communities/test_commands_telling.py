"""REVIEW, INFO, LISTS, HELP, and the words of other list servers."""

from pathlib import Path

import pytest
from tests.conftest import _person, enroll

from junto.communities import inbound
from junto.communities.inbound.commands import COMMANDS
from junto.communities.inbound.options import OPTIONS
from junto.communities.inbound.telling import MOST_REVIEWED
from junto.communities.models import Membership

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "mail-addresses.md"


@pytest.fixture
def ask(cop, ada, incoming, post):
    def send(text, sender="ben@epa.gov"):
        post.clear()
        inbound.listserv(incoming(text=text, mail_from=sender))
        (letter,) = post.to(sender)
        return letter.text

    return send


def test_review_names_members_to_members_without_addresses(ask, ben):
    text = ask("review cx-cop")
    assert "Ada Alvarez (GSA), manager" in text
    assert "Ben Brooks (EPA)" in text
    assert "ada@gsa.gov" not in text
    assert "/members/" in text


def test_review_counts_who_is_concealed_and_managers_see_them_marked(ask, ben, cleo, cop):
    enroll(cleo, cop)
    Membership.objects.filter(person=cleo).update(is_concealed=True)
    text = ask("REVIEW cx-cop")
    assert "has 3 members" in text
    assert "Cleo" not in text
    assert "1 more is not named" in text
    text = ask("WHO cx-cop", sender="ada@gsa.gov")
    assert "Cleo Chen (EPA) <cleo@epa.gov>, Each message, concealed" in text


@pytest.mark.parametrize("sender", ["cleo@epa.gov", "nobody@mail.example.com"])
def test_review_is_refused_to_others_with_the_reason(ask, ben, cleo, sender):
    text = ask("review cx-cop", sender=sender)
    assert "Only members may see" in text
    assert "Brooks" not in text


def test_review_of_a_hidden_list_is_no_list_to_strangers(ask, hidden, ben, cleo):
    assert "There is no list" in ask("review cx-cop\ninfo cx-cop", sender="cleo@epa.gov")


def test_review_of_a_large_list_is_cut_and_says_where_the_rest_is(ask, ben, cop, monkeypatch):
    from junto.communities.inbound import telling

    monkeypatch.setattr(telling, "MOST_REVIEWED", 1)
    text = ask("review cx-cop")
    assert "has 2 members" in text
    assert "Brooks" not in text
    assert "first 1" in text
    assert MOST_REVIEWED == 500


def test_concealed_members_stand_on_no_page_for_members(client_of, cop, ada, ben, cleo):
    enroll(cleo, cop)
    Membership.objects.filter(person=cleo).update(is_concealed=True)
    path = "/communities/customer-experience/members/"
    page = client_of(ben).get(path).content.decode()
    assert "Cleo Chen" not in page
    assert "1 more chose not to be named" in page
    assert "Cleo Chen" not in client_of(ben).get(path, {"q": "Cleo"}).content.decode()
    page = client_of(ada).get(path).content.decode()
    assert "Cleo Chen" in page
    assert "Concealed" in page


def test_info_tells_what_a_list_is_for_and_its_addresses(ask, ben):
    text = ask("info cx-cop")
    assert "People who improve service" in text
    assert "government employees of all levels" in text
    assert "cx-cop-join@lists.example.gov" in text
    assert "with its guidelines" in text


def test_lists_finds_words(ask, ben, other):
    assert "web-managers: Web Managers" in ask("LISTS web managers")
    assert "cx-cop" not in ask("LISTS web managers")
    assert "No list here has" in ask("lists quantum")


@pytest.mark.parametrize(
    "name", sorted(set(COMMANDS) - {"ECHO", "SEARCH", "SCAN", "STATS", "OPTIONS", "PASSWORD", "PW", "AUTHENTICATE"})
)
def test_help_tells_more_about_every_command(ask, ben, name):
    text = ask(f"help {name.lower()}")
    assert "These commands work" not in text
    assert name in text


@pytest.mark.parametrize("line", ["get cx-cop minutes.txt", "INDEX cx-cop", "index"])
def test_files_of_old_are_answered_with_the_archive(ask, ben, line):
    assert "on the web" in ask(line)


@pytest.mark.parametrize("line", ["stats cx-cop", "scan cx-cop budget", "echo hello"])
def test_what_has_no_meaning_here_is_said_politely(ask, ben, line):
    assert "does nothing here" in ask(line)


def test_the_reference_has_every_command_and_every_option():
    text = REFERENCE.read_text()
    missing = [name for name in (*COMMANDS, *OPTIONS) if name not in text.upper()]
    assert not missing


def test_a_thousand_members_cost_no_more_questions_than_two(ask, cop, ben, django_assert_max_num_queries, incoming):
    for number in range(30):
        enroll(_person(f"p{number}@epa.gov", f"P{number}"), cop)
    with django_assert_max_num_queries(40):
        ask("review cx-cop")
