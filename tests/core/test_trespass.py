"""Rows outside of a scope are looked for in every table; a wall that lets one through names the brand it belongs to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import LiteralString

import psycopg
import pytest
import pytest_asyncio

from portavoce.core.db import Database
from portavoce.core.trespass import SCOPES, try_walls
from portavoce.core.walls import APP, DISPATCH, REPORT, ROUTER
from portavoce.kit.clock import SteppedClock
from portavoce.tables import METADATA
from tests.database import NOON, Installation
from tests.minting import Minted, mint_brand, mint_interaction

TENANT = [table for table in METADATA.tables.values() if table.info["kind"] == "tenant"]


@pytest_asyncio.fixture
async def apart(empty_database: Installation) -> AsyncIterator[Database]:
    made = Database(empty_database.urls, SteppedClock(NOON))
    yield made
    await made.close()


@pytest_asyncio.fixture
async def brands(apart: Database) -> list[Minted]:
    made = [await mint_brand(apart, name) for name in ("Aurora", "Bosco", "Cascata")]
    for brand in made:
        await mint_interaction(apart, brand)
    return made


async def test_walls_that_stand_show_nothing_and_every_table_is_asked(
    apart: Database, brands: list[Minted]
) -> None:
    walls = await try_walls(apart, [brand.id for brand in brands])
    assert walls.seen == {}
    reports = [table for table in TENANT if table.info["in_reports"]]
    assert walls.checks == len(SCOPES) * (len(TENANT) + 1 + len(reports) + 1)
    assert (await try_walls(apart, [brand.id for brand in brands], [ROUTER, DISPATCH])).checks == 0


SABOTAGES: tuple[tuple[LiteralString, set[str]], ...] = (
    (
        "ALTER POLICY customer_select ON pv.customer USING (brand_id = ANY (pv.read_scope()) OR brand_id = '{}')",
        {
            "customer (app, without a brand)",
            "customer (app, as another brand)",
            "customer (app, as all other brands)",
        },
    ),
    (
        "CREATE POLICY sly ON pv.clause FOR SELECT TO portavoce_report USING (brand_id = '{}')",
        {f"clause (report, {words})" for words in SCOPES},
    ),
    (
        "ALTER POLICY brand_select ON pv.brand USING (id = ANY (pv.read_scope())"
        " OR (id = '{}' AND cardinality(pv.read_scope()) > 0))",
        {f"brand ({role}, {words})" for role in ("app", "report") for words in SCOPES[1:]},
    ),
)


@pytest.mark.parametrize(
    ("sabotage", "seen"), SABOTAGES, ids=["policy", "second policy", "only with a brand"]
)
async def test_a_wall_with_a_hole_names_the_brand_whose_rows_show(
    apart: Database,
    empty_database: Installation,
    brands: list[Minted],
    sabotage: LiteralString,
    seen: set[str],
) -> None:
    with psycopg.connect(empty_database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute(sabotage.replace("{}", str(brands[1].id)).encode())
    walls = await try_walls(apart, [brand.id for brand in brands], [APP, REPORT])
    assert walls.seen == {brands[1].id: seen}


async def test_row_security_switched_off_is_seen_for_every_brand(
    apart: Database, empty_database: Installation, brands: list[Minted]
) -> None:
    with psycopg.connect(empty_database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("ALTER TABLE pv.interaction DISABLE ROW LEVEL SECURITY")
    walls = await try_walls(apart, [brand.id for brand in brands], [APP])
    assert set(walls.seen) == {brand.id for brand in brands}


async def test_a_house_of_one_brand_is_tried_too(apart: Database) -> None:
    only = await mint_brand(apart, "Aurora")
    assert (await try_walls(apart, [only.id])).seen == {}
