from __future__ import annotations

import csv
import io
from typing import Any
from zipfile import ZipFile

from portavoce.core.paths import frontend_dir
from portavoce.reporting.facts import Anchor
from portavoce.reporting.months import Month
from portavoce.reporting.regulator.indicators import Indicator, State
from portavoce.reporting.regulator.periods import Period
from portavoce.reporting.regulator.reading import Filing
from portavoce.sla.presets import PresetClause, Regime
from portavoce.web.i18n import load_words
from portavoce.web.portal.regulator_files import HEADINGS, csv_of, workbook_of
from tests.database import NOON
from tests.reporting.regulator.making import COMPLAINTS

ENGLISH = load_words(frontend_dir() / "locale")["en"]
FORMULA = '=HYPERLINK("http://x.example")'


def filing(own: PresetClause = COMPLAINTS, **given: Any) -> Filing:
    """One row of half a year."""
    values = {
        "number": 1,
        "preset": own,
        "span": "2026-H1",
        "lob": None,
        "state": State.MET,
        "months": 6,
        **given,
    }
    period = Period(2026, 1)
    months: list[Month] = period.months
    anchor = Anchor(42, b"\x2a" * 32, NOON)
    return Filing(Regime.AGCOM_255_24, period, months, anchor, "Europe/Rome", [Indicator(**values)])


def test_a_row_carries_the_state_of_the_ledger_and_all_it_is_made_of() -> None:
    content = csv_of("Aurora", filing(numerator=9, denominator=10, counted=6), ENGLISH).decode("utf-8-sig")
    assert content.count("\r\n") == 2
    [row] = csv.DictReader(io.StringIO(content))
    assert len(row) == len(HEADINGS)
    assert (row["Numerator"], row["Denominator"], row["Figure"]) == ("9", "10", "90.00")
    assert (row["Fact"], row["Hash"], row["As of (Europe/Rome)"]) == ("42", "2a" * 32, "2026-03-02 13:00:00")
    assert (row["Regime"], row["Period"], row["Month or period"]) == ("AGCOM_255_24", "2026-H1", "2026-H1")


def test_no_text_runs_in_a_spreadsheet() -> None:
    made = filing(lob=FORMULA, numerator=1, denominator=1)
    [row] = csv.DictReader(io.StringIO(csv_of(FORMULA, made, ENGLISH).decode("utf-8-sig")))
    assert (row["Brand"], row["Line of business"]) == (f"'{FORMULA}", f"'{FORMULA}")
    with ZipFile(io.BytesIO(workbook_of(FORMULA, made, ENGLISH))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert "<t>'=HYPERLINK" in texts
    assert "<t>=" not in texts


def test_nothing_counted_is_an_empty_cell_and_no_nought() -> None:
    made = filing(state=State.NOT_MEASURED)
    [row] = csv.DictReader(io.StringIO(csv_of("Aurora", made, ENGLISH).decode("utf-8-sig")))
    assert [row[name] for name in ("Numerator", "Denominator", "Figure", "Target met")] == [""] * 4
    assert row["Result"] == "Not measured"
    assert row["Months counted"] == "0"
