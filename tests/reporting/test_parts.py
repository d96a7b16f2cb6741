"""The parts of a month are the month."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from portavoce.core.db import REPORT
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import FIGURES, read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.parts import count_openings, read_month_in_parts
from tests.database import NOON
from tests.web.portal.conftest import House, house

__all__ = ["house"]


async def test_the_parts_together_are_what_is_read_at_once(house: House) -> None:
    brand, month, zone = house.aurora, Month(2026, 3), "Europe/Rome"
    async with house.database.begin(brand.reading, role=REPORT, snapshot=True) as db:
        n, digest = await last_fact(db, brand.id)
        anchor = Anchor(n, digest, NOON + timedelta(days=8))
        whole = await read_month_report(db, brand.id, zone, month, anchor)
        assert await count_openings(db, zone, month, anchor) == len(whole.contacts) == 6
    begin = partial(house.database.begin, brand.reading, role=REPORT, snapshot=True)
    parts = [part async for part in read_month_in_parts(begin, brand.id, zone, month, anchor, size=2)]
    assert [len(part.contacts) for part in parts] == [2, 2, 2]
    for figure in FIGURES:
        assert [each for part in parts for each in part.cell(figure)] == whole.cell(figure)
