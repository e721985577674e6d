"""People and their addresses: welcome, proof, bounces, the yearly question, the profile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from junto.audit.models import Entry
from junto.kit import tokens
from junto.kit.addresses import BadAddress
from junto.kit.rulings import Refused
from junto.people import actions, letters, queries, rules, tasks
from junto.people.models import Address, Person

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def bens(ben):
    return Address.objects.get(email="ben@epa.gov")


def bounce(email="ben@epa.gov", *, is_permanent=True, status="5.0.0", words="550 no"):
    actions.note_bounce(email=email, is_permanent=is_permanent, status=status, words=words)


def on_days(monkeypatch, *days):
    today = timezone.localdate()
    for day in days:
        monkeypatch.setattr(timezone, "localdate", lambda day=day: today + timedelta(days=day))
        yield day


def test_stranger_is_welcomed_once(register):
    actions.take_register(register())
    first = actions.welcome(email="Ann@EPA.gov", name="Ann  Arbor")
    assert actions.welcome(email="ann@epa.gov", name="Somebody Else") == first
    address = Address.objects.get()
    assert (address.email, address.level, address.agency.name) == (
        "ann@epa.gov",
        "federal_executive",
        "Environmental Protection Agency",
    )
    assert not address.is_proved()
    person = Person.objects.get()
    assert (person.name, person.agency) == ("Ann Arbor", address.agency)
    assert Entry.objects.filter(fact="people.person.welcomed").count() == 1


def test_name_is_filled_in_where_none_was_known(db):
    actions.welcome(email="ann@epa.gov")
    assert actions.welcome(email="ann@epa.gov", name="Ann").name == "Ann"


def test_name_cannot_carry_line_ends(db):
    assert actions.welcome(email="ann@epa.gov", name="Ann\r\nBcc: x@y.org\x00").name == "Ann Bcc: x@y.org"


def test_person_of_a_body_that_only_a_table_knows_gets_its_agency(db):
    person = actions.welcome(email="sgt@mail.army.mil")
    assert (person.agency_label, person.agency.parent.name) == ("Army", "Department of Defense")
    assert actions.welcome(email="cpt@army.mil").agency == person.agency


def test_defense_is_one_agency_before_and_after_the_register(register):
    first = actions.welcome(email="a@mail.mil").agency
    assert actions.welcome(email="b@navy.mil").agency.parent == first
    actions.take_register(register("defense.gov,Federal - Executive,Department of Defense,,Arlington,VA,(blank)"))
    assert queries.judge("c@defense.gov").agency == first
    assert queries.judge("a@mail.mil").agency == first
    assert Address.objects.get(email="a@mail.mil").level == "military"


def test_welcome_wants_an_address(db):
    with pytest.raises(BadAddress):
        actions.welcome(email="nobody")


def test_proof_lasts_a_year(bens):
    actions.prove(email="BEN@epa.gov", by=bens.person)
    bens.refresh_from_db()
    assert bens.is_proved()
    bens.proved_at -= YEAR
    assert not bens.is_proved()


def test_proof_judges_anew(register, ben, bens):
    actions.take_register(register())
    Address.objects.update(agency=None, level="")
    Person.objects.filter(pk=ben.pk).update(agency=None)
    actions.prove(email="ben@epa.gov", by=ben)
    bens.refresh_from_db()
    ben.refresh_from_db()
    assert bens.level == "federal_executive"
    assert ben.agency == bens.agency


def test_three_days_of_permanent_failure_stop_delivery(bens, monkeypatch):
    for day in on_days(monkeypatch, 0, 1, 2):
        bounce()
        bounce()
        bens.refresh_from_db()
        assert bens.bounces == 2 * (day + 1)
    assert bens.stopped_at is not None
    assert bens.stop_reason == "5.0.0 550 no"
    assert Entry.objects.get(fact="people.address.stopped").reason == "5.0.0 550 no"


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10", "5.1.6"])
def test_mailbox_that_does_not_exist_stops_at_once(bens, status):
    bounce(status=status)
    bens.refresh_from_db()
    assert bens.stopped_at is not None


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.7.515", "5.7.0"])
def test_policy_refusals_never_count(bens, monkeypatch, status):
    for _ in on_days(monkeypatch, 0, 1, 2, 3, 4):
        bounce(status=status)
    bens.refresh_from_db()
    assert (bens.bounces, bens.stopped_at) == (0, None)


def test_temporary_failures_count_half(bens, monkeypatch):
    for _ in on_days(monkeypatch, *range(5)):
        bounce(is_permanent=False, status="4.2.2")
        bounce(is_permanent=False, status="5.1.1")
    bens.refresh_from_db()
    assert (bens.bounces, bens.stopped_at) == (5, None)
    for _ in on_days(monkeypatch, 5):
        bounce(is_permanent=False, status="4.2.2")
    bens.refresh_from_db()
    assert bens.stopped_at is not None


def test_old_failures_are_forgotten(bens, monkeypatch):
    for _ in on_days(monkeypatch, 0, 1, 100):
        bounce()
    bens.refresh_from_db()
    assert (bens.bounces, bens.stopped_at) == (2, None)


def test_bounce_of_an_address_that_nobody_has_is_passed_over(db):
    bounce("nobody@nowhere.example.org", status="5.1.1")
    assert Entry.objects.count() == 0


def test_stopped_address_goes_on_when_proved_again(bens):
    bounce(status="5.1.1")
    actions.prove(email=bens.email, by=bens.person)
    bens.refresh_from_db()
    assert (bens.bounces, bens.stopped_at, bens.stop_reason, bens.last_bounce_date) == (0, None, "", None)
    assert Entry.objects.filter(fact="people.address.resumed").count() == 1


@pytest.mark.parametrize(
    ("proved_days_ago", "asked_days_ago", "is_asked"),
    [
        (None, None, False),
        (10, None, False),
        (334, None, False),
        (336, None, True),
        (400, None, True),
        (336, 13, False),
        (360, 15, True),
        (456, 20, False),
    ],
)
def test_who_is_asked_for_a_fresh_proof(bens, posted, proved_days_ago, asked_days_ago, is_asked):
    now = timezone.now()
    bens.proved_at = None if proved_days_ago is None else now - timedelta(days=proved_days_ago)
    bens.proof_asked_at = None if asked_days_ago is None else now - timedelta(days=asked_days_ago)
    bens.save()
    assert tasks.ask_for_fresh_proof.call() == int(is_asked)
    assert [item.to for item in posted] == ["ben@epa.gov"] * is_asked
    assert tasks.ask_for_fresh_proof.call() == 0


def test_stopped_addresses_and_closed_accounts_are_not_asked(ben, cleo, posted):
    Address.objects.update(proved_at=timezone.now() - YEAR)
    bounce(status="5.1.1")
    Person.objects.filter(pk=cleo.pk).update(is_active=False)
    assert tasks.ask_for_fresh_proof.call() == 0


def test_many_are_asked_in_batches(epa, posted, monkeypatch):
    monkeypatch.setattr(tasks, "_AT_ONCE", 3)
    for n in range(7):
        actions.welcome(email=f"u{n}@epa.gov")
    Address.objects.update(proved_at=timezone.now() - YEAR)
    assert tasks.ask_for_fresh_proof.call() == 7
    assert len({item.to for item in posted}) == 7


def test_button_behind_the_yearly_letter_proves_and_opening_it_does_not(client, bens, posted):
    Address.objects.update(proved_at=timezone.now() - YEAR)
    tasks.ask_for_fresh_proof.call()
    link = re.search(r"http://testserver(/prove/\S+/)", posted[0].letter.text)[1]
    assert b"still reaches me" in client.get(link).content
    bens.refresh_from_db()
    assert not bens.is_proved()
    assert b"Thank you" in client.post(link).content
    bens.refresh_from_db()
    assert bens.is_proved()
    assert client.post(link).status_code == 410


def test_yearly_link_is_good_for_30_days(client, bens):
    Address.objects.update(proof_asked_at=timezone.now() - timedelta(days=31))
    link = f"/prove/{tokens.sign(letters.PROOF, bens.pk)}/"
    assert client.post(link).status_code == client.get(link).status_code == 410
    assert client.get("/prove/1-aaaaaaaaaaaaaaaa/").status_code == 410
    assert client.post("/prove/1-aaaaaaaaaaaaaaaa/").status_code == 410
    assert client.post(f"/prove/{tokens.sign(letters.SIGN_IN, bens.pk)}/").status_code == 410


def test_profile_changes_name_and_title(client_of, ben):
    response = client_of(ben).post("/me/profile/", {"name": "Benjamin Brooks", "job_title": "Analyst"})
    assert response.status_code == 302
    ben.refresh_from_db()
    assert (ben.name, ben.job_title) == ("Benjamin Brooks", "Analyst")
    assert Entry.objects.get(fact="people.person.renamed").details == {"before": "Ben Brooks"}


def test_profile_wants_a_name(client_of, ben):
    assert b"Enter your name" in client_of(ben).post("/me/profile/", {"name": " "}).content
    ben.refresh_from_db()
    assert ben.name == "Ben Brooks"


@pytest.mark.parametrize("path", ["/me/profile/", "/me/addresses/", "/me/addresses/code/", "/exceptions/"])
def test_strangers_are_asked_to_sign_in_and_come_back(client, db, path):
    assert client.get(path).url == f"/sign-in/?next={path}"


def test_my_addresses_cost_few_queries_however_many(client_of, ben, django_assert_max_num_queries):
    for n in range(5):
        Address.objects.create(person=ben, email=f"ben{n}@epa.gov", agency=ben.agency)
    client = client_of(ben)
    with django_assert_max_num_queries(6):
        page = client.get("/me/")
    assert b"ben4@epa.gov" in page.content


def test_second_address_is_added_by_its_code(client_of, ben, posted):
    client = client_of(ben)
    assert client.post("/me/addresses/", {"new-email": "ben@home.example.org"}).url == "/me/addresses/code/"
    assert not Address.objects.filter(email="ben@home.example.org").exists()
    words = re.search(r"\d{4} \d{4}", posted[0].letter.text)[0]
    assert b"not the code" in client.post("/me/addresses/code/", {"code": "00000000"}).content
    assert client.post("/me/addresses/code/", {"code": words}).url == "/me/"
    address = Address.objects.get(email="ben@home.example.org")
    assert address.person == ben
    assert address.is_proved()
    assert queries.find_by_email("Ben@Home.example.org") == ben


def test_address_of_somebody_else_is_not_taken_even_with_its_code(client_of, ben, cleo, posted):
    client = client_of(ben)
    asked = client.post("/me/addresses/", {"new-email": "cleo@epa.gov"})
    assert asked.url == "/me/addresses/code/"
    words = re.search(r"\d{4} \d{4}", posted[0].letter.text)[0]
    assert b"another account" in client.post("/me/addresses/code/", {"code": words}).content
    assert Address.objects.get(email="cleo@epa.gov").person == cleo


def test_nobody_adds_an_address_to_another_person(ben, cleo, posted):
    with pytest.raises(Refused):
        actions.add_address(person=cleo, email="x@y.example.org", by=ben)
    assert posted == []


def test_own_address_need_not_be_added(client_of, ben, posted):
    assert b"yours already" in client_of(ben).post("/me/addresses/", {"new-email": "ben@epa.gov"}).content
    assert posted == []


def test_mail_can_go_to_another_proved_address_first(client_of, ben):
    home = Address.objects.create(person=ben, email="ben@home.example.org", proved_at=timezone.now())
    client_of(ben).post(f"/me/addresses/{home.pk}/preference/")
    ben.refresh_from_db()
    assert (ben.email, ben.agency) == ("ben@home.example.org", None)


def test_mail_cannot_go_first_to_what_was_never_proved_or_is_anothers(client_of, ben, cleo):
    home = Address.objects.create(person=ben, email="ben@home.example.org")
    assert client_of(ben).post(f"/me/addresses/{home.pk}/preference/").status_code == 403
    hers = cleo.addresses.get()
    assert client_of(ben).post(f"/me/addresses/{hers.pk}/preference/").status_code == 404
    ben.refresh_from_db()
    assert ben.email == "ben@epa.gov"


def test_others_may_not_rename_and_staff_may(ben, cleo):
    with pytest.raises(Refused):
        actions.rename(person=ben, name="X", by=cleo)
    cleo.is_staff = True
    assert actions.rename(person=ben, name="X", by=cleo).name == "X"


def test_government_is_who_proved_a_government_address_within_a_year(ben, dov, eve):
    assert rules.is_government(ben)
    assert not rules.is_government(dov)
    assert not rules.is_government(eve)
    Address.objects.update(proved_at=timezone.now() - YEAR)
    assert not rules.is_government(Person.objects.get(pk=ben.pk))


def test_closed_account_is_no_government(ben):
    ben.is_active = False
    assert not rules.is_government(ben)


def test_find_by_email_knows_any_case_and_no_nonsense(ben):
    assert queries.find_by_email(" BEN@EPA.GOV ") == ben
    assert queries.find_by_email("nobody@epa.gov") is None
    assert queries.find_by_email("no address") is None


def test_visitor_is_one_object_and_none_for_strangers(rf, ben):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    assert queries.visitor(request) is None
    request.user = ben
    assert queries.visitor(request) is queries.visitor(request) is ben


def test_first_of_staff_is_named_on_the_shell(db, capsys):
    call_command("let_run_site", "root@gsa.gov")
    assert rules.may_run_site(Person.objects.get(email="root@gsa.gov"))
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("let_run_site", "root")


def test_only_staff_names_staff(ben, cleo):
    with pytest.raises(Refused):
        actions.let_run_site(person=ben, by=ben)
    cleo.is_staff = True
    assert actions.let_run_site(person=ben, by=cleo).is_staff


def test_old_codes_are_swept_away(ben, posted):
    actions.start_sign_in(email="ben@epa.gov")
    code = actions.start_sign_in(email="ben@epa.gov")
    code.made_at -= timedelta(days=3)
    code.save()
    assert tasks.sweep_codes.call() == 1


def test_book_never_holds_a_whole_address(client_of, ben, posted):
    actions.prove(email="ben@epa.gov", by=ben)
    bounce(status="5.1.1")
    actions.start_sign_in(email="ben@epa.gov")
    assert "ben@epa.gov" not in str(list(Entry.objects.values()))
