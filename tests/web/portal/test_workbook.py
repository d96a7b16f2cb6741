"""The workbook of a month says what the page says, and none of its text runs."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import House
from tests.web.portal.test_report_files import rename

CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content: bytes, sheet: int) -> list[list[str]]:
    """Every row of a sheet as text, read without the library that wrote it."""
    book = zipfile.ZipFile(io.BytesIO(content))
    shared = ["".join(text.itertext()) for text in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
    rows = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml")).iter(f"{CELL}row")
    found = []
    for row in rows:
        values = [(cell.get("t"), cell.findtext(f"{CELL}v") or "") for cell in row.iter(f"{CELL}c")]
        assert not list(row.iter(f"{CELL}f"))
        found.append([shared[int(value)] if kind == "s" else value for kind, value in values])
    return found


async def test_the_workbook_says_what_the_page_says(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/report.xlsx")
    assert found.headers["content-disposition"] == f'attachment; filename="{house.aurora.slug}-2026-03.xlsx"'
    head, only = cells(found.content, 1)
    told = dict(zip(head, only, strict=True))
    assert [Decimal(told[each]) for each in ("Figure", "Target", "In time", "Decided")] == [60, 90, 3, 5]
    assert (Decimal(told["Adjusted"]), told["Units left out"]) == (Decimal(60), "0")
    assert (told["Result"], told["Metric"]) == ("Provisional", "first_response")
    days = cells(found.content, 2)
    assert len(days) == 32
    assert [sum(int(row[column]) for row in days[1:]) for column in range(1, 8)] == [6, 4, 3, 2, 5, 0, 1]
    assert [row[0] for row in cells(found.content, 3)[1:]] == ["4", "3"]
    page = (await carla.get(f"/portal/{house.aurora.slug}/2026-03")).text
    about = dict(zip(*cells(found.content, 4), strict=True))
    assert about["Hash"] in page


async def test_text_that_a_spreadsheet_would_run_is_made_harmless(house: House, carla: Visit) -> None:
    await rename(house.database, house.aurora, "=cmd|' /C calc'!A0")
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/report.xlsx")
    assert cells(found.content, 4)[1][0].startswith("'=cmd")
