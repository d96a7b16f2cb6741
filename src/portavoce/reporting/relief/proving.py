"""Do reliefs agree with the ledger? What their rows say, and how many late units each touches by what is kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.chain import Fault
from portavoce.reporting.models import Observation
from portavoce.reporting.observing.units import NO_CLAUSE, Unit
from portavoce.reporting.relief.adjusting import touched_counts
from portavoce.reporting.relief.reading import EVER, read_relief_facts, touches
from portavoce.reporting.sums import is_overdue
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.told import Event, read_events

_SAID = ("id", "cause", "starts_at", "ends_at", "lob_id", "channel", "interaction_id", "state", "proposed_at", "due_at", "decided_at", "decided_side")  # fmt: skip


class Proof:
    """Gathers what the units give, contact by contact, and compares it with what is kept at the end."""

    def __init__(self, events: Sequence[Event], as_of: datetime) -> None:
        self.events, self._as_of = events, as_of
        self._found: Counter[UUID] = Counter()

    def gather(self, units: Iterable[Unit]) -> None:
        if self.events:
            self._found.update(touched_counts(units, self.events, self._as_of))

    async def faults(self, db: AsyncSession) -> list[Fault]:
        kept = await self._kept(db)
        return [
            Fault(0, f"relief {event.id} touches {self._found[event.id]} units by their facts, {kept[event.id]} kept")
            for event in self.events
            if self._found[event.id] != kept[event.id]
        ]  # fmt: skip

    async def _kept(self, db: AsyncSession) -> dict[UUID, int]:
        """At the head of the reports; one query for all events."""
        if not self.events:
            return {}
        sums = [
            func.coalesce(func.sum(case((touches(event.window), 1), else_=0)), 0) for event in self.events
        ]
        late = or_(Observation.state == "late", is_overdue(self._as_of))
        query = select(*sums).where(Observation.until_n.is_(None), Observation.clause_id != NO_CLAUSE, late)
        counts = (await db.execute(query)).one()
        return {event.id: int(count) for event, count in zip(self.events, counts, strict=True)}


async def begin_proof(db: AsyncSession, upto: int, as_of: datetime) -> Proof:
    return Proof(read_events(await read_relief_facts(db, upto)), as_of)


async def row_faults(db: AsyncSession) -> list[Fault]:
    """Rows of reliefs of the one brand in scope that do not say what the whole ledger tells."""
    told = {event.id: _told(event) for event in read_events(await read_relief_facts(db, EVER))}
    columns = [getattr(ReliefEvent, name) for name in _SAID]
    kept = {row.id: tuple(row) for row in await db.execute(select(*columns))}
    return list(_differences(told, kept))


def _told(event: Event) -> tuple[object, ...]:
    window = event.window
    return (
        event.id, window.cause, window.starts_at, window.ends_at, window.lob_id, window.channel,
        window.interaction_id, event.state, event.proposed_at, event.due_at, event.decided_at, event.decided_by,
    )  # fmt: skip


def _differences(
    told: dict[UUID, tuple[object, ...]], kept: dict[UUID, tuple[object, ...]]
) -> Iterator[Fault]:
    for relief_id in sorted(told.keys() | kept.keys()):
        if told.get(relief_id) != kept.get(relief_id):
            yield Fault(0, f"relief {relief_id} is not what its facts tell")
