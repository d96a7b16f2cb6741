from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from portavoce.calendars.hours import Weekly
from portavoce.calendars.versions import CalendarHours
from portavoce.reporting.counts import Cell, Counts
from portavoce.reporting.open_format import (
    CellLine,
    EndLine,
    FactLine,
    FigureLine,
    Line,
    MonthLine,
    VersionLine,
    read_line,
    write_line,
)
from tests.reporting.test_contacts import CLAUSE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHRISTMAS = CalendarHours(
    NOON, "Europe/Rome", Weekly({0: ((540, 780), (840, 1080))}), {date(2026, 12, 25): (), date(2026, 12, 24): ((540, 780),)},
    NOON - timedelta(days=1),
)  # fmt: skip
LINES: list[Line] = [
    MonthLine(1, UUID(int=1), "Europe/Rome", "2026-03", 9, "ab", NOON),
    VersionLine(2, NOON, (CLAUSE, msgspec.structs.replace(CLAUSE, calendar=(CHRISTMAS,)))),
    FactLine(1, "00", "ff", '{"data":{"x":"è"}}'),
    CellLine(Cell(date(2026, 3, 2), "contact", UUID(int=0), UUID(int=1), "email", Counts(units=3, used_s=9))),
    FigureLine(UUID(int=2), "3/5"),
    FigureLine(UUID(int=2), None),
    EndLine(6),
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: type(line).__name__)
def test_a_line_comes_back_as_it_was_and_is_one_line(line: Line) -> None:
    text = write_line(line)
    assert read_line(text) == line
    assert text.count(b"\n") == 1


@pytest.mark.parametrize(
    "text", [b"", b"{}", b'{"line":"rumour"}', b'{"line":"end"}', b'{"line":"end","lines":"x"}', b"x"]
)
def test_what_is_no_line_is_refused(text: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        read_line(text)
