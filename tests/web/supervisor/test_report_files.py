"""CSV and workbook of a team report: the same numbers, and nothing a spreadsheet would run."""

from __future__ import annotations

import io
import zipfile

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.reporting.months import Month
from portavoce.reporting.team.figures import Service, Work
from portavoce.reporting.team.pieces import By, Key, Kind
from portavoce.reporting.team.rows import Row, TeamReport
from portavoce.web.i18n import load_words
from portavoce.web.supervisor.report_files import csv_of, table_of, workbook_of

WORDS = load_words(frontend_dir() / "locale")
REPORT = TeamReport(
    By.QUEUE,
    [
        Row(Key(Kind.QUEUE, "aurora", "1"), "=1+1", 5, Work(3, 3, 200, 2, 1, 0), Service(9, 1, 3)),
        Row(Key(Kind.QUEUE, "aurora", "2"), "Posta", 0, None, Service(7, 0, 0), partly=True),
    ],
    Work(3, 3, 200, 2, 1, 0),
    Service(16, 1, 3),
    [("Bosco", Month(2026, 3))],
)
BRANDS = {"aurora": "Aurora"}


def test_what_is_not_shown_is_an_empty_cell_and_is_said_below() -> None:
    text = csv_of(REPORT, BRANDS, WORDS["en"]).decode("utf-8-sig").splitlines()
    assert text[1:] == [
        "'=1+1,Aurora,5,,9,33.3,3,3,66.7,2,1,0",
        "Posta,Aurora,,yes,7,,,,,,,",
        "All rows together,,,,16,33.3,3,3,66.7,2,1,0",
        '"Not shown, fewer than five people: Bosco, 2026-03"',
    ]


def test_italian_spreadsheets_have_their_own_marks() -> None:
    assert "'=1+1;Aurora;5;;9;33,3;" in csv_of(REPORT, BRANDS, WORDS["it"]).decode()


@pytest.mark.parametrize("locale", ["it", "en"])
def test_the_workbook_holds_numbers_as_numbers_and_no_formula(locale: str) -> None:
    book = zipfile.ZipFile(io.BytesIO(workbook_of(REPORT, BRANDS, WORDS[locale])))
    page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>33.3</v>" in page
    assert "<f>" not in page
    assert "'=1+1" in book.read("xl/sharedStrings.xml").decode()


def test_every_row_has_as_many_cells_as_headings() -> None:
    head, *rows, note = table_of(REPORT, BRANDS, WORDS["en"])
    assert {len(row) for row in rows} == {len(head)}
    assert len(note) == 1
