"""A list too long to sort in memory: its CSV streams, in order of opening, while it is read.

A download that is cut ends without its last chunk, so no browser takes the half for the whole.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from litestar.response import Stream

from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.reporting.cuts import Cut
from portavoce.reporting.lists import read_in_parts
from portavoce.reporting.month import MonthReport
from portavoce.reporting.months import Month
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.export import csv_head, csv_lines
from portavoce.web.portal.reading import Reading

SUFFIX = ".csv"
LONG = 20_000
"""Rows of a file that is made at once; a longer one streams."""


def attachment(reading: Reading, month: Month, figure: str) -> dict[str, str]:
    name = f"{reading.brand.slug}-{month}-{figure}{SUFFIX}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def long_file(request: AnyRequest, reading: Reading, report: MonthReport, figure: str, cut: Cut) -> Stream:
    database: Database = request.app.state.database
    return Stream(
        _lines(database, reading, report, figure, cut, words_for(request)),
        media_type="text/csv",
        headers=attachment(reading, report.month, figure),
    )


async def _lines(
    database: Database, reading: Reading, report: MonthReport, figure: str, cut: Cut, words: Words
) -> AsyncIterator[bytes]:
    begin = partial(database.begin, Scope.reading({reading.brand.id}), role=REPORT, snapshot=True)
    yield csv_head(reading.brand.zone, words)
    async for contacts in read_in_parts(begin, report, figure, cut):
        yield csv_lines(report, contacts, words)
