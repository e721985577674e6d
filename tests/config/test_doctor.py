from __future__ import annotations

import json
import shutil
from io import StringIO

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.test import override_settings
from tests.mail.sink import Sink

from junto.config.command import main
from junto.config.doctor import dns, here, records
from junto.mail import authentication
from junto.mail.dkim import keys

SERVER = "mx.example.gov"


class Zone:
    """A DNS of our own: (name, type) to answers. `is_silent`: nobody answers."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[object]] = {}
        self.asked = 0
        self.is_silent = False

    def __call__(self, name: str, kind: str) -> list[object]:
        self.asked += 1
        if self.is_silent:
            raise TimeoutError
        return self.records.get((name, kind), [])

    def text(self, name: str, *texts: str) -> None:
        self.records[name, "TXT"] = [text.encode() for text in texts]


@pytest.fixture(scope="module")
def made_keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    with override_settings(DKIM_KEYS=str(folder)):
        call_command("dkim", "new", "--selector", "s1", "--algorithm", "both", stdout=StringIO())
    return folder


@pytest.fixture(autouse=True)
def production(settings, tmp_path, made_keys):
    settings.HOME = tmp_path
    settings.DKIM_KEYS = ""
    settings.SITE_URL = "https://communities.example.gov"
    settings.TRUSTED_AUTHSERV_ID = SERVER
    settings.CONTACT = "ada@gsa.gov"
    settings.RELAY_URL = "smtp://127.0.0.1:1"
    shutil.copytree(made_keys, tmp_path / "dkim")


@pytest.fixture
def zone() -> Zone:
    """Everything as it should be, read from what the doctor prints itself."""
    zone = Zone()
    for record in records.wanted(SERVER):
        if record.kind == "TXT":
            zone.text(record.name, record.text)
    zone.records |= {
        ("lists.example.gov", "MX"): [(10, "mx.example.gov.")],
        (SERVER, "A"): ["192.0.2.7"],
        ("7.2.0.192.in-addr.arpa", "PTR"): ["mx.example.gov."],
    }
    return zone


def found(zone: Zone) -> dict[str, tuple[str, str]]:
    return {finding.about: (str(finding.state), finding.words) for finding in dns.look(zone, SERVER)}


def test_what_the_doctor_prints_is_what_it_accepts(zone):
    assert {about: state for about, (state, _) in found(zone).items()} == dict.fromkeys(dns.TITLES.values(), "good")


def test_records_are_those_of_this_installation(settings):
    settings.RELAY_URL = "smtp://relay.example.gov:587"
    told = {record.name: record for record in records.wanted(SERVER)}
    assert told["lists.example.gov"].text == "v=spf1 mx a:relay.example.gov -all"
    assert told["_dmarc.lists.example.gov"].text.startswith("v=DMARC1; p=reject;")
    assert "mailto:ada@gsa.gov" in told["_dmarc.lists.example.gov"].text
    assert told["s1-rsa._domainkey.lists.example.gov"].text == keys.stored()[0].record
    assert '" "' in told["s1-rsa._domainkey.lists.example.gov"].zone_line
    assert told["_smtp._tls.lists.example.gov"].text == "v=TLSRPTv1; rua=mailto:ada@gsa.gov"
    assert "mx: mx.example.gov\n" in records.mta_sts_policy(SERVER)


@pytest.mark.parametrize(
    ("name", "text", "about", "state", "word"),
    [
        ("lists.example.gov", None, "SPF", "bad", "no SPF"),
        ("lists.example.gov", "v=spf1 " + "include:a.gov " * 11 + "-all", "SPF", "bad", "11 look-ups"),
        ("lists.example.gov", "v=spf1 mx", "SPF", "advice", "-all"),
        ("s1-rsa._domainkey.lists.example.gov", None, "DKIM", "bad", "not published"),
        ("s1-rsa._domainkey.lists.example.gov", "v=DKIM1; k=rsa; p=MIIB", "DKIM", "bad", "another key"),
        ("_dmarc.lists.example.gov", None, "DMARC", "bad", "no DMARC"),
        ("_dmarc.lists.example.gov", "v=DMARC1; p=none; rua=mailto:a@b.gov", "DMARC", "advice", "none"),
        ("_dmarc.lists.example.gov", "v=DMARC1; p=reject", "DMARC", "advice", "reports"),
        ("_mta-sts.lists.example.gov", None, "MTA-STS", "advice", "TLS"),
        ("_smtp._tls.lists.example.gov", None, "TLS-RPT", "advice", "TLS"),
    ],
)
def test_what_is_wrong_in_the_dns_is_told(zone, name, text, about, state, word):
    zone.text(name, *([text] if text else []))
    told = found(zone)
    assert told[about][0] == state
    assert word in told[about][1]
    assert [state for name, (state, _) in told.items() if name != about] == ["good"] * (len(told) - 1)


def test_two_spf_records_are_one_too_many(zone):
    zone.text("lists.example.gov", "v=spf1 mx -all", "v=spf1 a -all")
    assert found(zone)["SPF"][0] == "bad"


def test_policy_of_the_domain_above_counts_where_there_is_none_of_its_own(zone):
    zone.text("_dmarc.lists.example.gov")
    zone.text("_dmarc.example.gov", "v=DMARC1; p=none; sp=reject; rua=mailto:a@b.gov")
    assert found(zone)["DMARC"] == ("good", "The policy of example.gov is reject.")


def test_address_without_a_name_that_leads_back_is_told(zone):
    zone.records["7.2.0.192.in-addr.arpa", "PTR"] = ["host7.isp.example."]
    assert found(zone)["PTR"][0] == "bad"


def test_silent_dns_is_not_taken_for_an_empty_one_and_is_asked_once(zone):
    zone.is_silent = True
    assert {state for state, _ in found(zone).values()} == {"unknown"}
    assert zone.asked == 1


def test_relay_is_greeted_and_judged(settings):
    sink = Sink(features=("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 52428800"))
    told = here.relay("127.0.0.1", sink.port)
    assert told.state == "good"
    assert "PIPELINING" in told.words
    sink.features = ("8BITMIME", "SMTPUTF8")
    assert here.relay("127.0.0.1", sink.port).words.endswith("PIPELINING.")
    sink.features = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000")
    assert "10 MB" in here.relay("127.0.0.1", sink.port).words
    sink.close()
    assert here.relay("127.0.0.1", 1).state == "bad"


def test_outbox_is_no_relay(settings):
    settings.RELAY_URL = "outbox:"
    assert [finding.state for finding in here.relays()] == ["bad"]


@pytest.mark.parametrize(
    ("setting", "value", "check", "state"),
    [
        ("SITE_URL", "http://communities.example.gov", here.site, "bad"),
        ("SITE_URL", "http://localhost:8000", here.site, "bad"),
        ("DEBUG", True, here.site, "bad"),
        ("SITE_URL", "https://communities.example.org", here.lists, "advice"),
        ("LIST_DOMAIN", "lists.localhost", here.lists, "bad"),
        ("TRUSTED_AUTHSERV_ID", "", here.authors, "advice"),
        ("CONTACT", "", here.contact, "advice"),
        ("DKIM", "yes", here.signing_keys, "bad"),
        ("HOME", "/nowhere/at/all", here.home, "bad"),
    ],
)
def test_settings_are_judged(settings, setting, value, check, state):
    assert check().state in ("good", "advice" if check is here.home else "good")
    setattr(settings, setting, value)
    assert check().state == state


def test_key_that_others_may_read_is_told():
    path = keys.folder() / "s1-rsa.pem"
    path.chmod(0o644)
    assert here.signing_keys().words == f"Others may read {path}. Run: chmod 600 {path}"
    path.write_text("broken")
    assert here.signing_keys().state == "bad"


@pytest.mark.django_db
def test_database_as_this_version_needs_it_is_good():
    assert here.database().state == "good"


def test_listener_that_does_not_answer_is_told(monkeypatch):
    sink = Sink()
    monkeypatch.setenv("JUNTO_LMTP_PORT", str(sink.port))
    monkeypatch.setenv("JUNTO_SMTP_PORT", "0")
    assert [finding.state for finding in here.intake()] == ["good"]
    sink.close()
    monkeypatch.setenv("JUNTO_LMTP_PORT", "0")
    assert [finding.state for finding in here.intake()] == ["bad"]
    monkeypatch.setenv("JUNTO_LMTP_PORT", "1")
    assert "junto serve" in here.intake()[0].words


def test_postmasters_are_told_real_values(zone):
    letter = records.for_postmasters(SERVER, dns.addresses(zone, SERVER))
    for value in ("lists.example.gov", "s1-rsa, s1-ed25519", "192.0.2.7", "ada@gsa.gov", "ARC", "RFC 8058"):
        assert value in letter
    assert "{" not in letter


@pytest.mark.django_db
def test_command_prints_all_and_fails_where_something_is_bad(monkeypatch, zone):
    monkeypatch.setattr(authentication, "ask_dns", zone)
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "BAD   Relay" in done.output
    assert "s1-ed25519._domainkey.lists.example.gov. IN TXT" in done.output
    assert "PRIVATE" not in done.output


@pytest.mark.django_db
def test_command_says_in_json_that_all_is_well(monkeypatch, zone, settings):
    sink = Sink()
    settings.RELAY_URL = sink.url
    monkeypatch.setenv("JUNTO_LMTP_PORT", str(sink.port))
    monkeypatch.setenv("JUNTO_SMTP_PORT", "0")
    monkeypatch.setattr(authentication, "ask_dns", zone)
    done = CliRunner().invoke(main, ["doctor", "--json", "--server", "MX.example.gov."])
    told = json.loads(done.output)
    assert (done.exit_code, told["is_well"]) == (0, True), [f for f in told["findings"] if f["state"] == "bad"]
    assert {record["kind"] for record in told["records"]} == {"MX", "TXT", "CNAME"}
    sink.close()


def test_broken_key_stops_nothing_else(monkeypatch, zone):
    (keys.folder() / "s1-rsa.pem").write_text("broken")
    monkeypatch.setattr(here, "look", lambda: [here.signing_keys()])
    monkeypatch.setattr(authentication, "ask_dns", zone)
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "s1-rsa.pem is no key" in done.output
