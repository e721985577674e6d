"""Home and my communities, as strangers and as members see them."""

from junto.communities.models import Readers, State
from junto.discussions.models import Thread
from tests.conftest import enroll


def _thread(community, subject, now="2026-10-01T12:00:00Z"):
    return Thread.objects.create(
        community=community, number=1, subject=subject, started_at=now, last_at=now, message_count=1
    )


def test_stranger_sees_communities_and_public_discussions_only(client, ada, cop, other):
    cop.readers = Readers.PUBLIC
    cop.save()
    _thread(cop, "Said in public")
    _thread(other, "Said among members")
    page = client.get("/").content.decode()
    assert "Customer Experience" in page
    assert "1 member<" in page
    assert "Said in public" in page
    assert "Said among members" not in page
    assert "@" not in page


def test_hidden_community_stays_hidden_on_the_home_page(client, cop):
    cop.is_hidden = True
    cop.readers = Readers.PUBLIC
    cop.save()
    _thread(cop, "Said in hiding")
    page = client.get("/").content.decode()
    assert "Customer Experience" not in page
    assert "Said in hiding" not in page


def test_member_sees_what_was_said_in_her_communities(client_of, ben, cop, other):
    _thread(cop, "Said among mine")
    _thread(other, "Said elsewhere")
    page = client_of(ben).get("/").content.decode()
    assert "Said among mine" in page
    assert "Said elsewhere" not in page


def test_whoever_is_in_no_community_is_told_where_to_go(client_of, eve):
    assert "Find a community" in client_of(eve).get("/").content.decode()


def test_manager_is_told_what_waits_and_member_is_not(client_of, ada, ben, cleo, cop):
    asked = enroll(cleo, cop)
    asked.state = State.WAITING
    asked.save()
    assert "1 request to join" in client_of(ada).get("/").content.decode()
    assert "request to join" not in client_of(ben).get("/").content.decode()


def test_home_of_a_member_asks_the_database_little(client_of, ben, cop, django_assert_max_num_queries):
    browser = client_of(ben)
    with django_assert_max_num_queries(12):
        browser.get("/")


def test_my_communities_show_delivery_and_addresses_to_me_alone(client, client_of, ben):
    page = client_of(ben).get("/me/").content.decode()
    assert "Each message, at ben@epa.gov" in page
    assert client.get("/me/").status_code == 302


def test_pages_about_the_site_open_to_strangers(client, db):
    for path in ("/about/", "/accessibility/", "/robots.txt", "/.well-known/security.txt", "/search/"):
        assert client.get(path).status_code == 200, path


def test_security_txt_names_whoever_answers(client, db, settings):
    settings.CONTACT = ""
    assert "Contact: http" in client.get("/.well-known/security.txt").content.decode()
    settings.CONTACT = "it@agency.gov"
    assert "Contact: mailto:it@agency.gov" in client.get("/.well-known/security.txt").content.decode()
    assert "mailto:it@agency.gov" in client.get("/about/").content.decode()
    assert "mailto:it@agency.gov" in client.get("/accessibility/").content.decode()


def test_whoever_runs_the_site_finds_its_desks_and_nobody_else_does(client_of, ben, db):
    assert "/mail/quarantine/" not in client_of(ben).get("/me/").content.decode()
    ben.is_staff = True
    ben.save()
    page = client_of(ben).get("/me/").content.decode()
    assert all(path in page for path in ("/mail/quarantine/", "/exceptions/", "/communities/new/"))


def test_the_identifier_names_the_agency_and_its_required_links(client, db, settings):
    settings.IDENTIFIER_AGENCY = "General Services Administration"
    settings.IDENTIFIER_LINKS = [("FOIA requests", "https://www.gsa.gov/foia")]
    page = client.get("/").content.decode()
    assert "An official website of the <strong>General Services Administration</strong>" in page
    assert '<a class="usa-identifier__required-link usa-link" href="https://www.gsa.gov/foia">FOIA requests</a>' in page


def test_another_host_shows_neither_banner_nor_identifier(client, db, settings):
    settings.SHOWS_BANNER, settings.IDENTIFIER_AGENCY = False, ""
    page = client.get("/").content.decode()
    assert "official website" not in page
    assert "usa-identifier" not in page
