"""An adversary with raw SQL as the real roles: nothing outside its windows comes back, nothing but its own brand moves.

Tables, columns and rules are found from the metadata, so that a new table is attacked by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import LiteralString, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portavoce.core.walls import (
    APP,
    BACKUP,
    DEFINER,
    DISPATCH,
    OWN_READ,
    OWN_WRITE,
    OWNER,
    READ,
    REPORT,
    ROLES,
    ROUTER,
    WRITE,
)
from tests.depth import scaled
from tests.isolation.acts import SHAPES, Act, acts_on, changeable
from tests.isolation.adversary import breaches, scope_of
from tests.isolation.ground import BRANDS, TABLES, WALLED, Ground, row, rows_of

ATTACKERS = tuple(role for role in ROLES if role != BACKUP)
"""All that may log in but the one that reads everything by its purpose."""
TENANT = sorted(WALLED - {"brand"})


def test_every_table_holds_rows_of_every_brand(ground: Ground) -> None:
    for table in TABLES:
        assert ground.count(table, None) == rows_of(table) * BRANDS > 0
    assert {table for table in WALLED if ground.count(table, frozenset([ground.brands[2]]))} == WALLED


@st.composite
def acts(draw: st.DrawFn) -> Act:
    table = draw(st.sampled_from([*TABLES, *TENANT]))
    other = draw(st.sampled_from([*TABLES]))
    column = draw(st.sampled_from([*changeable(table), *TABLES[table].columns.keys()]))
    return Act(
        draw(st.sampled_from(SHAPES)), table, other, column, *draw(st.tuples(*[st.integers(1, 3)] * 2))
    )


def may_be_tried(role: str, act: Act) -> bool:
    """The owner empties tables as it drops them: no policy speaks of that, and no process signs in as owner."""
    return (role, act.shape) != (OWNER, "truncate")


SCOPES = st.tuples(st.sets(st.integers(0, 3)), st.integers(1, 3) | st.none())


@settings(max_examples=scaled(250, 8_000))
@given(role=st.sampled_from([APP, APP, *ATTACKERS]), scope=SCOPES, act=acts())
def test_no_statement_reaches_over_the_wall(
    ground: Ground, role: str, scope: tuple[set[int], int | None], act: Act
) -> None:
    assume(may_be_tried(role, act))
    assert list(breaches(ground, role, scope_of(ground, *scope), act)) == []


@pytest.mark.deep
@pytest.mark.parametrize("role", ATTACKERS)
@pytest.mark.parametrize("table", TABLES)
def test_every_shape_on_every_table_as_every_role(ground: Ground, role: str, table: str) -> None:
    for read, write in ((set(), None), ({1}, 1), ({1}, None), ({1, 3}, 1)):
        for act in filter(partial(may_be_tried, role), acts_on(table, 2, 1)):
            assert list(breaches(ground, role, scope_of(ground, read, write), act)) == []


@pytest.mark.parametrize("role", ATTACKERS)
def test_without_a_scope_no_table_of_a_brand_shows_a_row(ground: Ground, role: str) -> None:
    """SEC-07: raw SELECT without any setting, on whatever the role may read at all."""
    connection = ground.roles[role]
    for table in WALLED:
        act = Act("count", table, table, changeable(table)[0], 1, 1)
        assert list(breaches(ground, role, scope_of(ground, set(), None), act)) == []
    connection.rollback()
    with connection.transaction(force_rollback=True):
        connection.execute("RESET app.brand_ids")
        if role in (APP, OWNER):
            for table in WALLED:
                assert connection.execute(f"SELECT count(*) FROM pv.{table}".encode()).fetchone() == (0,)


def on(table: str, shape: str, column: str = "", *, target: int = 2) -> Act:
    return Act(shape, table, table, column or changeable(table)[0], target, 1)


EVERYBODY_REFERS_TO = {"brand"}
"""Foreign keys hold its rows, whatever the policy says."""


class Torn(NamedTuple):
    """A policy without its condition, as it should be, and the shapes that must get through meanwhile."""

    policy: str
    torn: str
    whole: str
    shapes: tuple[str, ...]


def torn_policies(table: str) -> Iterator[Torn]:
    read, write = (OWN_READ, OWN_WRITE) if table == "brand" else (READ, WRITE)
    yield Torn("select", "USING (true)", f"USING ({read})", ("all", "count"))
    if table != "brand" and rows_of(table) > 1:
        yield Torn("insert", "WITH CHECK (true)", f"WITH CHECK ({write})", ("insert",))
    if not TABLES[table].info["append_only"]:
        both = f"USING ({write}) WITH CHECK ({write})"
        yield Torn("update", "USING (true) WITH CHECK (true)", both, ("leaf update",))
    if not TABLES[table].info["append_only"] and table not in EVERYBODY_REFERS_TO:
        yield Torn("delete", "USING (true)", f"USING ({write})", ("delete",))


@pytest.mark.parametrize("table", sorted(WALLED))
def test_the_adversary_gets_through_every_torn_policy(ground: Ground, table: str) -> None:
    """A property that would also hold of a torn wall proves nothing."""
    for each in torn_policies(table):
        scope = scope_of(ground, {1} if each.policy == "select" else {1, 2}, 1)
        ground.eyes.execute(f"ALTER POLICY {table}_{each.policy} ON pv.{table} {each.torn}".encode())
        acts = acts_on(table, 2, 1, each.shapes)
        found = [list(breaches(ground, APP, scope, act)) for act in acts]
        ground.eyes.execute(f"ALTER POLICY {table}_{each.policy} ON pv.{table} {each.whole}".encode())
        assert all(found), f"nobody noticed that {each.policy} of {table} was torn"


OTHERS: tuple[tuple[LiteralString, LiteralString, str, Act], ...] = (
    (
        "ALTER TABLE pv.message DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE pv.message ENABLE ROW LEVEL SECURITY",
        APP,
        on("message", "all"),
    ),
    (
        "ALTER TABLE pv.message NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE pv.message FORCE ROW LEVEL SECURITY",
        OWNER,
        on("message", "all"),
    ),
    (
        "CREATE POLICY helpful ON pv.message USING (true)",
        "DROP POLICY helpful ON pv.message",
        APP,
        on("message", "aggregate"),
    ),
    (
        "GRANT SELECT ON pv.message TO portavoce_report",
        "REVOKE SELECT ON pv.message FROM portavoce_report",
        REPORT,
        on("message", "count"),
    ),
    (
        "GRANT SELECT ON pv.message TO portavoce_router",
        "REVOKE SELECT ON pv.message FROM portavoce_router",
        ROUTER,
        on("message", "table"),
    ),
    (
        "GRANT SELECT (last_error) ON pv.outbox TO portavoce_dispatch",
        "REVOKE SELECT (last_error) ON pv.outbox FROM portavoce_dispatch",
        DISPATCH,
        on("outbox", "column", "last_error"),
    ),
    (
        "GRANT UPDATE (topic) ON pv.outbox TO portavoce_dispatch",
        "REVOKE UPDATE (topic) ON pv.outbox FROM portavoce_dispatch",
        DISPATCH,
        on("outbox", "blind update", "topic"),
    ),
    (
        "GRANT SELECT ON pv.person TO portavoce_definer",
        "REVOKE SELECT ON pv.person FROM portavoce_definer",
        DEFINER,
        on("person", "all"),
    ),
    (
        "ALTER ROLE portavoce_app BYPASSRLS",
        "ALTER ROLE portavoce_app NOBYPASSRLS",
        APP,
        on("customer", "all"),
    ),
    (
        """GRANT UPDATE ON pv.ledger_event TO portavoce_app; CREATE POLICY late ON pv.ledger_event FOR UPDATE
           TO portavoce_app USING (brand_id = pv.write_scope())""",
        "REVOKE UPDATE ON pv.ledger_event FROM portavoce_app; DROP POLICY late ON pv.ledger_event",
        APP,
        on("ledger_event", "leaf update", target=1),
    ),
    (
        "GRANT TRUNCATE ON pv.customer_identity TO portavoce_app",
        "REVOKE TRUNCATE ON pv.customer_identity FROM portavoce_app",
        APP,
        on("customer_identity", "truncate"),
    ),
)


@pytest.mark.parametrize(("torn", "whole", "role", "act"), OTHERS, ids=[torn[:60] for torn, *_ in OTHERS])
def test_the_adversary_notices_what_a_role_got_too_much(
    ground: Ground, torn: LiteralString, whole: LiteralString, role: str, act: Act
) -> None:
    scope = scope_of(ground, {1}, 1)
    assert list(breaches(ground, role, scope, act)) == []
    ground.eyes.execute(torn.encode())
    found = list(breaches(ground, role, scope, act))
    ground.eyes.execute(whole.encode())
    assert found


def test_every_row_of_the_ground_is_valid_and_names_its_owner(ground: Ground) -> None:
    assert str(ground.brands[2]) in str(row("customer", 2, 1))
    assert ground.rows() == ground.before
