"""What a statement names: the scoped session looks before it executes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Alias, Column, ColumnClause, Join, Select, Table, TextClause
from sqlalchemy.orm import FromStatement
from sqlalchemy.sql import TableClause, visitors

from portavoce.core.errors import UnscopedStatement

HINT = "text() and raw Core are refused here; see core.trusted"
REMEMBERED = 2_000
_passed: dict[Any, bool] = {}


def names_tenant_rows(statement: Any) -> bool:
    """Whether a tenant table occurs anywhere in an ORM statement, in a subquery too.

    Raises UnscopedStatement for SQL text and for raw tables or columns within it: no predicate can be added there,
    and text such as `true OR …` would even take away the one that was.

    What passed is remembered by the key under which SQLAlchemy keeps compiled statements: two of one key differ in
    bound values only. What is refused is looked at, and refused, each time.
    """
    key = statement._generate_cache_key()
    if key is None:
        return _looked_through(statement)
    known = _passed.get(key.key)
    if known is None:
        known = _looked_through(statement)
        if len(_passed) >= REMEMBERED:
            _passed.clear()
        _passed[key.key] = known
    return known


def _looked_through(statement: Any) -> bool:
    parts = list(visitors.iterate(statement))
    if any(_is_text(part) or _is_raw_select(part) for part in parts):
        raise UnscopedStatement(HINT)
    if _raw_tables(parts) - _entity_tables(parts):
        raise UnscopedStatement(HINT)
    return any(isinstance(part, Table) and part.info.get("kind") == "tenant" for part in parts)


def stray_tables(statement: Any) -> set[str]:
    """Tables that an UPDATE or DELETE would join by its WHERE or give back: they would get no predicate.

    Name them in EXISTS.
    """
    parts = list(visitors.iterate(statement))
    listed = {part.key for part in parts if isinstance(part, Table)}
    given_back = {part.key for part in statement._returning if isinstance(part, Table)} - {
        statement.table.key
    }
    return {
        column.table.key for column in _columns(parts) if isinstance(column.table, Table)
    } - listed | given_back


def _is_text(part: Any) -> bool:
    if isinstance(part, ColumnClause) and part.is_literal:
        return part.name != "*"
    return isinstance(part, TextClause) or (isinstance(part, FromStatement) and not part.element.is_dml)


def _is_raw_select(part: Any) -> bool:
    """A subquery in which SQLAlchemy sees no entity, so that it adds no predicate."""
    if not isinstance(part, Select) or part._propagate_attrs.get("compile_state_plugin") == "orm":
        return False
    return any(isinstance(source, Join) or _is_table(source) for source in part.get_final_froms())


def _raw_tables(parts: list[Any]) -> set[Any]:
    """Tables that raw columns name. SQLAlchemy itself names keys so, in `get` and beside an UPDATE, next to the entity."""
    nameless = {part for part in parts if isinstance(part, TableClause) and not isinstance(part, Table)}
    return nameless | {_source(column) for column in _columns(parts) if not _has_entity(column)}


def _entity_tables(parts: list[Any]) -> set[Any]:
    entities = {part.key for part in parts if isinstance(part, Table) and _has_entity(part)}
    return entities | {_source(column) for column in _columns(parts) if _has_entity(column)}


def _columns(parts: list[Any]) -> list[Column[Any]]:
    return [part for part in parts if isinstance(part, Column) and _is_table(part.table)]


def _source(column: Column[Any]) -> Any:
    """What tells one use of a table from another: its key, or the alias."""
    return column.table.key if isinstance(column.table, Table) else column.table.name


def _is_table(source: Any) -> bool:
    return isinstance(source, TableClause) or (
        isinstance(source, Alias) and isinstance(source.element, Table)
    )


def _has_entity(part: Any) -> bool:
    return "parententity" in part._annotations
