"""The wrong-brand guard over a month: answers it held back, those sent anyway with a reason, and all that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.models import LedgerEvent, Ticket
from portavoce.reporting.facts import Anchor, read_body
from portavoce.reporting.months import Month
from portavoce.sla.clocks.facts import SENT

STOPPED, OVERRIDDEN = "guard.stopped", "guard.overridden"
NEAR_MISSES, FALSE_ALARMS, SENDS = ACTS = ("near-misses", "sent-anyway", "answers")
GOAL = Decimal(1)
"""False alarms per 1,000 answers, at most."""


class Act(msgspec.Struct, frozen=True):
    """One fact; `kinds` of what was found and `reason` are empty for an answer that nothing held back."""

    n: int
    at: datetime
    interaction_id: UUID
    ticket: int | None
    brand_agent_id: UUID | None
    kinds: tuple[str, ...] = ()
    reason: str = ""


class GuardMonth(msgspec.Struct, frozen=True):
    """`near_misses`: forms held back and never sent as they were. `sends`: answers people wrote that left."""

    near_misses: list[Act]
    false_alarms: list[Act]
    sends: int

    def per_thousand(self, acts: Sequence[Act]) -> Decimal | None:
        """With two decimals; None when nothing was sent."""
        if not self.sends:
            return None
        return (Decimal(len(acts)) * 1_000 / self.sends).quantize(Decimal("0.01"), ROUND_HALF_UP)


async def read_guard(db: AsyncSession, zone: str, month: Month, anchor: Anchor) -> GuardMonth:
    """Two queries, whatever there is. A form counts once, however often it was tried, and as overridden if it ever was."""
    start, end = month.bounds(zone)
    query = (
        _facts()
        .add_columns(LedgerEvent.kind, LedgerEvent.body)
        .where(
            LedgerEvent.kind.in_((STOPPED, OVERRIDDEN)),
            LedgerEvent.at >= start,
            or_(LedgerEvent.kind == OVERRIDDEN, LedgerEvent.at < end),
            LedgerEvent.n <= anchor.n,
        )
    )
    stops: dict[object, Act] = {}
    overrides: dict[object, Act] = {}
    for row in await db.execute(query.order_by(LedgerEvent.n)):
        data = read_body(row.body)
        kept = stops if row.kind == STOPPED else overrides
        kept.setdefault(data.get("form") or row.n, _act(row, data))
    sends = await db.scalar(_answers(select(func.count(LedgerEvent.n)), month, zone, anchor))
    return GuardMonth(
        [act for form, act in stops.items() if form not in overrides and act.at < end],
        [act for act in overrides.values() if act.at < end],
        sends or 0,
    )


async def answers_sent(
    db: AsyncSession, zone: str, month: Month, anchor: Anchor, *, first: int, size: int
) -> list[Act]:
    """A stretch of the answers that `sends` counts, in order of leaving, from 0."""
    query = _answers(_facts(), month, zone, anchor).order_by(LedgerEvent.at, LedgerEvent.n)
    return [_act(row, {}) for row in await db.execute(query.offset(first).limit(size))]


def _facts() -> Select[*tuple[Any, ...]]:
    return select(
        LedgerEvent.n, LedgerEvent.at, LedgerEvent.interaction_id, LedgerEvent.brand_agent_id, Ticket.number
    ).outerjoin(
        Ticket,
        (Ticket.brand_id == LedgerEvent.brand_id) & (Ticket.interaction_id == LedgerEvent.interaction_id),
    )


def _answers(
    query: Select[*tuple[Any, ...]], month: Month, zone: str, anchor: Anchor
) -> Select[*tuple[Any, ...]]:
    """Automatic replies have no writer."""
    start, end = month.bounds(zone)
    return query.where(
        LedgerEvent.kind == SENT,
        LedgerEvent.brand_agent_id.is_not(None),
        LedgerEvent.at >= start,
        LedgerEvent.at < end,
        LedgerEvent.n <= anchor.n,
    )


def _act(row: Any, data: dict[str, object]) -> Act:
    kinds = data.get("kinds")
    return Act(
        n=row.n,
        at=row.at,
        interaction_id=row.interaction_id,
        ticket=row.number,
        brand_agent_id=row.brand_agent_id,
        kinds=tuple(str(kind) for kind in kinds) if isinstance(kinds, list) else (),
        reason=str(data.get("reason") or ""),
    )
