"""Do reliefs agree with the ledger? What their rows say, and how many units each holds by what is kept of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.chain import Fault
from portavoce.reporting.observing.units import Unit
from portavoce.reporting.relief.adjusting import Held, held_units
from portavoce.reporting.relief.holding import read_all_held
from portavoce.reporting.relief.reading import EVER, read_relief_facts
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.told import Event, read_events

_SAID = ("id", "cause", "starts_at", "ends_at", "lob_id", "channel", "interaction_id", "state", "proposed_at", "due_at", "decided_at", "decided_side")  # fmt: skip


class Proof:
    """Gathers what the units give, contact by contact, and compares it with what is kept at the end."""

    def __init__(self, events: Sequence[Event], as_of: datetime) -> None:
        self.events, self._as_of = events, as_of
        self._found: dict[UUID, Held] = defaultdict(Held)

    def gather(self, units: Iterable[Unit]) -> None:
        for event_id, held in held_units(units, self.events, self._as_of).items():
            self._found[event_id] += held

    async def faults(self, db: AsyncSession) -> list[Fault]:
        """At the head of the reports; one query for all events, none without any."""
        kept = await read_all_held(db, self.events, self._as_of)
        return [
            Fault(0, f"relief {event.id} holds {_words(self._found[event.id])} by their facts, {_words(kept[event.id])} kept")
            for event in self.events
            if self._found[event.id] != kept[event.id]
        ]  # fmt: skip


def _words(held: Held) -> str:
    return f"{held.units} units, {held.late} of them late"


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
