"""What a process asks of its own database role at start: a role with powers makes every wall worthless."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

from sqlalchemy import Row, Table, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portavoce.core.db import Database
from portavoce.core.session import TRUSTED
from portavoce.core.tables import SCHEMA, Base
from portavoce.core.trusted import trusted_sql
from portavoce.core.walls import ALL, EXCEPTIONS, PROCESS_ROLES, Policy

WHO_AM_I = trusted_sql(
    "core.who_am_i",
    """
    SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
           (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relowner = r.oid) AS owned,
           (SELECT count(*) FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AS memberships,
           pg_catalog.has_database_privilege(current_database(), 'TEMP') AS temporary,
           pg_catalog.has_database_privilege(current_database(), 'CREATE') AS creates_schemas,
           pg_catalog.has_schema_privilege(CAST(:schema AS text), 'CREATE') AS creates
      FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
    """,
)
READABLE = trusted_sql(
    "core.readable_tables",
    """
    SELECT c.relname FROM pg_catalog.pg_class c
     WHERE c.relnamespace = to_regnamespace(CAST(:schema AS text)) AND c.relkind IN ('r', 'p')
       AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1
    """,
)


async def check_role(engine: AsyncEngine) -> list[str]:
    """Why the process must not start with this engine's role, in words; an empty list means that it may.

    Import `portavoce.tables` before: the tenant tables are those which are registered.
    """
    async with engine.connect() as connection:
        role = (await connection.execute(WHO_AM_I, {"schema": SCHEMA})).one()
        return [*_powers(role), *[fault async for fault in _seen_without_scope(connection, role.name)]]


def _powers(role: Row[tuple[object, ...]]) -> Iterator[str]:
    if role.superuser:
        yield f"{role.name} is a superuser"
    if role.bypasses:
        yield f"{role.name} bypasses row security"
    if role.owned:
        yield f"{role.name} owns {role.owned} relations"
    if role.memberships:
        yield f"{role.name} is a member of {role.memberships} roles"
    if role.temporary:
        yield f"{role.name} may create temporary tables"
    if role.creates or role.creates_schemas:
        yield f"{role.name} may create objects"


async def _seen_without_scope(connection: AsyncConnection, role: str) -> AsyncIterator[str]:
    readable = set((await connection.execute(READABLE, {"schema": SCHEMA})).scalars())
    for table in Base.metadata.sorted_tables:
        if table.info["kind"] != "tenant" or table.name not in readable or excepted(table, role):
            continue
        seen = select(exists(select(1).select_from(table))).execution_options(**{TRUSTED: True})
        if await connection.scalar(seen):
            yield f"{role} sees rows of {table.name} without a scope"


def excepted(table: Table, role: str) -> bool:
    """Whether this role reads the table across brands by declaration, each with its reason."""
    policies = (rule for rule, _reason in EXCEPTIONS if isinstance(rule, Policy))
    return any(rule.table == table.name and role in rule.roles and rule.using == ALL for rule in policies)


class Refused(SystemExit):
    """The process ends: one of its roles could do more than it may."""


async def refuse_to_start(database: Database, roles: Iterable[str] = PROCESS_ROLES) -> None:
    """Check every role this process uses; Refused says what is wrong and where it is put right."""
    faults = [fault for role in roles for fault in await check_role(database.engine(role))]
    if faults:
        raise Refused(
            "Not started, since the database would not hold the walls: "
            + "; ".join(faults)
            + ". Run infra/postgres/bootstrap.sql again and look at the roles."
        )
