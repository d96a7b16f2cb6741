"""A process asks about its own role before it serves anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import LiteralString

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from portavoce.core.db import APP, DISPATCH, REPORT, Database
from portavoce.core.selfcheck import check_role
from portavoce.core.walls import BACKUP, OWNER, PROCESS_ROLES
from tests.database import Installation
from tests.minting import mint_brand, mint_interaction


@asynccontextmanager
async def engine_of(installation: Installation, role: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(installation.url(role), poolclass=NullPool)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("role", PROCESS_ROLES)
async def test_the_roles_of_processes_pass_with_tenant_rows_present(
    database: Database, engines: dict[str, AsyncEngine], role: str
) -> None:
    await mint_interaction(database, await mint_brand(database))
    assert await check_role(engines[role]) == []


async def test_the_owner_and_the_backup_may_run_no_process(
    installation: Installation, database: Database
) -> None:
    await mint_interaction(database, await mint_brand(database))
    async with engine_of(installation, OWNER) as engine:
        faults = await check_role(engine)
        assert any("owns" in fault for fault in faults)
        assert "portavoce_owner is a member of 1 roles" in faults
        assert "portavoce_owner may create objects" in faults
    async with engine_of(installation, BACKUP) as engine:
        faults = await check_role(engine)
        assert "portavoce_backup bypasses row security" in faults
        assert "portavoce_backup sees rows of customer without a scope" in faults


BREAKS: tuple[tuple[str, LiteralString, str], ...] = (
    (APP, "ALTER POLICY customer_select ON pv.customer USING (true)", "sees rows of customer without a scope"),
    (APP, "ALTER TABLE pv.message DISABLE ROW LEVEL SECURITY", ""),
    (APP, "GRANT TEMP ON DATABASE {} TO PUBLIC", "may create temporary tables"),
    (APP, "GRANT CREATE ON SCHEMA pv TO portavoce_app", "may create objects"),
    (REPORT, "ALTER TABLE pv.heartbeat OWNER TO portavoce_report", "owns"),
    (DISPATCH, "GRANT SELECT (brand_id) ON pv.brand_head TO portavoce_dispatch", ""),
    (DISPATCH, "GRANT SELECT ON pv.brand_head TO portavoce_dispatch; ALTER TABLE pv.brand_head DISABLE ROW LEVEL SECURITY",
     "sees rows of brand_head without a scope"),
)  # fmt: skip


@pytest.mark.parametrize(("role", "sabotage", "fault"), BREAKS, ids=[sabotage for _, sabotage, _ in BREAKS])
async def test_a_broken_wall_keeps_the_process_from_starting(
    empty_database: Installation,
    make_database: Callable[..., Database],
    role: str,
    sabotage: LiteralString,
    fault: str,
) -> None:
    own = Database(empty_database.urls, make_database().clock, engine_options={"pool_size": 1})
    await mint_interaction(own, await mint_brand(own))
    await own.close()
    with psycopg.connect(empty_database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute(sabotage.replace("{}", f'"{empty_database.name}"').encode())
    async with engine_of(empty_database, role) as engine:
        faults = await check_role(engine)
    assert [found for found in faults if fault in found] if fault else faults == []
