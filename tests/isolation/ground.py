"""Every table of the house filled for a few brands, made from the metadata: a new table is filled by itself.

Ids and texts name their owner, so that whatever comes back over a connection tells whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Table, UniqueConstraint

from portavoce.core.walls import ROLES
from portavoce.tables import METADATA
from tests.database import Installation

Row = Mapping[str, Any]
BRANDS = 3
ROWS = 3
"""Of a table whose rows stand by themselves; the last one is referred to by nobody."""
START = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=20)
"""Lately: old refusals may be removed, and an attack that does so is none."""
TABLES: dict[str, Table] = {table.name: table for table in METADATA.sorted_tables}
NUMBERS = {name: number for number, name in enumerate(TABLES, 1)}
WALLED = frozenset(
    name for name, table in TABLES.items() if table.info["kind"] == "tenant" or name == "brand"
)
"""Tables whose rows belong to one brand and are hidden from every other."""
NEEDED = frozenset({("customer_change", "brand_agent_id")})
"""Columns that may be empty where another one is not."""
MARK = re.compile(r"wall-(\d+)-")
_ID = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7000-8000-[0-9a-f]{12}")
_ONE_OF = re.compile(r"^(\w+) IN \('(\w+)'")


@cache
def key_of(owner: int, table: str, n: int) -> UUID:
    return UUID(f"{owner:08x}-{NUMBERS[table]:04x}-7000-8000-{n:012x}")


def brand_of(owner: int) -> UUID:
    return key_of(owner, "brand", 1)


def owners_in(text: str, *, with_brand_ids: bool) -> set[int]:
    """The brands that rows behind a wall name in this text."""
    named = {int(owner) for owner in MARK.findall(text)}
    hidden = {NUMBERS[name] for name in WALLED if name != "brand" or with_brand_ids}
    return named | {int(owner, 16) for owner, table in _ID.findall(text) if int(table, 16) in hidden}


@cache
def leads_elsewhere(table: str) -> bool:
    """Whether some key of the table consists of references, so that each row needs rows of its own to refer to."""
    keys = [list(TABLES[table].primary_key.columns)]
    keys += [list(index.columns) for index in TABLES[table].indexes if index.unique]
    keys += [list(each.columns) for each in TABLES[table].constraints if isinstance(each, UniqueConstraint)]
    return any(not any(_varies(column) for column in key) for key in keys)


@cache
def rows_of(table: str) -> int:
    """How many rows each brand has; one more could be added, its references are there."""
    if table == "brand" or TABLES[table].primary_key.columns.keys() == ["brand_id"]:
        return 1
    if not leads_elsewhere(table):
        return ROWS
    return min(rows_of(target) for _, target, _ in _references(table) if target != "brand") - 1


@cache
def row(table: str, owner: int, n: int) -> Row:
    """The n-th row of a brand, complete and valid. Not to be changed: it is kept."""
    made = {column.name: _value(table, column, owner, n) for column in TABLES[table].columns}
    for local, target, remote in _references(table):
        if made[local] is not None or local == "brand_id":
            same = leads_elsewhere(table) and target != "brand"
            made[local] = row(target, owner, n if same else 1)[remote]
    return made


def _references(table: str) -> Iterator[tuple[str, str, str]]:
    for constraint in TABLES[table].constraints:
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name != table:
            for element in constraint.elements:
                yield element.parent.name, constraint.referred_table.name, element.column.name


def _value(table: str, column: Column[Any], owner: int, n: int) -> Any:
    if column.name == "brand_id":
        return brand_of(owner)
    if column.nullable and (table, column.name) not in NEEDED:
        return None
    if column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]  # -- what is_scalar says
    kind = column.type.python_type
    text = f"{'wall' if table in WALLED else 'house'}-{owner}-{table}-{column.name}-{n}"
    values: dict[type, Any] = {
        UUID: key_of(owner, table, n),
        str: _allowed(table).get(column.name, text),
        bytes: text.encode(),
        int: n if table in WALLED else 1,
        bool: False,
        datetime: START + timedelta(days=owner, hours=n),
    }
    return values[kind]


def _varies(column: Column[Any]) -> bool:
    """Whether `row` gives it another value for every n."""
    fixed = column.name == "brand_id" or column.nullable or column.default is not None
    constant = column.type.python_type in (bool,) or column.name in _allowed(column.table.name)
    house_number = column.type.python_type is int and column.table.name not in WALLED
    return not (fixed or constant or house_number or column.foreign_keys)


@cache
def _allowed(table: str) -> dict[str, str]:
    """The first value of each column that lists its values."""
    checks = [each for each in TABLES[table].constraints if isinstance(each, CheckConstraint)]
    return {found[1]: found[2] for each in checks if (found := _ONE_OF.match(str(each.sqltext)))}


class Ground:
    """A filled database, a connection of each role, and eyes that see over the wall."""

    def __init__(self, installation: Installation) -> None:
        self.roles = {role: psycopg.connect(installation.dsn(role), autocommit=True) for role in ROLES}
        self.eyes = psycopg.connect(installation.superuser_dsn, autocommit=True)
        self.brands = {owner: brand_of(owner) for owner in range(1, BRANDS + 1)}
        self._fill()
        self.before = self.rows()

    def close(self) -> None:
        for connection in (*self.roles.values(), self.eyes):
            connection.close()

    def _fill(self) -> None:
        for table in TABLES:
            for owner in self.brands:
                for n in range(1, rows_of(table) + 1):
                    self.eyes.execute(*insertion(table, row(table, owner, n)))
        self.eyes.execute("CREATE SCHEMA shadow")
        for table in TABLES:
            name = sql.Identifier(table)
            self.eyes.execute(sql.SQL("CREATE TABLE shadow.{0} AS SELECT * FROM pv.{0}").format(name))

    def rows(self) -> dict[tuple[str, str], frozenset[str]]:
        """By table and brand (empty for tables without walls): each row as text."""
        seen: dict[tuple[str, str], set[str]] = {}
        for table, owner, text in self.eyes.execute(_EVERYTHING, prepare=True):
            seen.setdefault((table, owner), set()).add(text)
        return {key: frozenset(texts) for key, texts in seen.items()}

    def count(self, table: str, brands: frozenset[UUID] | None) -> int:
        """Rows there really are, of these brands or of everybody."""
        query = sql.SQL("SELECT count(*) FROM pv.{}").format(sql.Identifier(table))
        if brands is not None and table in WALLED:
            query += sql.SQL(" WHERE {} = ANY (%s)").format(sql.Identifier(_owner_column(table)))
            return int(self.eyes.execute(query, [list(brands)]).fetchone()[0])  # type: ignore[index]  # -- one row
        return int(self.eyes.execute(query).fetchone()[0])  # type: ignore[index]  # -- one row

    def restore(self, now: dict[tuple[str, str], frozenset[str]]) -> None:
        """Puts back what an act changed, without asking foreign keys."""
        changed = {table for (table, _brand), _rows in now.items() ^ self.before.items()}
        if not changed:
            return
        with self.eyes.transaction():
            self.eyes.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                name = sql.Identifier(table)
                self.eyes.execute(sql.SQL("DELETE FROM pv.{}").format(name))
                self.eyes.execute(sql.SQL("INSERT INTO pv.{0} SELECT * FROM shadow.{0}").format(name))


def insertion(table: str, made: Row, ending: str = "") -> tuple[sql.Composed, Row]:
    columns = sql.SQL(", ").join(map(sql.Identifier, made))
    values = sql.SQL(", ").join(map(sql.Placeholder, made))
    query = sql.SQL("INSERT INTO pv.{} ({}) VALUES ({}) {}").format(
        sql.Identifier(table),
        columns,
        values,
        sql.SQL(ending),
    )
    return query, made


def _owner_column(table: str) -> str:
    return "id" if table == "brand" else "brand_id"


def _texts(table: str) -> str:
    owner = f"t.{_owner_column(table)}::text" if table in WALLED else "''"
    return f"SELECT '{table}', {owner}, t::text FROM pv.{table} t"


_EVERYTHING = " UNION ALL ".join(map(_texts, TABLES)).encode()
