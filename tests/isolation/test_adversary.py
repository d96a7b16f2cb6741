"""An adversary with raw SQL as `app`: nothing outside the read scope comes back, nothing outside the written brand moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import Error

from portavoce.core.db import APP, Database
from portavoce.core.scope import Scope
from portavoce.kit.clock import SteppedClock
from tests.database import Installation
from tests.minting import Minted, mint_brand, mint_interaction

READS: tuple[LiteralString, ...] = (
    "SELECT brand_id FROM pv.customer",
    "SELECT brand_id FROM pv.customer WHERE brand_id = %(brand)s",
    "SELECT id FROM pv.brand",
    "SELECT c.brand_id FROM pv.conversation c JOIN pv.customer p ON p.id = c.customer_id",
    "WITH x AS MATERIALIZED (SELECT * FROM pv.work_item) SELECT brand_id FROM x",
    "SELECT max(brand_id::text)::uuid FROM pv.interaction HAVING count(*) > 0",
    "SELECT brand_id FROM pv.customer WHERE id IN (SELECT customer_id FROM pv.conversation) FOR UPDATE",
    "SELECT u.brand_id FROM (SELECT brand_id FROM pv.queue UNION ALL SELECT brand_id FROM pv.contract) u",
    "SELECT (SELECT brand_id FROM pv.customer LIMIT 1) AS b",
    "TABLE pv.brand_head",
)
WRITES: tuple[LiteralString, ...] = (
    "UPDATE pv.customer SET name = 'taken' RETURNING brand_id",
    "UPDATE pv.customer SET name = 'taken' WHERE brand_id = %(brand)s RETURNING brand_id",
    "UPDATE pv.customer SET brand_id = %(brand)s",
    "UPDATE pv.brand_head SET n = n + 1 RETURNING brand_id",
    "UPDATE pv.brand SET name = 'taken'",
    "DELETE FROM pv.work_item",
    "DELETE FROM pv.work_item WHERE brand_id = %(brand)s",
    "INSERT INTO pv.customer VALUES (%(brand)s, %(new)s, 'new', 'it', now())",
    "INSERT INTO pv.customer SELECT %(brand)s, %(new)s, name, language, now() FROM pv.customer LIMIT 1",
    "INSERT INTO pv.brand_head VALUES (%(brand)s, 0, '', 0) ON CONFLICT (brand_id) DO UPDATE SET n = 99",
    "INSERT INTO pv.brand_head VALUES (%(brand)s, 0, '', 0) ON CONFLICT DO NOTHING",
    "WITH gone AS (DELETE FROM pv.work_item RETURNING *) SELECT brand_id FROM gone",
    "MERGE INTO pv.customer c USING pv.brand b ON b.id = c.brand_id WHEN MATCHED THEN UPDATE SET name = 'taken'",
)


class Ground:
    """Three brands, and eyes that see over the wall."""

    def __init__(self, installation: Installation, brands: list[Minted]) -> None:
        self.brands = [brand.id for brand in brands]
        self.app = psycopg.connect(installation.dsn(APP))
        self.eyes = psycopg.connect(installation.superuser_dsn, autocommit=True)

    def close(self) -> None:
        self.app.close()
        self.eyes.close()


async def _three_brands(database: Database) -> list[Minted]:
    made = [await mint_brand(database, name) for name in ("Aurora", "Bosco", "Cascata")]
    for brand in made:
        await mint_interaction(database, brand)
    return made


@pytest_asyncio.fixture
async def brands(database: Database) -> list[Minted]:
    return await _three_brands(database)


@pytest.fixture
def ground(installation: Installation, brands: list[Minted]) -> Iterator[Ground]:
    made = Ground(installation, brands)
    yield made
    made.close()


scopes = st.tuples(st.sets(st.integers(0, 2)), st.integers(0, 2) | st.none())
acts = st.lists(st.tuples(st.sampled_from([*READS, *WRITES]), st.integers(0, 3)), min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(scope=scopes, acts=acts)
def test_no_statement_reaches_over_the_wall(
    ground: Ground, scope: tuple[set[int], int | None], acts: list[tuple[LiteralString, int]]
) -> None:
    assert list(_breaches(ground, scope, acts)) == []


SABOTAGES: tuple[LiteralString, ...] = (
    "ALTER POLICY customer_select ON pv.customer USING (true)",
    "ALTER POLICY customer_update ON pv.customer USING (true) WITH CHECK (true)",
    "ALTER POLICY customer_insert ON pv.customer WITH CHECK (brand_id = ANY (pv.read_scope()))",
    "ALTER POLICY work_item_delete ON pv.work_item USING (true)",
    "ALTER POLICY brand_select ON pv.brand USING (true)",
    "ALTER TABLE pv.brand_head DISABLE ROW LEVEL SECURITY",
    "CREATE POLICY helpful ON pv.interaction FOR SELECT TO PUBLIC USING (true)",
    """CREATE OR REPLACE FUNCTION pv.read_scope() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
       $$ SELECT array_agg(id) FROM pv.brand $$; ALTER POLICY brand_select ON pv.brand USING (true)""",
)


@pytest.mark.parametrize("sabotage", SABOTAGES)
async def test_the_adversary_gets_through_a_torn_wall(
    empty_database: Installation, clock: SteppedClock, sabotage: LiteralString
) -> None:
    own = Database(empty_database.urls, clock, engine_options={"pool_size": 1})
    ground = Ground(empty_database, await _three_brands(own))
    await own.close()
    ground.eyes.execute(sabotage.encode())
    both = ({0, 1}, 0)
    found = [
        breach
        for act in (*READS, *WRITES)
        for target in (1, 2)
        for breach in _breaches(ground, both, [(act, target)])
    ]
    ground.close()
    assert found


def _breaches(
    ground: Ground, scope: tuple[set[int], int | None], acts: list[tuple[LiteralString, int]]
) -> Iterator[str]:
    read = frozenset(ground.brands[n] for n in scope[0])
    write = ground.brands[scope[1]] if scope[1] is not None and scope[1] in scope[0] else None
    foreign = [each for each in ground.brands if each != write]
    before = _rows(ground, foreign)
    for act, target in acts:
        seen = _perform(ground, Scope(read, write), act, [*ground.brands, uuid4()][target])
        if seen - read:
            yield f"seen: {act}"
    if _rows(ground, foreign) != before:
        yield f"changed: {acts}"


def _perform(ground: Ground, scope: Scope, act: LiteralString, brand: UUID) -> set[UUID]:
    """Acts and commits; gives the brands that came back."""
    try:
        with ground.app.transaction():
            ground.app.execute(scope.statements().encode())
            answer = ground.app.execute(act, {"brand": brand, "new": uuid4()})
            return {row[0] for row in answer.fetchall() if row[0]} if answer.description else set()
    except Error:
        return set()


def _rows(ground: Ground, brands: list[UUID]) -> list[Any]:
    """Every row of these brands that an act could have touched."""
    query = """
        SELECT b::text FROM pv.brand b WHERE id = ANY (%(ids)s) UNION ALL
        SELECT c::text FROM pv.customer c WHERE brand_id = ANY (%(ids)s) UNION ALL
        SELECT w::text FROM pv.work_item w WHERE brand_id = ANY (%(ids)s) UNION ALL
        SELECT h::text FROM pv.brand_head h WHERE brand_id = ANY (%(ids)s) ORDER BY 1"""
    return ground.eyes.execute(query, {"ids": brands}).fetchall()
