"""Addresses are cut out of a text from each @ outwards; the result is that of one expression over the whole text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from junto.discussions.queries import without_addresses
from junto.kit.addresses import masked

WHOLE = re.compile(r"(?<![\w.+%-])([\w.+%-]+?)@([\w-]+(?:\.[\w-]+)+)")
PIECES = st.lists(
    st.sampled_from(["ada", "@", ".", "+", "-", "%", " ", "\n", "é", "gov", "<", ">", "=", "_"]), max_size=24
)


@given(PIECES.map("".join))
@example("a@b.c+z@d.e")
@example("a@b.c@d.e")
@example("@@ada@gsa.gov@@")
@example("Ada <ada@gsa.gov>, ben@epa.gov.")
def test_cut_as_by_one_expression(text: str) -> None:
    assert without_addresses(text) == WHOLE.sub(lambda found: masked(f"{found[1]}@{found[2]}"), text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Write to ada@gsa.gov now", "Write to a…@gsa.gov now"),
        ("mailto:ada%40gsa.gov", "mailto:a…@gsa.gov"),
        ("no address here", "no address here"),
        ("@ alone @", "@ alone @"),
    ],
)
def test_an_address_keeps_its_first_letter_and_its_domain(written: str, shown: str) -> None:
    assert without_addresses(written) == shown
