"""A CSV file is read whole and exactly, or refused with what to do about it."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.customers.importing import reading
from portavoce.customers.importing.errors import BadFile
from portavoce.customers.importing.reading import LARGEST, SEPARATORS, read_sheet
from portavoce.kit.formulas import harmless
from tests.customers.importing.files import csv_of

HEADINGS = ("Nome", "Mail", "Nota")
CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
ROWS = st.lists(
    st.tuples(CELL, CELL, CELL).filter(lambda row: any(each.strip() for each in row)), min_size=1, max_size=8
)


@given(ROWS, st.sampled_from(SEPARATORS), st.booleans())
def test_every_cell_comes_back_whatever_separates_and_leads_the_file(
    rows: list[tuple[str, str, str]], separator: str, marked: bool
) -> None:
    written = csv_of([HEADINGS, *(tuple(map(harmless, row)) for row in rows)], separator)
    sheet = read_sheet(codecs.BOM_UTF8 + written if marked else written)
    assert sheet.headings == HEADINGS
    assert [cells for _, cells in sheet.rows] == rows
    lines = [line for line, _ in sheet.rows]
    assert lines == sorted(set(lines))


@given(st.binary(max_size=300))
def test_whatever_bytes_are_brought_they_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    width, told = _read(content)
    assert told or width


def _read(content: bytes) -> tuple[int, str]:
    """How many cells every line has, or the sentence."""
    try:
        sheet = read_sheet(content)
    except BadFile as problem:
        return 0, problem.message % problem.fields
    (width,) = {len(cells) for _, cells in sheet.rows} | {len(sheet.headings)}
    return width, ""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "This file is empty"),
        (b"Nome;Mail\r\n", "This file has headings only"),
        (b"PK\x03\x04 a workbook", "This is no CSV file"),
        ("Nome;Mail\nGina;x".encode("utf-16"), "This is no CSV file"),
        (b"Nome;Mail\nGi\0na;x", "This is no CSV file"),
        ("Nome;Mail\nGina;x\nNicolò;y".encode("latin-1"), "The text of line 3 is not UTF-8"),
        (b'Nome;Mail\nGina;x\n"Ugo;y\nLeo;z', "The quotation marks of line 3 do not match"),
        (b'Nome;Mail\n"Gina"x;y', "The quotation marks of line 2 do not match"),
        (b"Nome;Mail\nGina;x\nUgo", "Line 3 has 1 cells, the headings are 2"),
        (b"Nome;Mail\nGina;x;y", "Line 2 has 3 cells, the headings are 2"),
        (b";".join([b"x"] * 61) + b"\nx", "This file has more than 60 columns"),
        (b"Nota\n" + b"x" * 200_000, "A cell of line 2 is too long"),
        (b"x" * (LARGEST + 1), "This file is larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, sentence: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_sheet(content)
    assert (refused.value.message % refused.value.fields).startswith(sentence)


def test_a_file_holds_so_many_customers_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert len(read_sheet(b"Mail\na\nb\nc\n").rows) == 3
    with pytest.raises(BadFile, match="more than 10,000"):
        read_sheet(b"Mail\na\nb\nc\nd\n")


def test_lines_are_counted_as_an_editor_does_and_blank_ones_and_empty_tails_do_not_matter() -> None:
    sheet = read_sheet(b'Mail;Nota;;\n\n"a";"due\nrighe";;\n;;;\nb;una;;\n')
    assert sheet.headings == ("Mail", "Nota")
    assert sheet.rows == ((3, ("a", "due\nrighe")), (6, ("b", "una")))
