"""Each night every brand's reports are computed again from its facts, and what came of it is kept for its client."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.resolving import all_brand_ids
from portavoce.core.db import DISPATCH, Database
from portavoce.core.logs import about
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id, now
from portavoce.ledger.chain import Fault
from portavoce.reporting.issuing import issue_months
from portavoce.reporting.models import Reconciliation
from portavoce.reporting.reconciling import report_faults
from portavoce.reporting.sums import report_head

LOG = structlog.get_logger()
NEVER = "never"
MOST_TOLD = 2_000


class Night(NamedTuple):
    """What one comparison came to: up to which fact, and how much did not agree."""

    at: datetime
    n: int
    faults: int


async def reconcile_when_due(reconcile_at: str, database: Database) -> int:
    """Once a day after that time of day in UTC (or `never`), each brand without a result of this day yet. How many."""
    present = database.clock.now()
    if reconcile_at == NEVER or present.time() < time.fromisoformat(reconcile_at):
        return 0
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    done = 0
    for brand_id in brands:
        with about(brand=str(brand_id)):
            try:
                if await reconcile(database, brand_id, present.date()):
                    done += 1
                    await issue_months(database, brand_id)
            except Exception:
                LOG.exception("a brand was not reconciled", brand=str(brand_id))
    return done


async def reconcile(database: Database, brand_id: UUID, night: date) -> bool:
    """False when that night has its result, or nothing was read yet that could be compared."""
    async with database.begin(Scope.reading({brand_id}), snapshot=True) as db:
        if await db.scalar(select(Reconciliation.id).where(Reconciliation.night == str(night))):
            return False
        n = await report_head(db)
        if n == 0:
            return False
        faults = await report_faults(db)
    if faults:
        LOG.error("reports do not agree with the ledger", brand=str(brand_id), count=len(faults))
    async with database.begin(Scope.writing(brand_id)) as db:
        _keep(db, night, n, faults)
    return True


async def last_night(db: AsyncSession) -> Night | None:
    """The newest result of the one brand in scope."""
    query = select(Reconciliation.at, Reconciliation.n, Reconciliation.faults)
    row = (await db.execute(query.order_by(Reconciliation.night.desc()).limit(1))).one_or_none()
    return Night(*row) if row else None


def _keep(db: AsyncSession, night: date, n: int, faults: list[Fault]) -> None:
    detail = "\n".join(fault.reason for fault in faults)[:MOST_TOLD]
    db.add(
        Reconciliation(id=new_id(db), night=str(night), at=now(db), n=n, faults=len(faults), detail=detail)
    )
