"""Rulings, tokens, addresses, reports."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junto.kit import addresses, reports, rulings, tokens


def test_ruling_is_yes_or_no_with_a_reason():
    assert rulings.yes()
    refused = rulings.no("This discussion is closed.")
    assert not refused
    assert refused.reason == "This discussion is closed."


def test_require_raises_what_the_page_will_say():
    rulings.require(rulings.yes())
    with pytest.raises(rulings.Refused, match="closed") as refusal:
        rulings.require(rulings.no("closed", hidden=True))
    assert refusal.value.ruling.hidden


@given(number=st.integers(min_value=0, max_value=2**63 - 1), purpose=st.text(min_size=1, max_size=40))
def test_token_gives_its_number_back(number, purpose):
    token = tokens.sign(purpose, number)
    assert tokens.read(purpose, token) == number
    assert tokens.read(purpose, token.upper()) == number
    assert set(token) <= set(string.ascii_lowercase + string.digits + "-")


@given(number=st.integers(min_value=0, max_value=2**63 - 1))
def test_token_is_good_for_its_purpose_only(number):
    with pytest.raises(tokens.BadToken):
        tokens.read("another", tokens.sign("one", number))


@given(text=st.text(max_size=60))
def test_nobody_makes_a_token_up(text):
    with pytest.raises(tokens.BadToken):
        tokens.read("one", text)


def test_every_changed_letter_is_noticed():
    token = tokens.sign("one", 4711)
    for place, letter in enumerate(token):
        changed = token[:place] + ("a" if letter != "a" else "b") + token[place + 1 :]
        with pytest.raises(tokens.BadToken):
            tokens.read("one", changed)


def test_negative_numbers_are_not_signed():
    with pytest.raises(ValueError, match="from 0 on"):
        tokens.sign("one", -1)


def test_another_key_makes_other_tokens(settings):
    token = tokens.sign("one", 1)
    settings.SECRET_KEY = "another key"
    assert tokens.sign("one", 1) != token
    with pytest.raises(tokens.BadToken):
        tokens.read("one", token)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ann@EPA.gov", "ann@epa.gov"),
        ("  ann@epa.gov\r\n", "ann@epa.gov"),
        ("<ann@epa.gov>", "ann@epa.gov"),
        ("mailto:ann@epa.gov", "ann@epa.gov"),
        ("ann.o'brien+lists@sub.epa.gov", "ann.o'brien+lists@sub.epa.gov"),
        ("ann@epa.gov.", "ann@epa.gov"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("jürgen@epa.gov", "jürgen@epa.gov"),
    ],
)
def test_address_is_kept_in_one_form(written, kept):
    assert addresses.normalise(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ann",
        "ann@",
        "@epa.gov",
        "ann@epa",
        "ann@epa..gov",
        "a..b@epa.gov",
        "ann@-epa.gov",
        "ann@epa.gov, bob@epa.gov",
        "ann@epa.gov\r\nBcc: bob@epa.gov",
        "ann@epa.gov%0ABcc:bob@epa.gov",
        "a b@epa.gov",
        '"a b"@epa.gov',
        "a@[127.0.0.1]",
        "ann@@epa.gov",
        "a\x00b@epa.gov",
        "a\x07b@epa.gov",
        "ann\u2028@epa.gov",
        "ann\u0085@epa.gov",
        "x" * 65 + "@epa.gov",
        "ann@" + "x" * 64 + ".gov",
        "ann@" + ".".join(["x" * 60] * 5),
        ".ann@epa.gov",
        "ann.@epa.gov",
        "ann\u202e@epa.gov",
    ],
)
def test_what_is_no_address_is_refused_in_words(text):
    with pytest.raises(addresses.BadAddress, match="is not an e-mail address"):
        addresses.normalise(text)


@given(text=st.text(max_size=100))
def test_normalising_never_breaks_and_is_stable(text):
    try:
        kept = addresses.normalise(text)
    except addresses.BadAddress:
        return
    assert addresses.normalise(kept) == kept
    assert not set(kept) & set(' \r\n\t<>,;:\\"')


def test_look_alike_domain_is_not_the_one_it_looks_like():
    assert addresses.domain_of(addresses.normalise("ann@ex\u0430mple.gov")) == "xn--exmple-4nf.gov"


def test_suffixes_come_longest_first():
    assert addresses.suffixes("Mail.dept.NY.gov.") == ["mail.dept.ny.gov", "dept.ny.gov", "ny.gov", "gov"]


def test_masked_address_shows_its_domain_only():
    assert addresses.masked("ann@epa.gov") == "a…@epa.gov"


def test_report_is_saved_in_its_fixed_form(tmp_path):
    report = reports.Report(read=1234, taken=1200, skipped=34)
    report.note("line 7", "no domain", "skipped")
    report.save(tmp_path / "report.json")
    saved = json.loads((tmp_path / "report.json").read_text())
    assert list(saved) == ["read", "taken", "already_there", "repaired", "skipped", "problems"]
    assert saved["problems"] == [{"where": "line 7", "what": "no domain", "done": "skipped"}]
    assert report.summary() == "Read 1,234: took 1,200, already there 0, repaired 0, skipped 34."


@pytest.mark.material
def test_hostile_addresses_are_refused_or_kept_harmless(material):
    lines = (material / "hostile" / "HEADER-INJECTION.tsv").read_text(encoding="utf-8").splitlines()
    values = [line.split("\t")[1] for line in lines if line.startswith("address\t")]
    assert values
    for value in values:
        text = value.encode().decode("unicode_escape") if value.isascii() else value
        try:
            kept = addresses.normalise(text)
        except addresses.BadAddress:
            continue
        assert kept.isascii()
        assert "%" not in kept
        assert addresses.domain_of(kept) != "example.gov" or text.lower().endswith("@example.gov")
