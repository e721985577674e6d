from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junto.kit import tokens
from junto.mail import verp


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_return_path_says_whose_copy_it_was(mailing, key):
    local, _, domain = verp.ReturnPath(mailing, "cx-cop").of(key).partition("@")
    assert domain == "lists.example.gov"
    assert len(local) <= 64
    assert verp.read(local.upper()) == verp.Way("cx-cop", mailing, key)


def test_return_path_of_another_mailing_or_key_is_not_believed():
    local = verp.ReturnPath(7, "cx-cop").of(9).partition("@")[0]
    for forged in (
        local.replace(".7.", ".8."),
        local.replace("9-", "a-"),
        local[:-1] + "x",
        "b+cx-cop.7.9",
        "b+",
        local + "0",
    ):
        with pytest.raises(tokens.BadToken):
            verp.read(forged)


def test_name_in_a_return_path_is_short_and_harmless():
    assert verp.short_name("Customer.Experience+Cop@Very-Long-Name") == "customer-experience-cop-"


@given(st.text(max_size=30), st.integers(0, 2**60))
def test_token_is_good_for_its_purpose_only(purpose, number):
    token = tokens.sign(purpose, number)
    assert tokens.read(purpose, token) == tokens.read(purpose, token.upper()) == number
    with pytest.raises(tokens.BadToken):
        tokens.read(purpose + "x", token)
