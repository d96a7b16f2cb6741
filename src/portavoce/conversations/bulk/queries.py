"""How far an act on many contacts got."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.bulk.errors import NoAction
from portavoce.conversations.bulk.models import DONE, KEPT, LEFT_OUT, PLANNED, UNDONE, BulkAction, BulkStep
from portavoce.conversations.joins import contacts, on
from portavoce.conversations.models import Interaction
from portavoce.customers.models import Customer


class StepRow(msgspec.Struct, frozen=True):
    interaction_id: UUID
    customer: str
    state: str
    why: str


class Progress(msgspec.Struct, frozen=True):
    """`undoing`: it goes, or went, back."""

    id: UUID
    verb: str
    at: datetime
    undone_at: datetime | None
    steps: tuple[StepRow, ...]

    @property
    def undoing(self) -> bool:
        return self.undone_at is not None

    @property
    def running(self) -> bool:
        counts = self.counts
        return counts[PLANNED] > 0 or (self.undoing and counts[DONE] > 0)

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.state for each in self.steps)

    @property
    def gone_through(self) -> int:
        """Contacts that are settled, whichever way it goes."""
        return sum(self.counts[each] for each in (*((UNDONE, KEPT) if self.undoing else (DONE,)), LEFT_OUT))

    def of(self, state: str) -> list[StepRow]:
        return [each for each in self.steps if each.state == state]


async def progress_of(db: AsyncSession, action_id: UUID, *, by: UUID) -> Progress:
    """Of an act of `by` in the one brand in scope; else NoAction."""
    head = select(BulkAction.id, BulkAction.verb, BulkAction.at, BulkAction.undone_at).where(
        BulkAction.id == action_id, BulkAction.brand_agent_id == by
    )
    found = (await db.execute(head)).one_or_none()
    if found is None:
        raise NoAction("This page does not exist.")
    return Progress(*found, steps=await _steps(db, action_id))


async def _steps(db: AsyncSession, action_id: UUID) -> tuple[StepRow, ...]:
    columns = (BulkStep.interaction_id, Customer.name, BulkStep.state, BulkStep.why)
    query = contacts(columns).join(BulkStep, on(BulkStep, BulkStep.interaction_id, Interaction.id))
    rows = await db.execute(query.where(BulkStep.action_id == action_id).order_by(BulkStep.position))
    return tuple(StepRow(*row) for row in rows)
