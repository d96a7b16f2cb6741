"""A list too long to sort in memory: its CSV streams, in order of opening, while it is read.

A download that is cut ends without its last chunk, so no browser takes the half for the whole.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.reporting.errors import NoReport
from portavoce.reporting.month import FIGURES, Cut, lob_names
from portavoce.reporting.months import Month
from portavoce.reporting.parts import count_openings, read_month_in_parts
from portavoce.reporting.terms import Promise, read_terms
from portavoce.web.access import MISSING
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.export import csv_head, csv_lines
from portavoce.web.portal.reading import Reading

SUFFIX = ".csv"
LONG = 20_000
"""Contacts opened in the month; a page of so many would be no page."""


def attachment(reading: Reading, month: Month, figure: str) -> dict[str, str]:
    name = f"{reading.brand.slug}-{month}-{figure}{SUFFIX}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


async def is_long(db: AsyncSession, reading: Reading, month: Month) -> bool:
    return await count_openings(db, reading.brand.zone, month, reading.anchor) > LONG


async def long_file(
    request: AnyRequest, db: AsyncSession, reading: Reading, month: Month, figure: str, cut: Cut
) -> Stream:
    """NoReport, before the first byte, for a figure or a part that the month cannot have."""
    if figure not in FIGURES or not await _possible(db, month, cut):
        raise NoReport(MISSING)
    database: Database = request.app.state.database
    return Stream(
        _lines(database, reading, month, figure, cut, words_for(request)),
        media_type="text/csv",
        headers=attachment(reading, month, figure),
    )


async def _possible(db: AsyncSession, month: Month, cut: Cut) -> bool:
    clauses = {
        each.id for terms in await read_terms(db) for each in terms.clauses if isinstance(each, Promise)
    }
    return (
        (cut.week is None or cut.week in month.weeks())
        and (cut.weekday is None or cut.weekday in range(7))
        and (cut.lob_id is None or cut.lob_id in await lob_names(db))
        and (cut.clause_id is None or cut.clause_id in clauses)
    )


async def _lines(
    database: Database, reading: Reading, month: Month, figure: str, cut: Cut, words: Words
) -> AsyncIterator[bytes]:
    brand = reading.brand
    begin = partial(database.begin, Scope.reading({brand.id}), role=REPORT, snapshot=True)
    yield csv_head(brand.zone, words)
    async for part in read_month_in_parts(begin, brand.id, brand.zone, month, reading.anchor):
        yield csv_lines(part, part.cell(figure, cut), words)
