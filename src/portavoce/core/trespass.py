"""Tries to read each brand's rows from outside of it, as every role this installation signs in with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Table, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.selfcheck import READABLE, excepted
from portavoce.core.session import TRUSTED
from portavoce.core.tables import SCHEMA, Base
from portavoce.core.walls import PROCESS_ROLES

NONE, ONE, ALL = "without a brand", "as another brand", "as all other brands"
SCOPES = (NONE, ONE, ALL)


class Walls(NamedTuple):
    """`checks`: how many tables were asked for one brand's rows, over all roles and scopes; `seen`: by brand, those
    that showed some, as `table (role, scope)`."""

    checks: int
    seen: dict[UUID, set[str]]


async def try_walls(
    database: Database, brands: Collection[UUID], roles: Iterable[str] = PROCESS_ROLES
) -> Walls:
    """Import `portavoce.tables` before: the tenant tables are those which are registered.

    One pass over every brand's rows per role, whatever the number of brands: a brand's own scope is asked for what is
    foreign to it, the scope of all others for the one brand by its key.
    """
    checks, seen = 0, dict[UUID, set[str]]()
    for role in roles:
        engine = database.engine(role)
        tables = await _tables(engine, role)
        checks += len(SCOPES) * len(tables)
        if not tables:
            continue
        for words, scope, asked in _questions(brands):
            for name, brand in await _visible(engine, scope, tables, asked):
                seen.setdefault(brand, set()).add(f"{name} ({role.removeprefix('portavoce_')}, {words})")
    return Walls(checks, seen)


async def _tables(engine: AsyncEngine, role: str) -> list[Table]:
    """What the role may read at all and not across brands by declaration: tenant tables, and `brand` itself."""
    async with engine.connect() as connection:
        readable = set((await connection.execute(READABLE, {"schema": SCHEMA})).scalars())
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name in readable
        and (table.info["kind"] == "tenant" or table.name == "brand")
        and not excepted(table, role)
    ]


def _questions(brands: Collection[UUID]) -> Iterable[tuple[str, Scope, UUID | None]]:
    """A scope in words and as such, and the one brand whose rows are looked for; None: any outside of the scope."""
    yield NONE, HOUSE, None
    for brand in brands:
        yield ONE, Scope.reading([brand]), None
        yield ALL, Scope.reading(set(brands) - {brand}), brand


async def _visible(
    engine: AsyncEngine, scope: Scope, tables: list[Table], asked: UUID | None
) -> list[tuple[str, UUID]]:
    """Tables with the brands whose rows show although they are outside of the scope."""
    looked = union_all(*(_foreign(table, scope, asked) for table in tables))
    async with engine.connect() as connection, connection.begin():
        await connection.exec_driver_sql(f"BEGIN READ ONLY; {scope.statements()}")
        rows: Any = await connection.execute(looked.execution_options(**{TRUSTED: True}))
        return [(name, brand) for name, brand in rows]


def _foreign(table: Table, scope: Scope, asked: UUID | None) -> Select[tuple[str, UUID]]:
    brand = table.c.id if table.name == "brand" else table.c.brand_id
    wanted = brand == asked if asked is not None else brand.not_in(sorted(scope.read))
    return select(literal(table.name), brand).where(wanted).distinct()
