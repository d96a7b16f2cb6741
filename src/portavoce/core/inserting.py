"""New rows of many tables in one round trip: foreign keys are checked when the whole statement ends, so order is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portavoce.core.tables import Base

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # -- SQLAlchemy types its dialects loosely
TOGETHER = 500
"""Rows of one statement; PostgreSQL takes 65,535 values."""


def insert_together(session: Session, connection: Connection) -> None:
    """Store what the session holds as new and make it persistent, as a flush would.

    Rows that PostgreSQL itself completes (defaults of the server) are left to the flush.
    """
    ready = [row for row in session.new if _plain_columns(inspect(row).mapper)]
    if len(ready) > TOGETHER:
        ready = _parents_first(ready)
    for start in range(0, len(ready), TOGETHER):
        _insert(connection, ready[start : start + TOGETHER])
    for row in ready:
        session.expunge(row)
        make_transient_to_detached(row)
        session.add(row)


def insert_values(connection: Connection, rows: Iterable[tuple[Mapper[Any], Mapping[str, Any]]]) -> None:
    """Store rows given by their table and the values of its columns, and make nothing else of them.

    They travel as one value a table: thousands of places for values would cost more than storing them.
    """
    by_table: dict[Mapper[Any], list[Mapping[str, Any]]] = {}
    for mapper, values in rows:
        by_table.setdefault(mapper, []).append({**dict(_plain_columns(mapper)), **values})
    if by_table:
        texts = tuple(msgspec.json.encode(each).decode() for each in by_table.values())
        connection.exec_driver_sql(_from_json(tuple(by_table)), texts)


def _parents_first(rows: list[Any]) -> list[Any]:
    place = {table: number for number, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(rows, key=lambda row: place[inspect(row).mapper.local_table])


def _insert(connection: Connection, rows: Iterable[object]) -> None:
    by_table: dict[Mapper[Any], list[object]] = {}
    for row in rows:
        by_table.setdefault(inspect(row).mapper, []).append(row)
    values = [value for mapper, rows in by_table.items() for row in rows for value in _completed(row, mapper)]
    statement = _statement(tuple((mapper, len(rows)) for mapper, rows in by_table.items()))
    connection.exec_driver_sql(statement, tuple(values))


def _completed(row: Any, mapper: Mapper[Any]) -> list[Any]:
    """The row's values in order of its columns, with the defaults that the models name."""
    held = inspect(row).dict
    for name, default in _plain_columns(mapper):
        if held.get(name) is None:
            set_committed_value(row, name, default)
    return [held[name] for name, _default in _plain_columns(mapper)]


@cache
def _plain_columns(mapper: Mapper[Any]) -> Sequence[tuple[str, Any]]:
    """Attribute and default of each column; nothing when a column's value is made elsewhere than here."""
    columns = mapper.local_table.columns
    if not all(_is_plain(column) for column in columns):
        return ()
    return [(mapper.get_property_by_column(column).key, _default(column)) for column in columns]


def _is_plain(column: Any) -> bool:
    """A default of the server does not count beside one of the model: it is for rows older than the column."""
    return column.server_default is None if column.default is None else column.default.is_scalar


def _default(column: Any) -> Any:
    return None if column.default is None else column.default.arg


@lru_cache(maxsize=1_024)
def _statement(tables: tuple[tuple[Mapper[Any], int], ...]) -> str:
    """`WITH i0 AS (INSERT …), i1 AS (INSERT …) INSERT …`, made of names of our own models only."""
    inserts = [_insert_into(mapper, rows) for mapper, rows in tables]
    before = ", ".join(f"i{number} AS ({insert})" for number, insert in enumerate(inserts[:-1]))
    return f"WITH {before} {inserts[-1]}" if before else inserts[-1]


@lru_cache(maxsize=256)
def _from_json(tables: tuple[Mapper[Any], ...]) -> str:
    inserts = [_selected(mapper) for mapper in tables]
    before = ", ".join(f"i{number} AS ({insert})" for number, insert in enumerate(inserts[:-1]))
    return f"WITH {before} {inserts[-1]}" if before else inserts[-1]


def _selected(mapper: Mapper[Any]) -> str:
    """TypeError for a table whose values JSON cannot carry, or the server completes."""
    columns = mapper.local_table.columns
    if not _plain_columns(mapper) or any(isinstance(column.type, LargeBinary) for column in columns):
        raise TypeError(f"rows of {mapper.local_table} are objects of the session")
    names = ", ".join(column.name for column in columns)
    typed = ", ".join(f"{column.name} {column.type.compile(POSTGRESQL)}" for column in columns)
    return (
        f"INSERT INTO {mapper.local_table} ({names}) "  # noqa: S608 -- names of our own models
        f"SELECT {names} FROM json_to_recordset(%s::json) AS t({typed})"
    )


def _insert_into(mapper: Mapper[Any], rows: int) -> str:
    columns = [column.name for column in mapper.local_table.columns]
    places = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {mapper.local_table} ({', '.join(columns)}) VALUES {', '.join([places] * rows)}"  # noqa: S608 -- names of our own models
