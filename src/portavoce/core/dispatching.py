"""The outbox leaves: hand committed rows to the worker, and hand again what got stuck, until a worker ends them.

Runs in `engine` as role `portavoce_dispatch`, which sees heads of rows and no content. What was written to leave at
once is due whatever the clock says: that of the process that wrote it may be ahead of ours, or ours be set back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from portavoce.core.db import DISPATCH, Database
from portavoce.core.scope import HOUSE
from portavoce.core.trusted import trusted_sql

BATCH = 100
STUCK = timedelta(seconds=60)
"""Since the hand-over, or since a worker began: longer than any job may run."""
Hand = Callable[["Head"], Awaitable[None]]


class Head(NamedTuple):
    """`tries`: how often a worker has begun with it. A row waiting for an absent worker uses up none."""

    brand_id: UUID | None
    id: UUID
    topic: str
    tries: int


DUE = trusted_sql(
    "outbox.due",
    """
    SELECT brand_id, id, topic, tries FROM pv.outbox
     WHERE (state = 'pending' AND (run_at <= :now OR (tries = 0 AND run_at <= created_at)))
        OR (state = 'handed' AND handed_at <= :stuck)
     ORDER BY run_at LIMIT :batch
    """,
)
HOUSE_DUE = trusted_sql(
    "house_outbox.due",
    """
    SELECT CAST(NULL AS uuid), id, topic, tries FROM pv.house_outbox
     WHERE (state = 'pending' AND (run_at <= :now OR (tries = 0 AND run_at <= created_at)))
        OR (state = 'handed' AND handed_at <= :stuck)
     ORDER BY run_at LIMIT :batch
    """,
)
MARK = trusted_sql(
    "outbox.mark_handed",
    """
    UPDATE pv.outbox SET state = 'handed', handed_at = :now
     WHERE brand_id = :brand_id AND id = :id AND tries = :seen
       AND ((state = 'pending' AND (run_at <= :now OR (tries = 0 AND run_at <= created_at)))
            OR (state = 'handed' AND handed_at <= :stuck)) RETURNING id
    """,
)
HOUSE_MARK = trusted_sql(
    "house_outbox.mark_handed",
    """
    UPDATE pv.house_outbox SET state = 'handed', handed_at = :now
     WHERE id = :id AND tries = :seen
       AND ((state = 'pending' AND (run_at <= :now OR (tries = 0 AND run_at <= created_at)))
            OR (state = 'handed' AND handed_at <= :stuck)) RETURNING id
    """,
)


async def dispatch(database: Database, hand: Hand) -> int:
    """One round over both outboxes; returns how many rows were handed over. A row is marked before it is handed.

    Should the hand-over fail after the mark, the row counts as stuck a minute later: late, never lost, never twice
    at once.
    """
    handed = 0
    for head in await _due(database):
        if await _mark(database, head):
            await hand(head)
            handed += 1
    return handed


async def _due(database: Database) -> list[Head]:
    values = {**_moments(database), "batch": BATCH}
    async with database.begin(HOUSE, role=DISPATCH) as db:
        rows = [*await db.execute(DUE, values), *await db.execute(HOUSE_DUE, values)]
    return [Head(*row) for row in rows]


async def _mark(database: Database, head: Head) -> bool:
    """False when the row moved on since it was read."""
    values = {**_moments(database), "id": head.id, "seen": head.tries}
    async with database.begin(HOUSE, role=DISPATCH) as db:
        if head.brand_id is None:
            return await db.scalar(HOUSE_MARK, values) is not None
        return await db.scalar(MARK, {**values, "brand_id": head.brand_id}) is not None


def _moments(database: Database) -> dict[str, object]:
    at = database.clock.now()
    return {"now": at, "stuck": at - STUCK}
