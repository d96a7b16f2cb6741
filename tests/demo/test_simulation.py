"""Two runs of one seed, and what must hold of any run."""

from __future__ import annotations

import pytest

from portavoce.demo.simulation import Plan
from portavoce.ledger.verifying import verify_all
from tests.demo.conftest import END, PLAN, Simulated

# The database's own clock is in every body; all else comes from seed and end.
FACTS = "SELECT brand_id, n, (body::jsonb - 'recorded_at')::text FROM pv.ledger_event ORDER BY brand_id, n"


async def test_every_ledger_verifies(demo: Simulated) -> None:
    assert await verify_all(demo.database, demo.founded.brands.values()) == []


@pytest.mark.parametrize(
    "query",
    [
        FACTS,
        "SELECT brand_id, id, body, at, state FROM pv.message ORDER BY id",
        "SELECT agent_id, n, body, hash FROM pv.agent_event ORDER BY agent_id, n",
        "SELECT brand_id, n, ticket FROM pv.brand_head ORDER BY brand_id",
        "SELECT brand_id, id, key FROM pv.stored_file ORDER BY id",
    ],
)
def test_the_same_seed_and_end_make_the_same_rows(demo: Simulated, again: Simulated, query: str) -> None:
    rows = demo.rows(query)
    assert rows
    assert rows == again.rows(query)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("ledger_event", "at"),
        ("agent_state", "since"),
        ("message", "at"),
        ("interaction", "opened_at"),
        ("interaction", "closed_at"),
        ("inbound_event", "received_at"),
        ("outbox", "run_at"),
    ],
)
def test_nothing_happens_after_the_end(demo: Simulated, table: str, column: str) -> None:
    [(latest,)] = demo.rows(f"SELECT max({column}) FROM pv.{table}")
    assert latest <= END


def test_as_many_matters_arise_as_were_planned(demo: Simulated) -> None:
    [(opened,)] = demo.rows("SELECT count(*) FROM pv.interaction")
    assert PLAN.contacts <= opened


def test_the_plan_of_the_product_covers_sixty_days_and_enough_contacts() -> None:
    plan = Plan(END)
    assert (plan.end - plan.start).days == 60
    assert plan.contacts >= 1_200
