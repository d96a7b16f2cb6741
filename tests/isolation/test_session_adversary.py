"""The session's wall alone: the same adversary through the ORM, with the database's wall torn down.

Each of the two walls must hold by itself; what slips through here is held by nobody when a policy is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    create_engine,
    delete,
    exists,
    func,
    literal_column,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.exc import DBAPIError, InvalidRequestError, MultipleResultsFound
from sqlalchemy.orm import aliased, with_loader_criteria
from sqlalchemy.orm.exc import FlushError

from portavoce.core import session as sessions
from portavoce.core.errors import NoScope, UnscopedStatement, WallError
from portavoce.core.scope import Scope
from portavoce.core.session import ScopedSession
from portavoce.core.tables import Base, Tenant
from portavoce.core.walls import APP
from tests.bench.without_walls import tear_down_walls
from tests.cluster import SessionCluster
from tests.database import Installation
from tests.depth import scaled
from tests.isolation.acts import changeable
from tests.isolation.adversary import scope_of
from tests.isolation.ground import TABLES, Ground, brand_of, owners_in, row, rows_of

ENTITIES: dict[str, Any] = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]  # -- every mapper of ours is of a table
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Tenant)
}
REFUSALS = (
    WallError,
    NoScope,
    UnscopedStatement,
    DBAPIError,
    InvalidRequestError,
    FlushError,
    MultipleResultsFound,
)
Shape = Callable[[ScopedSession, Any, Any, int], Any]


def key(entity: Any, owner: int) -> tuple[Any, ...]:
    table = TABLES[entity.__tablename__]
    leaf = row(table.name, owner, rows_of(table.name))
    return tuple(leaf[column.name] for column in table.primary_key.columns)


def values(entity: Any, owner: int) -> dict[str, Any]:
    column = changeable(entity.__tablename__)[0]
    return {column: row(entity.__tablename__, owner, rows_of(entity.__tablename__) + 1)[column]}


def at(entity: Any, owner: int) -> Any:
    columns = TABLES[entity.__tablename__].primary_key.columns
    return [
        getattr(entity, column.name) == value
        for column, value in zip(columns, key(entity, owner), strict=True)
    ]


def _change(db: ScopedSession, entity: Any, owner: int) -> None:
    """Loads a row if the scope shows it, changes it, and flushes."""
    if (found := db.get(entity, key(entity, owner))) is not None:
        for name, value in values(entity, owner).items():
            setattr(found, name, value)
        db.flush()


def _give_away(db: ScopedSession, entity: Any, owner: int) -> None:
    for found in db.scalars(select(entity)).all():
        found.brand_id = brand_of(owner)
    db.flush()


def _delete(db: ScopedSession, entity: Any, owner: int) -> None:
    if (found := db.get(entity, key(entity, owner))) is not None:
        db.delete(found)
        db.flush()


def _add(db: ScopedSession, entity: Any, owner: int) -> None:
    db.add(entity(**row(entity.__tablename__, owner, rows_of(entity.__tablename__) + 1)))
    db.flush()


def _merge(db: ScopedSession, entity: Any, owner: int) -> None:
    db.merge(
        entity(**{**row(entity.__tablename__, owner, rows_of(entity.__tablename__)), **values(entity, owner)})
    )
    db.flush()


def _joined(entity: Any) -> Any:
    twin = aliased(entity)
    return select(entity, twin).join(twin, true())


def _cte(entity: Any) -> Any:
    return select(select(entity.brand_id).cte("x"))


UNSYNCHRONISED = {"synchronize_session": False}
SHAPES: dict[str, Shape] = {
    "all": lambda db, e, o, n: db.scalars(select(e)).all(),
    "aimed": lambda db, e, o, n: db.scalars(select(e).where(e.brand_id == brand_of(n))).all(),
    "or": lambda db, e, o, n: db.scalars(select(e).where((e.brand_id == brand_of(n)) | true())).all(),
    "get": lambda db, e, o, n: db.get(e, key(e, n)),
    "brands": lambda db, e, o, n: db.scalars(select(e.brand_id).distinct()).all(),
    "extremes": lambda db, e, o, n: db.execute(select(func.max(e.brand_id), func.min(e.brand_id))).all(),
    "alias": lambda db, e, o, n: db.execute(_joined(e)).all(),
    "join": lambda db, e, o, n: db.execute(select(e, o).join(o, true())).all(),
    "outer join": lambda db, e, o, n: db.execute(select(o, e).outerjoin(e, true())).all(),
    "cross": lambda db, e, o, n: db.execute(select(e, o)).all(),
    "subquery": lambda db, e, o, n: db.execute(select(select(e.brand_id).subquery())).all(),
    "cte": lambda db, e, o, n: db.execute(_cte(e)).all(),
    "union": lambda db, e, o, n: db.execute(union_all(select(e.brand_id), select(o.brand_id))).all(),
    "scalar": lambda db, e, o, n: db.execute(select(select(func.max(e.brand_id)).scalar_subquery())).all(),
    "exists": lambda db, e, o, n: [n for (found,) in db.execute(select(exists(select(e).where(*at(e, n))))) if found],
    "lock": lambda db, e, o, n: db.scalars(select(e).with_for_update()).all(),
    "text": lambda db, e, o, n: db.execute(text(f"SELECT * FROM pv.{e.__tablename__}")).all(),
    "raw": lambda db, e, o, n: db.execute(select(TABLES[e.__tablename__])).all(),
    "literal": lambda db, e, o, n: db.scalars(select(e).where(literal_column("true OR true"))).all(),
    "update": lambda db, e, o, n: db.execute(update(e).where(*at(e, n)).values(values(e, n)).returning(e)).all(),
    "blind update": lambda db, e, o, n: db.execute(update(e).where(*at(e, n)).values(values(e, n))).rowcount,  # type: ignore[attr-defined]  # -- of an UPDATE
    "joined update": lambda db, e, o, n: db.execute(
        update(e).where(*at(o, n)).values(values(e, n)).returning(o), execution_options=UNSYNCHRONISED
    ).all(),
    "delete": lambda db, e, o, n: db.execute(delete(e).where(*at(e, n)).returning(e)).all(),
    "joined delete": lambda db, e, o, n: db.execute(delete(e).where(*at(e, n), *at(o, n))),
    "change": lambda db, e, o, n: _change(db, e, n),
    "give away": lambda db, e, o, n: _give_away(db, e, n),
    "delete a row": lambda db, e, o, n: _delete(db, e, n),
    "add": lambda db, e, o, n: _add(db, e, n),
    "merge": lambda db, e, o, n: _merge(db, e, n),
}  # fmt: skip
SCOPES = st.tuples(st.sets(st.integers(0, 3)), st.integers(1, 3) | st.none())


class Torn:
    """Rows of three brands without row security, and an engine as `app`."""

    def __init__(self, installation: Installation) -> None:
        self.ground = Ground(installation)
        self.engine = create_engine(
            installation.url(APP), pool_size=1, max_overflow=0, enable_from_linting=False
        )
        tear_down_walls(installation.superuser_dsn)


@pytest.fixture(scope="module")
def torn(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Torn]:
    installation = install()
    made = Torn(installation)
    yield made
    made.engine.dispose()
    made.ground.close()
    cluster.drop_database(installation.name)


def leaks(torn: Torn, scope: Scope, shape: str, entity: str, other: str, target: int) -> list[str]:
    """What the session let through; puts everything back."""
    seen: set[int] = set()
    try:
        with ScopedSession(torn.engine, scope=scope) as db:
            answer = SHAPES[shape](db, ENTITIES[entity], ENTITIES[other], target)
            seen = owners_in(_told(answer), with_brand_ids=True)
            if shape == "exists":
                seen = set(answer)
            db.commit()
    except REFUSALS:
        pass
    readable = {owner for owner, brand in torn.ground.brands.items() if brand in scope.read}
    after = torn.ground.rows()
    moved = {
        brand for (_, brand), _ in torn.ground.before.items() ^ after.items() if brand != str(scope.write)
    }
    torn.ground.restore(after)
    return [f"{shape} on {entity}: {what}" for what in (seen - readable, moved) if what]


def _told(answer: Any) -> str:
    """Everything in an answer, with the columns of whole entities."""
    if isinstance(answer, list | tuple) or hasattr(answer, "_fields"):
        return " ".join(map(_told, answer))
    if isinstance(answer, Tenant):
        columns = TABLES[type(answer).__tablename__].columns  # type: ignore[attr-defined]  # -- every one is mapped
        return " ".join(str(getattr(answer, column.name)) for column in columns)
    return str(answer)


@settings(max_examples=scaled(150, 4_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scope=SCOPES, shape=st.sampled_from([*SHAPES]), entity=st.sampled_from([*ENTITIES]),
    other=st.sampled_from([*ENTITIES]), target=st.integers(1, 3),
)  # fmt: skip
def test_the_session_alone_lets_nothing_over_the_wall(
    torn: Torn, scope: tuple[set[int], int | None], shape: str, entity: str, other: str, target: int
) -> None:
    assert leaks(torn, scope_of(torn.ground, *scope), shape, entity, other, target) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_held_by_the_session_alone(torn: Torn, shape: str) -> None:
    for entity, other in (("customer", "message"), ("work_item", "customer")):
        for read, write in ((set(), None), ({1}, 1), ({1, 3}, 1), ({1}, None)):
            assert leaks(torn, scope_of(torn.ground, read, write), shape, entity, other, 2) == []


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


def _no_predicate(*_args: Any) -> Any:
    return with_loader_criteria(Tenant, lambda cls: cls.brand_id == cls.brand_id, include_aliases=True)


SABOTAGES: dict[str, tuple[str, Any, str]] = {
    "the predicate": ("_predicate", _no_predicate, "all"),
    "the predicate of writes": ("_predicate", _no_predicate, "update"),
    "the refusal of joined rows": ("_refuse_joined_rows", _nothing, "joined update"),
    "the look at text": ("names_tenant_rows", lambda _statement: True, "literal"),
    "the owner of flushed rows": ("_own", _nothing, "change"),
    "the owner of new rows": ("_own", _nothing, "add"),
    "the owner of deleted rows": ("_own", _nothing, "delete a row"),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_adversary_gets_through_a_torn_session(
    torn: Torn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    hook, sabotage, shape = SABOTAGES[name]
    monkeypatch.setattr(sessions, hook, sabotage)
    scope = scope_of(torn.ground, {1} if shape in ("all", "literal", "add", "joined update") else {1, 2}, 1)
    entity, other = ("customer", "message") if shape == "joined update" else ("customer_identity", "customer")
    assert leaks(torn, scope, shape, entity, other, 2)
