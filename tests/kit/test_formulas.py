"""What leaves as harmless text comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.kit.formulas import FORMULA, harmless, plain

CELLS = st.text() | st.builds(
    "{}{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(FORMULA), st.text()
)


@given(CELLS)
def test_what_was_made_harmless_comes_back_as_it_was(cell: str) -> None:
    assert plain(harmless(cell)) == cell
    assert not harmless(cell).startswith(FORMULA)


@pytest.mark.parametrize("cell", ["'Ndrangheta", "'", "", "O'Neill", "''"])
def test_an_apostrophe_that_leads_no_formula_stays(cell: str) -> None:
    assert plain(cell) == cell
