"""SEC-56: no cell runs in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.kit.formulas import FORMULA, harmless
from portavoce.web.spreadsheet import lines
from portavoce.web.templating import Templates


@pytest.mark.parametrize(
    "cell", ["=cmd|' /C calc'!A0", "+39", "-1", "@x", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x"]
)
def test_what_would_be_a_formula_is_led_by_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@given(st.text())
def test_no_cell_begins_like_a_formula_and_nothing_else_changes(cell: str) -> None:
    assert not harmless(cell).startswith(FORMULA)
    assert harmless(cell) in (cell, f"'{cell}")


def test_lines_are_read_back_as_they_were(templates: Templates) -> None:
    rows = [["a;b", 'c"d', "e,f", "g\nh"], ["", "'x", "ü", ";"]]
    for locale, separator in (("it", ";"), ("en", ",")):
        text = lines(rows, templates.words[locale]).decode()
        assert list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) == rows
