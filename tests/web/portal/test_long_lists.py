"""FT-31: the CSV of a very long list streams within bounded memory, is the list, and ends cleanly when it is cut."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from portavoce.core.db import REPORT
from portavoce.reporting import lists
from portavoce.reporting.cuts import WHOLE
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import NO_CLAUSE
from portavoce.web.portal import figures, long_lists
from portavoce.web.portal.reading import Face, Reading
from portavoce.web.templating import Templates
from tests.database import NOON
from tests.depth import scaled
from tests.faults.memory import MEGABYTE, forget_peak, peak, resident
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import House

MANY = scaled(8_000, deep=1_000_000)
MOST = scaled(40, deep=200) * MEGABYTE
FILL = """
    INSERT INTO pv.observation
      (brand_id, interaction_id, measure, clause_id, ordinal, from_n, at, lob_id, channel, code, since, state, used_s,
       with_client_s)
    SELECT %(brand)s, gen_random_uuid(), 'contact', %(nil)s, 1, 1, %(noon)s + i * interval '1 second', %(lob)s, 'email', '',
           %(noon)s + i * interval '1 second', 'counted', 0, 0
      FROM generate_series(1, %(many)s) i
"""


@pytest.fixture
def long_house(house: House, superuser: psycopg.Connection[Any]) -> House:
    """Aurora with very many contacts in March, written behind the wall: the verbs would take hours."""
    superuser.execute(
        FILL,
        {
            "brand": house.aurora.id, "lob": house.aurora.lob_id, "noon": NOON, "many": MANY,
            "nil": NO_CLAUSE,
        },
    )  # fmt: skip
    return house


async def reading_of(house: House) -> Reading:
    async with house.database.begin(house.aurora.reading, role=REPORT, snapshot=True) as db:
        n, digest = await last_fact(db, house.aurora.id)
    face = Face(house.aurora.id, house.aurora.slug, "Aurora", "circle", "A", "Europe/Rome")
    month = Month(2026, 3)
    return Reading(face, Anchor(n, digest, NOON + timedelta(days=30)), month, month)


async def lines(house: House, templates: Templates) -> AsyncIterator[bytes]:
    reading = await reading_of(house)
    async with house.database.begin(house.aurora.reading, role=REPORT, snapshot=True) as db:
        brand = reading.brand
        report = await read_month_report(db, brand.id, brand.zone, Month(2026, 3), reading.anchor)
    async for piece in long_lists._lines(
        house.database, reading, report, "received", WHOLE, templates.words["en"]
    ):
        yield piece


async def test_a_list_of_very_many_streams_whole_within_bounded_memory(
    long_house: House, templates: Templates
) -> None:
    before = resident(os.getpid())
    forget_peak(os.getpid())
    count, last = 0, b""
    async for piece in lines(long_house, templates):
        count += piece.count(b"\r\n")
        last = piece
    grown = peak(os.getpid()) - before
    assert count == 1 + 6 + MANY
    assert last.endswith(b"\r\n")
    assert grown < MOST, f"{grown / MEGABYTE:.0f} MB"


async def test_the_browser_gets_the_stream_with_its_name_and_nonsense_is_refused_before_the_first_byte(
    house: House, carla: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "LONG", 1)
    url = f"/portal/{house.bosco.slug}/2026-03/received.csv"
    assert (await carla.get(url)).status_code == 404
    url = f"/portal/{house.aurora.slug}/2026-03"
    for nonsense in ("rumour.csv", "received.csv?week=2026-03-03", "received.csv?weekday=9",
                     "received.csv?lob=00000000-0000-0000-0000-000000000001",
                     "received.csv?clause=00000000-0000-0000-0000-000000000001"):  # fmt: skip
        assert (await carla.get(f"{url}/{nonsense}")).status_code == 404
    found = await carla.get(f"{url}/late.csv")
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"].endswith(f'"{house.aurora.slug}-2026-03-late.csv"')
    assert "content-length" not in found.headers


async def test_however_slowly_it_is_taken_no_transaction_stays_open_and_a_cut_leaves_nothing(
    house: House, templates: Templates
) -> None:
    """The house ends transactions that idle; and a download that is broken off must not hold a connection."""
    pool: Any = house.database.engine(REPORT).pool
    before = pool.checkedout()
    stream = lines(house, templates)
    assert await anext(stream)
    assert await anext(stream)
    assert pool.checkedout() == before
    await stream.aclose()  # type: ignore[attr-defined]  # -- an async generator
    assert pool.checkedout() == before


async def test_a_trouble_in_the_middle_raises_and_never_ends_the_list_early(
    house: House, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> list[object]:
        raise ConnectionError("the database went away")

    monkeypatch.setattr(lists, "_contacts", broken)
    with pytest.raises(ConnectionError):
        [piece async for piece in lines(house, templates)]
