"""The scoped session: every statement carries its brand, or raises before it reaches PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NoReturn, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Uuid, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction, with_loader_criteria

from portavoce.core.errors import NoScope, UnscopedStatement, WallError
from portavoce.core.inserting import insert_together, insert_values
from portavoce.core.scope import Scope
from portavoce.core.statements import HINT, names_tenant_rows, stray_tables
from portavoce.core.tables import Tenant

TRUSTED = "portavoce_trusted"
CARRIED_FROM = "portavoce_carried_from"
"""Execution option of a SELECT over several brands: the one table that names them, or None where each part of the SELECT
names a brand itself; from there every join carries the brand on.

Named at each joined table as well, PostgreSQL would count the brands several times, expect no row at all, and go through
the whole of a brand for each row. tests/predicates.py sees to it that nothing is joined without its brand.
"""
SEALED = "nothing may follow once the ledger was written"


class ScopedSession(Session):
    """A session bound to one scope for life. `snapshot` makes it REPEATABLE READ READ ONLY."""

    def __init__(self, *args: Any, scope: Scope, snapshot: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        self._snapshot = snapshot
        self.sealed = False

    @property
    def scope(self) -> Scope:
        return self._scope

    def preamble(self) -> str:
        """Transaction and scope begin in one round trip: no statement of ours can come between them."""
        mode = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if self._snapshot else ""
        return f"BEGIN{mode}; {self._scope.statements()}"

    def insert_many(self, rows: Iterable[tuple[type[Tenant], Mapping[str, Any]]]) -> None:
        """Rows of the written brand that nobody reads again in this unit: they never become objects of it."""
        _require_write(self.scope)
        if self.sealed:
            raise WallError(SEALED)
        own = {"brand_id": self.scope.write}
        ready = [(inspect(table), {**own, **values}) for table, values in rows]
        if any(values["brand_id"] != self.scope.write for _, values in ready):
            raise WallError("a row of another brand was added")
        self.flush()
        insert_values(Session.connection(self), ready)

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """What would reach PostgreSQL around the hooks below."""
        raise UnscopedStatement(HINT)

    connection = bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _refuse


@event.listens_for(ScopedSession, "after_begin")
def _enter_scope(session: ScopedSession, transaction: SessionTransaction, connection: Any) -> None:
    if transaction.parent is None:
        connection.exec_driver_sql(session.preamble())


@event.listens_for(ScopedSession, "do_orm_execute")
def _carry_the_brand(state: ORMExecuteState) -> None:
    session = cast("ScopedSession", state.session)
    if session.sealed:
        raise WallError(SEALED)
    if state.execution_options.get(TRUSTED):
        return
    if not state.is_orm_statement:
        raise UnscopedStatement(HINT)
    if not names_tenant_rows(state.statement):
        return
    if state.is_select:
        _require_read(session.scope)
    else:
        _require_write(session.scope)
    if state.is_update or state.is_delete:
        _refuse_joined_rows(state.statement)
    predicate = None if state.is_insert or state.is_column_load else _predicate(state, session.scope)
    if predicate is not None:
        state.statement = _bound(state.statement, predicate)


_BOUND: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()
"""Statements that are built once, with each predicate they went out with: what SQLAlchemy knows of one is kept with it."""
MOST_BOUND = 32


def _bound(statement: Any, predicate: Any) -> Any:
    known = _BOUND.get(statement)
    if known is None:
        known = _BOUND[statement] = {}
    bound = known.get(predicate)
    if bound is None:
        if len(known) >= MOST_BOUND:
            known.clear()
        bound = known[predicate] = statement.options(predicate)
    return bound


def _require_read(scope: Scope) -> None:
    if not scope.read:
        raise NoScope("this session names no brand")


def _require_write(scope: Scope) -> None:
    if scope.write is None:
        raise NoScope("this session may not write to any brand")


def _refuse_joined_rows(statement: Any) -> None:
    if stray := stray_tables(statement):
        raise UnscopedStatement(f"name {', '.join(sorted(stray))} in a subquery: joined rows carry no brand")


def _predicate(state: ORMExecuteState, scope: Scope) -> Any:
    if state.is_select:
        table = state.execution_options.get(CARRIED_FROM, Tenant)
        return _one_of_brands(scope.read, table) if table else None
    assert scope.write is not None, "asked before"
    return _of_brand(scope.write)


class BrandValue(BindParameter[Any]):
    """The brand of a predicate. It stands behind each table of a statement, and SQLAlchemy compares it with itself at
    each execution by making an SQL comparison of it: here hashes are compared, which is what came of that.
    """

    inherit_cache = True
    __hash__ = BindParameter.__hash__

    def __eq__(self, other: object) -> bool:  # type: ignore[override]  # -- it never stands on the left of anything
        return hash(self) == hash(other)


@lru_cache(maxsize=1_024)
def _one_of_brands(read: frozenset[UUID], table: type[Tenant]) -> Any:
    if len(read) == 1:
        return _of_brand(next(iter(read)))
    brands = BrandValue("brands", sorted(read), Uuid(), unique=True, expanding=True)
    return with_loader_criteria(table, lambda cls: cls.brand_id.in_(brands), include_aliases=True)


@lru_cache(maxsize=1_024)
def _of_brand(brand_id: UUID) -> Any:
    brand = BrandValue("brand", brand_id, Uuid(), unique=True)
    return with_loader_criteria(Tenant, lambda cls: cls.brand_id == brand, include_aliases=True)


@event.listens_for(ScopedSession, "before_flush")
def _own_the_rows(session: ScopedSession, _context: UOWTransaction, _instances: Any) -> None:
    modified = [row for row in session.dirty if session.is_modified(row)]
    new = session.new
    if session.sealed and (new or session.deleted or modified):
        raise WallError(SEALED)
    for row in [*new, *session.dirty, *session.deleted]:
        if isinstance(row, Tenant):
            _own(row, session, is_new=row in new)
    if new:
        insert_together(session, Session.connection(session))


def _own(row: Tenant, session: ScopedSession, *, is_new: bool) -> None:
    _require_write(session.scope)
    if row.brand_id is None and is_new:
        row.brand_id = session.scope.write
    stored = inspect(row).identity
    if {row.brand_id, stored[0] if stored else row.brand_id} != {session.scope.write}:
        raise WallError("a row of another brand was changed")


@event.listens_for(ScopedSession, "before_commit")
def _write_last(session: ScopedSession) -> None:
    if session.in_nested_transaction():
        return
    if session.sealed:
        raise WallError(SEALED)
    session.flush()
    for write in session.info.get("last_writers", ()):
        write(session)
    session.sealed = True
