"""Numbers that nobody counts as they happen: read now and then, and shown beside what was counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.pool import QueuePool

from portavoce.core import metrics
from portavoce.core.db import APP, DISPATCH, Database
from portavoce.core.models import Heartbeat
from portavoce.core.scope import HOUSE
from portavoce.core.trusted import trusted_sql

ROLES = (APP, DISPATCH)
STATES = ("pending", "handed", "dead")
BACKUP_MARK = "last-backup.json"
"""A file under PORTAVOCE_HOME that a backup writes when it has ended well."""
OPEN_ROWS = trusted_sql(
    "metrics.open_rows",
    """
    SELECT 'brand', state, count(*), min(run_at) FROM pv.outbox WHERE state IN ('pending', 'handed') GROUP BY state
    UNION ALL SELECT 'brand', 'dead', count(*), NULL FROM pv.outbox WHERE state = 'dead'
    UNION ALL
    SELECT 'house', state, count(*), min(run_at) FROM pv.house_outbox
     WHERE state IN ('pending', 'handed') GROUP BY state
    UNION ALL SELECT 'house', 'dead', count(*), NULL FROM pv.house_outbox WHERE state = 'dead'
    """,
)
DATABASE_SIZE = trusted_sql("metrics.database_size", "SELECT pg_database_size(current_database())")


def measure_pool(database: Database) -> None:
    for role in ROLES:
        pool = database.engine(role).pool
        if isinstance(pool, QueuePool):
            metrics.POOL.labels(role).set(pool.checkedout())


async def measure_house(database: Database, home: Path) -> None:
    """What is one for all processes: `engine` shows it."""
    at = database.clock.now()
    await _measure_outboxes(database, at)
    async with database.begin(HOUSE) as db:
        metrics.DATABASE.set((await db.execute(DATABASE_SIZE)).scalar_one())
        for process, seen in await db.execute(select(Heartbeat.process, Heartbeat.at)):
            metrics.HEARTBEAT.labels(process).set((at - seen).total_seconds())
    mark = home / BACKUP_MARK
    if mark.exists():
        metrics.BACKUP.set(at.timestamp() - mark.stat().st_mtime)


async def _measure_outboxes(database: Database, at: datetime) -> None:
    async with database.begin(HOUSE, role=DISPATCH) as db:
        rows = list(await db.execute(OPEN_ROWS))
    for outbox in ("brand", "house"):
        counts = {state: count for name, state, count, _ in rows if name == outbox}
        for state in STATES:
            metrics.OUTBOX.labels(outbox, state).set(counts.get(state, 0))
        due = [first for name, _, _, first in rows if name == outbox and first is not None]
        overdue = (at - min(due)).total_seconds() if due else 0
        metrics.OUTBOX_AGE.labels(outbox).set(max(0.0, overdue))
