"""Recompute every agent's own ledger from its stored bytes and compare columns, head and timeline with it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentEvent, AgentSlot, AgentState
from portavoce.ledger.chain import Fault, Head, Row, genesis, verify_rows

COPIES = ("agent_id", "id", "kind", "v", "from_state", "to_state", "at")
STATE = "agent.state"


async def agent_ids(db: AsyncSession) -> list[UUID]:
    return list((await db.scalars(select(AgentSlot.agent_id).order_by(AgentSlot.agent_id))).all())


async def verify_agent(db: AsyncSession, agent_id: UUID) -> list[Fault]:
    """Every fault of one agent's chain, and of the timeline it tells; empty means both hold. Read in one snapshot."""
    slot = (await db.scalars(select(AgentSlot).where(AgentSlot.agent_id == agent_id))).one()
    rows = await _events(db, agent_id)
    faults = list(verify_rows(rows, after=Head(0, genesis(agent_id)), head=Head(slot.n, slot.hash)))
    return [*faults, *_timeline_faults(rows, await _states(db, agent_id))]


async def _events(db: AsyncSession, agent_id: UUID) -> list[Row]:
    columns = [getattr(AgentEvent, name) for name in COPIES]
    query = (
        select(AgentEvent.n, AgentEvent.prev, AgentEvent.hash, AgentEvent.body, *columns)
        .where(AgentEvent.agent_id == agent_id)
        .order_by(AgentEvent.n)
    )
    return [
        Row(row[0], row[1], row[2], row[3], dict(zip(COPIES, row[4:], strict=True)))
        for row in await db.execute(query)
    ]


async def _states(db: AsyncSession, agent_id: UUID) -> list[tuple[object, object]]:
    query = (
        select(AgentState.state, AgentState.since)
        .where(AgentState.agent_id == agent_id)
        .order_by(AgentState.seq)
    )
    return [(row.state, row.since) for row in await db.execute(query)]


def _timeline_faults(rows: list[Row], states: list[tuple[object, object]]) -> Iterator[Fault]:
    told = [(row.columns["to_state"], row.columns["at"]) for row in rows if row.columns["kind"] == STATE]
    if told != states:
        yield Fault(0, "the timeline is not what the agent's ledger says")
