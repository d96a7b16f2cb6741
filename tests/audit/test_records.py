"""SEC-68: what was written down stays as it was, whoever asks and whatever the clock says."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg import errors, sql

from portavoce.core.walls import APP, BACKUP, DEFINER, PROCESS_ROLES
from portavoce.ledger.verifying import verify_all
from portavoce.tables import METADATA
from tests.database import Installation
from tests.floor import Floor

RECORDS = sorted(table.name for table in METADATA.tables.values() if table.info.get("append_only"))
CHANGES = {
    "update": "UPDATE pv.{} SET {} = {}",
    "delete": "DELETE FROM pv.{}",
    "truncate": "TRUNCATE pv.{}",
    "disable row security": "ALTER TABLE pv.{} DISABLE ROW LEVEL SECURITY",
    "drop": "DROP TABLE pv.{}",
}


FORGOTTEN = {
    ("denial", "delete", APP),
    *((table, "delete", APP) for table in ("customer_consent", "customer_change", "customer_move")),
}
"""Refusals end with their period, which a policy bounds: tests of audit.auditing. What a customer said and what was
changed of theirs goes with them: tests of customers.editing."""


def test_the_records_are_known() -> None:
    assert {"audit_entry", "denial", "house_audit", "ledger_event", "agent_event"} <= set(RECORDS)


@pytest.mark.parametrize("role", [*PROCESS_ROLES, BACKUP, DEFINER])
async def test_no_role_of_a_process_changes_what_was_written_down(
    floor: Floor, installation: Installation, role: str
) -> None:
    await floor.closed()
    scope = floor.aurora.writing.statements().encode()
    with psycopg.connect(installation.dsn(role), autocommit=True) as connection:
        for table in RECORDS:
            column = next(iter(METADATA.tables[f"pv.{table}"].primary_key.columns)).name
            for change, statement in CHANGES.items():
                if (table, change, role) in FORGOTTEN:
                    continue
                holes = [sql.Identifier(table), *[sql.Identifier(column)] * 2][: statement.count("{}")]
                connection.execute("BEGIN")
                connection.execute(scope)
                with pytest.raises((errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)) as refused:
                    connection.execute(sql.SQL(statement).format(*holes))
                connection.execute("ROLLBACK")
                assert table in str(refused.value) or "read-only" in str(refused.value), (table, change)
    assert await verify_all(floor.database, [floor.aurora.id]) == []


async def test_a_clock_that_goes_back_breaks_no_chain(floor: Floor) -> None:
    floor.later(days=60)
    first = await floor.held()
    floor.clock.advance(timedelta(hours=-3))
    await floor.closed()
    floor.clock.advance(timedelta(days=-40))
    await floor.waiting()
    floor.clock.advance(timedelta(days=41))
    await floor.closed()
    facts = await floor.facts()
    assert [fact.n for fact in facts] == list(range(1, len(facts) + 1))
    assert sorted(fact.at for fact in facts) != [fact.at for fact in facts]
    assert await verify_all(floor.database, [floor.aurora.id]) == []
    assert (await floor.contact(first)).state == "assigned"
