"""The tree walk of RFC 9989, with a DNS of the test's own."""

from __future__ import annotations

import pytest

from junto.mail import dmarc
from junto.mail.dmarc import Texts, Treatment, is_aligned, policy_of, targets, treatment_of


class Dns:
    """Answers from a table, and keeps what it was asked."""

    def __init__(self, **records):
        self.asked: list[str] = []
        self.records = records

    def __call__(self, name):
        self.asked.append(name)
        said = self.records.get(name.removeprefix("_dmarc."), ())
        if said == "fails":
            raise TimeoutError
        return Texts(tuple(one.encode() for one in ([said] if isinstance(said, str) else said)), 600.0)


GOV = {"gov": "v=DMARC1; p=reject; sp=reject; psd=y"}


def found(domain, exists=True, **records):
    return policy_of(domain, ask=Dns(**records), exists=lambda _: exists)


def test_names_that_a_walk_asks_for():
    assert targets("mail.epa.gov") == ["mail.epa.gov", "epa.gov", "gov"]
    assert targets("gov") == ["gov"]
    long = targets("a.b.c.d.e.f.g.h.i.j.mail.example.com")
    assert len(long) == 8
    assert long[1] == "g.h.i.j.mail.example.com"
    assert long[-1] == "com"
    assert targets("a.b.c.d.e.f.g.com")[1] == "b.c.d.e.f.g.com"


def test_policy_of_the_domain_itself():
    policy = found("epa.gov", **{"epa.gov": "v=DMARC1; p=quarantine; sp=reject; adkim=s"}, **GOV)
    assert (policy.asks, policy.organization, policy.is_strict) == ("quarantine", "epa.gov", True)


def test_subdomain_without_a_record_gets_what_its_organization_says_for_subdomains():
    records = {"epa.gov": "v=DMARC1; p=none; sp=reject"} | GOV
    policy = found("mail.region.epa.gov", **records)
    assert (policy.asks, policy.organization) == ("reject", "epa.gov")


def test_domain_that_does_not_exist_gets_np():
    records = {"epa.gov": "v=DMARC1; p=none; sp=quarantine; np=reject"} | GOV
    assert found("nowhere.epa.gov", exists=False, **records).asks == "reject"
    assert found("mail.epa.gov", exists=True, **records).asks == "quarantine"


def test_public_suffix_speaks_for_an_organization_without_a_record():
    policy = found("mail.town.gov", **GOV)
    assert (policy.asks, policy.organization) == ("reject", "town.gov")


def test_psd_n_ends_the_walk_and_is_the_organization():
    dns = Dns(**{"a.example.com": "v=DMARC1; p=reject; psd=n", "example.com": "v=DMARC1; p=none"})
    policy = policy_of("mail.a.example.com", ask=dns)
    assert (policy.asks, policy.organization) == ("reject", "a.example.com")
    assert "_dmarc.example.com" not in dns.asked


def test_without_psd_the_shortest_name_with_a_record_is_the_organization():
    records = {"a.b.example.com": "v=DMARC1; p=none", "b.example.com": "v=DMARC1;p=reject", "example.com": "v=DMARC1"}
    policy = found("a.b.example.com", **records)
    assert (policy.asks, policy.organization) == ("none", "example.com")


def test_no_record_is_no_policy_and_each_name_is_its_own_organization():
    policy = found("mail.example.com")
    assert (policy.asks, policy.organization, policy.is_known) == ("", "mail.example.com", True)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("v=DMARC1;p=reject", "reject"),
        ("v=DMARC1; rua=mailto:x@y.z; P=Reject; pct=5", "reject"),
        ("v=DMARC1; p=rejct", "none"),
        ("v=DMARC1", "none"),
        ("v=DMARC1; p=reject; t=y", "quarantine"),
        ("v=DMARC12; p=reject", ""),
        ("p=reject; v=DMARC1", ""),
        ("v=spf1 -all", ""),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], ""),
        (["v=spf1 -all", "v=DMARC1; p=reject"], "reject"),
        ("v=DMARC1; p=reject;" + "x=;" * 100_000, "reject"),
    ],
)
def test_records_as_they_are_written(text, asks):
    assert found("example.com", **{"example.com": text}).asks == asks


def test_gov_that_does_not_answer_is_taken_to_ask_for_reject_and_nothing_is_known():
    policy = found("epa.gov", **{"epa.gov": "fails"})
    assert (policy.asks, policy.is_known) == ("reject", False)
    assert (found("x.com", **{"x.com": "fails"}).asks) == ""


def test_alignment_is_by_organization_unless_the_domain_is_strict():
    records = {"epa.gov": "v=DMARC1; p=reject", "strict.gov": "v=DMARC1; p=reject; adkim=s"} | GOV
    dns = Dns(**records)
    epa, strict = policy_of("mail.epa.gov", ask=dns, exists=lambda _: True), policy_of("strict.gov", ask=dns)
    assert is_aligned("epa.gov", epa, ask=dns)
    assert is_aligned("x.epa.gov", epa, ask=dns)
    assert not is_aligned("gsa.gov", epa, ask=dns)
    assert is_aligned("strict.gov", strict, ask=dns)
    assert not is_aligned("mail.strict.gov", strict, ask=dns)


def test_answers_are_remembered_within_bounds():
    dmarc.forget()
    dns = Dns(**{"epa.gov": "v=DMARC1; p=reject"})
    for now in (0.0, 599.0, 601.0):
        dmarc.remembered("_dmarc.epa.gov", dns, now)
    for now in (0.0, 3_599.0, 3_601.0):
        dmarc.remembered("_dmarc.nothing.gov", dns, now)
    assert dns.asked == ["_dmarc.epa.gov"] * 2 + ["_dmarc.nothing.gov"] * 2
    dmarc.forget()


def test_server_that_fails_is_left_alone_for_a_while():
    dmarc.forget()
    dns = Dns(**{"epa.gov": "fails"})
    for now in (0.0, 60.0, 121.0):
        with pytest.raises(TimeoutError):
            dmarc.remembered("_dmarc.epa.gov", dns, now)
    assert len(dns.asked) == 2
    dmarc.forget()


def test_word_of_the_operator_stands_above_the_dns(settings):
    settings.DMARC_OVERRIDES = "example.gov=keep; gmail.com = keep; bad.com=rewrite; nonsense; x=y"
    assert treatment_of("mail.example.gov") == Treatment.KEEP
    assert treatment_of("gmail.com") == Treatment.KEEP
    assert treatment_of("bad.com") == Treatment.REWRITE
    assert treatment_of("yahoo.com") == Treatment.REWRITE
    assert treatment_of("epa.gov") == Treatment.BY_POLICY
