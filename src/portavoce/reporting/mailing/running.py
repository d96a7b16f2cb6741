"""What is due leaves: for each schedule and period one mailing to each of its people, however often and by whom it is run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.brands.resolving import all_brand_ids
from portavoce.calendars.turns import Rhythm, last_turn
from portavoce.core.db import DISPATCH, Database
from portavoce.core.logs import about
from portavoce.core.outbox import enqueue
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id, now, written_brand
from portavoce.reporting.mailing.models import ReportMailing, ReportRecipient, ReportSchedule
from portavoce.reporting.mailing.periods import period_of

LOG = structlog.get_logger()
TOPIC = "report.mail"


async def run_schedules(database: Database) -> int:
    """Every brand's; one whose schedules cannot be run keeps no other waiting. How many mailings were begun."""
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    begun = 0
    for brand_id in brands:
        with about(brand=str(brand_id)):
            try:
                begun += await database.run(Scope.writing(brand_id), begin_due)
            except Exception:
                LOG.exception("a brand's reports by mail were not begun", brand=str(brand_id))
    return begun


async def begin_due(db: AsyncSession) -> int:
    """Of the written brand. A schedule begins with its first turn after it was made; missed ones are made up by one."""
    schedules = (await db.scalars(select(ReportSchedule).where(ReportSchedule.ended_at.is_(None)))).all()
    if not schedules:
        return 0
    brand_id, at = written_brand(db), now(db)
    zone = (await db.scalars(select(Brand.zone).where(Brand.id == brand_id))).one()
    people, begun = await _people(db), 0
    for schedule in schedules:
        turn = last_turn(cast("Rhythm", schedule.rhythm), schedule.minute, zone, at)
        if turn.due_at <= schedule.made_at:
            continue
        period = str(period_of(cast("Rhythm", schedule.rhythm), turn))
        known = select(ReportMailing.id).where(
            ReportMailing.schedule_id == schedule.id, ReportMailing.period == period
        )
        if await db.scalar(known.limit(1)) is not None:
            continue
        for person_id in people[schedule.id]:
            statement = insert(ReportMailing).values(
                brand_id=brand_id, id=new_id(db), schedule_id=schedule.id, person_id=person_id, period=period,
                state="waiting", reason="", due_at=turn.due_at,
            )  # fmt: skip
            once = statement.on_conflict_do_nothing(
                index_elements=["brand_id", "schedule_id", "period", "person_id"]
            )
            mailing_id = (await db.scalars(once.returning(ReportMailing.id))).one_or_none()
            if mailing_id is not None:
                enqueue(db, TOPIC, mailing_id)
                begun += 1
    return begun


async def _people(db: AsyncSession) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for schedule_id, person_id in await db.execute(
        select(ReportRecipient.schedule_id, ReportRecipient.person_id)
    ):
        found[schedule_id].append(person_id)
    return found
