"""SEC-11: what another brand has is not taken here: no answer tells that a value exists elsewhere."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from portavoce.core.scope import Scope
from portavoce.core.walls import APP
from tests.isolation.ground import TABLES, WALLED, Ground, insertion, row, rows_of

MINE, THEIRS = 1, 2
KEYED = sorted(name for name in WALLED if name != "brand" and rows_of(name) > 1)
"""All tables of a brand but those which hold one row by their nature."""


def taken(ground: Ground, table: str) -> bool:
    """Whether the first brand is refused a row with every value of the second's, its id included.

    Not its numbers: those two brands count alike, and the catalog gate holds the keys over them.
    """
    own = {"brand_id"} | {column.name for column in TABLES[table].columns if column.type.python_type is int}
    free = {column.name for column in TABLES[table].columns if not column.foreign_keys} - own
    theirs = row(table, THEIRS, rows_of(table))
    wanted = {**row(table, MINE, rows_of(table) + 1), **{name: theirs[name] for name in free}}
    connection = ground.roles[APP]
    try:
        with connection.transaction(force_rollback=True):
            for setting in Scope.writing(ground.brands[MINE]).statements().split("; "):
                connection.execute(setting.encode())
            connection.execute(*_again(table, wanted))
    except UniqueViolation:
        return True
    return False


def _again(table: str, wanted: dict[str, object]) -> tuple[psycopg.sql.Composed, dict[str, object]]:
    query, values = insertion(table, wanted)
    return query, dict(values)


@pytest.mark.parametrize("table", KEYED)
def test_what_another_brand_has_can_be_had_here_too(ground: Ground, table: str) -> None:
    assert not taken(ground, table)


def test_a_key_without_its_brand_would_be_an_oracle(ground: Ground) -> None:
    ground.eyes.execute("CREATE UNIQUE INDEX loose ON pv.customer_identity (value)")
    found = taken(ground, "customer_identity")
    ground.eyes.execute("DROP INDEX pv.loose")
    assert found
