"""A CSV file as spreadsheets write it, read strictly: whatever is odd is said with its line, and nothing is guessed at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from portavoce.customers.importing.errors import BadFile
from portavoce.kit.formulas import plain

LARGEST = 5 * 1024 * 1024
"""Octets of a file."""
MOST_ROWS = 10_000
MOST_COLUMNS = 60
SEPARATORS = ";,\t"
NO_TEXT = "This is no CSV file. Save the spreadsheet as CSV, then choose that file."
NOT_UTF8 = "The text of line %(line)s is not UTF-8. Save the file again as CSV UTF-8."
UNMATCHED = "The quotation marks of line %(line)s do not match. Look for one that is not closed."
TOO_LONG = "A cell of line %(line)s is too long. Shorten it, or look for a quotation mark that is not closed."
BINARY = (b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
"""How workbooks, UTF-16 and other things begin that people take for CSV."""


class Sheet(msgspec.Struct, frozen=True):
    """`rows`: the line each begins on, and one cell per heading. Lines without any text are left out."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(content: bytes) -> Sheet:
    """BadFile with a sentence that says what to do."""
    if len(content) > LARGEST:
        raise BadFile("This file is larger than 5 MB. Split it into smaller ones.")
    text = _text(content)
    records = _records(text, _separator(text))
    first = next(records, None)
    if first is None:
        raise BadFile(
            "This file is empty. Its first line names the columns, each further line is a customer."
        )
    headings = _without_tail(first[1], 0)
    if len(headings) > MOST_COLUMNS:
        raise BadFile("This file has more than 60 columns. Leave out what is not needed.")
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            raise BadFile("This file has more than 10,000 customers. Split it into smaller ones.")
        rows.append((line, _fitting(line, cells, len(headings))))
    if not rows:
        raise BadFile("This file has headings only. Each further line is a customer.")
    return Sheet(tuple(plain(each).strip() for each in headings), tuple(rows))


def _text(content: bytes) -> str:
    if content.startswith(BINARY) or b"\0" in content:
        raise BadFile(NO_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile(NOT_UTF8, line=str(line)) from error


def _separator(text: str) -> str:
    """The one that parts the first line into most columns."""
    return max(SEPARATORS, key=lambda each: _width(text, each))


def _width(text: str, separator: str) -> int:
    """Nothing where it cannot be the separator: quotation marks would end in the middle of a cell."""
    try:
        return len(next(_records(text, separator), (0, ()))[1])
    except BadFile:
        return 0


def _records(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each record that says anything, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, tuple(cells)
            line = reader.line_num + 1
    except csv.Error as error:
        said = TOO_LONG if "field larger" in str(error) else UNMATCHED
        raise BadFile(said, line=str(line)) from error


def _fitting(line: int, cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """As many cells as headings: one more or less, and everything after it would stand under the wrong heading."""
    cells = _without_tail(cells, width)
    if len(cells) != width:
        raise BadFile(
            "Line %(line)s has %(cells)s cells, the headings are %(width)s. "
            "Put text that contains the separator between quotation marks.",
            line=str(line),
            cells=str(len(cells)),
            width=str(width),
        )
    return tuple(plain(cell) for cell in cells)


def _without_tail(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Spreadsheets write empty cells at the end of a line for columns that were used once."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells
