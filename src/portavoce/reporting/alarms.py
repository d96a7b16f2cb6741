"""Clocks that are nearly due and clocks that are over: each is told once, as a fact and in a register nobody changes.

A clock is over when it is past its due instant by more than GRACE: an answer that left in time may be written down a
moment later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now, written_brand
from portavoce.ledger.facts import record
from portavoce.reporting.models import ClockAlarm, Observation
from portavoce.reporting.observing.reading import facts_of
from portavoce.reporting.observing.units import Unit
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.lives import read_life

WARNED, BREACHED = "warned", "breached"
GRACE = timedelta(minutes=1)
AT_ONCE = 200
EVER = 1 << 62


async def raise_alarms(database: Database, brand_id: UUID) -> int:
    """For the engine's tick: all that are due to be told, some at a time. How many were raised."""
    total = 0
    while raised := await database.run(Scope.writing(brand_id), raise_some):
        total += raised
    return total


async def raise_some(db: AsyncSession) -> int:
    present = now(db)
    found = [(WARNED, row) for row in await _unraised(db, WARNED, Observation.warn_at, present)]
    found += [(BREACHED, row) for row in await _unraised(db, BREACHED, Observation.due_at, present - GRACE)]
    facts = await facts_of(db, {row.interaction_id for _, row in found}, EVER) if found else {}
    for kind, row in found:
        at = row.warn_at if kind == WARNED else row.due_at
        await _raise(db, kind, row, standing_at(facts.get(row.interaction_id, ()), at), at)
    return len(found)


async def tell_late(db: AsyncSession, units: Iterable[Unit], facts: Mapping[UUID, Sequence[Fact]]) -> None:
    """Of units that are late and over: whatever the engine missed is told with the fact that ended them."""
    for unit in units:
        if unit.state == "late" and unit.due_at is not None:
            standing = standing_at(facts.get(unit.interaction_id, ()), unit.due_at)
            await _raise(db, BREACHED, unit, standing, unit.due_at)


def standing_at(facts: Iterable[Fact], at: datetime) -> str:
    """The state that a contact was in at an instant; empty before its opening."""
    life = read_life(facts, at)
    return life.stays[-1].state if life and life.stays else ""


async def _unraised(db: AsyncSession, kind: str, moment: Any, until: datetime) -> Sequence[Any]:
    """A warning that comes after its breach is none: what is over is told as over only."""
    raised = (
        select(ClockAlarm.at)
        .where(
            ClockAlarm.brand_id == Observation.brand_id,
            ClockAlarm.interaction_id == Observation.interaction_id,
            ClockAlarm.clause_id == Observation.clause_id,
            ClockAlarm.ordinal == Observation.ordinal,
            ClockAlarm.kind.in_((kind, BREACHED)),
        )
        .exists()
    )
    query = select(
        Observation.interaction_id,
        Observation.clause_id,
        Observation.ordinal,
        Observation.measure,
        Observation.lob_id,
        Observation.warn_at,
        Observation.due_at,
    ).where(Observation.state == "open", Observation.until_n.is_(None), moment <= until, ~raised)
    if kind == WARNED:
        query = query.where(Observation.due_at > until)
    return (await db.execute(query.order_by(moment).limit(AT_ONCE))).all()


async def _raise(db: AsyncSession, kind: str, row: Any, standing: str, at: datetime) -> None:
    """Whoever comes second tells nothing."""
    alarm = insert(ClockAlarm).values(
        brand_id=written_brand(db), interaction_id=row.interaction_id, clause_id=row.clause_id, ordinal=row.ordinal,
        kind=kind, at=at, due_at=row.due_at, standing=standing, raised_at=now(db),
    )  # fmt: skip
    key = ["brand_id", "interaction_id", "clause_id", "ordinal", "kind"]
    made = await db.scalar(alarm.on_conflict_do_nothing(index_elements=key).returning(ClockAlarm.at))
    if made is None:
        return
    record(
        db,
        f"clock.{kind}",
        at=at,
        lob_id=row.lob_id,
        interaction_id=row.interaction_id,
        metric=row.measure,
        clause=row.clause_id,
        cycle=row.ordinal,
        due=row.due_at,
        standing=standing,
    )
