"""Performs acts as the real roles and tells, in words, every breach of what the house declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from psycopg.errors import Error

from portavoce.core.scope import Scope
from portavoce.core.walls import ALL, EXCEPTIONS, OWNER, WRITE, Grant, Policy
from tests.isolation.acts import Act
from tests.isolation.declared import rules_of
from tests.isolation.ground import TABLES, WALLED, Ground, owners_in

REFUSED = object()


def breaches(ground: Ground, role: str, scope: Scope, act: Act) -> Iterator[str]:
    """Acts, commits, looks from above, and puts everything back."""
    allowed = ground.count(act.table, None if open_to(role, act.table) else scope.read) if act.counts else 0
    answer = perform(ground.roles[role], scope, act)
    if answer is not REFUSED:
        yield from _seen(ground, role, scope, act, answer)
        if act.counts and answer[0][0] > allowed:
            yield f"{role} counted {answer[0][0]} rows of {act.table} where {allowed} are in scope"
    after = ground.rows()
    yield from _moved(role, scope, ground.before, after)
    ground.restore(after)


def perform(connection: psycopg.Connection[Any], scope: Scope, act: Act) -> Any:
    query, values = act.query()
    try:
        with connection.transaction():
            for setting in scope.statements().split("; "):
                connection.execute(setting.encode())
            if act.shape == "copy":
                with connection.cursor() as cursor, cursor.copy(query) as copied:
                    return [bytes(chunk) for chunk in copied]
            answer = connection.execute(query, values or None)
            return answer.fetchall() if answer.description else []
    except Error:
        return REFUSED


def _seen(ground: Ground, role: str, scope: Scope, act: Act, answer: Any) -> Iterator[str]:
    if act.reads:
        for table in sorted(act.tables):
            if not may_read(role, table, act.columns):
                yield f"{role} read {table}: {act.shape}"
    if any(open_to(role, table) for table in act.tables):
        return
    readable = {owner for owner, brand in ground.brands.items() if brand in scope.read}
    found = owners_in(str(answer), with_brand_ids=act.tables <= WALLED)
    if strangers := found - readable:
        yield f"{role} saw rows of brands {sorted(strangers)} in {'+'.join(sorted(act.tables))}: {act.shape}"


def _moved(
    role: str,
    scope: Scope,
    before: dict[tuple[str, str], frozenset[str]],
    after: dict[tuple[str, str], frozenset[str]],
) -> Iterator[str]:
    for table, brand in before.keys() | after.keys():
        lost = before.get((table, brand), frozenset()) - after.get((table, brand), frozenset())
        gained = after.get((table, brand), frozenset()) - before.get((table, brand), frozenset())
        if not lost and not gained:
            continue
        if marks := _marks(role, table):
            if len(lost) != len(gained) or _without(lost, table, marks) != _without(gained, table, marks):
                yield f"{role} changed more of {table} than its marks"
            continue
        if table in WALLED and (scope.write is None or brand != str(scope.write)):
            yield f"{role} changed rows of another brand in {table}"
        elif not may_write(role, table):
            yield f"{role} wrote to {table}"
        elif (
            lost
            and TABLES[table].info["append_only"]
            and role != OWNER
            and not (may_erase(role, table) and not gained)
        ):
            yield f"{role} changed or deleted rows of {table}, which only grows"


def _without(rows: frozenset[str], table: str, columns: tuple[str, ...]) -> list[list[str]]:
    """Rows as PostgreSQL writes them (`(a,b,…)`), less some columns; our values hold no comma."""
    names = [column.name for column in TABLES[table].columns]
    cut = [dict(zip(names, re.split(",", row.strip("()")), strict=True)) for row in rows]
    return sorted([value for name, value in row.items() if name not in columns] for row in cut)


def open_to(role: str, table: str) -> bool:
    """Whether an exception lets the role see the rows of every brand."""
    return table not in WALLED or any(
        isinstance(rule, Policy) and (rule.table, rule.command, rule.using) == (table, "SELECT", ALL)
        for rule, _reason in EXCEPTIONS
        if isinstance(rule, Policy) and role in rule.roles
    )


def may_read(role: str, table: str, columns: frozenset[str] | None) -> bool:
    if role == OWNER:
        return True
    grants = _grants(role, table, "SELECT")
    wanted = frozenset(TABLES[table].columns.keys()) if columns is None else columns
    return any(not grant.columns or wanted <= set(grant.columns) for grant in grants)


def may_write(role: str, table: str) -> bool:
    return role == OWNER or any(_grants(role, table, each) for each in ("INSERT", "UPDATE", "DELETE"))


def may_erase(role: str, table: str) -> bool:
    """Whether an exception lets rows of a table that only grows go with the person they are about."""
    return any(
        isinstance(rule, Policy)
        and (rule.table, rule.command, rule.using) == (table, "DELETE", WRITE)
        and role in rule.roles
        for rule, _reason in EXCEPTIONS
    )


def _marks(role: str, table: str) -> tuple[str, ...]:
    """The columns that an exception lets the role change in rows of every brand."""
    return next((grant.columns for grant in _grants(role, table, "UPDATE") if grant.columns), ())


def _grants(role: str, table: str, privilege: str) -> list[Grant]:
    grants = [rule for rule in rules_of(table) if isinstance(rule, Grant)]
    return [grant for grant in grants if (grant.role, grant.privilege) == (role, privilege)]


def scope_of(ground: Ground, read: set[int], write: int | None) -> Scope:
    """`read` may name a brand that does not exist; `write` counts only where it may be read."""
    known: dict[int, UUID] = {**ground.brands, 0: UUID(int=1)}
    return Scope(frozenset(known[each] for each in read), known[write] if write in read else None)
