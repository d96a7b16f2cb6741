"""One gap-free timeline per agent. Every verb locks the slot first: that order is what keeps two tabs apart."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.errors import NoAgent
from portavoce.agents.models import AgentEvent, AgentProfile, AgentSlot, AgentState
from portavoce.agents.presence import state_of
from portavoce.core.locks import keep_locked, locked
from portavoce.core.unit import new_id, now, poke
from portavoce.kit.canonical import dumps
from portavoce.ledger.chain import genesis, link

LOCK = (
    update(AgentSlot)
    .where(AgentSlot.agent_id == bindparam("agent"))
    .values(touched=AgentSlot.touched + 1)
    .returning(AgentSlot)
    .execution_options(populate_existing=True, synchronize_session=False)
)


async def lock_slot(db: AsyncSession, agent_id: UUID) -> AgentSlot:
    """Lock and return the agent's slot. Call it before reading the clock: `since` may not run backwards."""
    if known := locked(db, AgentSlot, agent_id):
        return known
    slot = (await db.scalars(LOCK, {"agent": agent_id})).one_or_none()
    if slot is None:
        raise NoAgent("This person is not an agent. Ask an administrator to add them as one.")
    keep_locked(db, slot)
    return slot


def settle(db: AsyncSession, slot: AgentSlot, *, gone: bool = False, at: datetime | None = None) -> None:
    """Bring the timeline in line with what the slot says now; nothing is written when nothing changed.

    `at`: since when it is so, where that is known to be earlier than now.
    """
    state = state_of(
        used=slot.used,
        acw_open=slot.chosen == "acw" or slot.acw_until is not None,
        chosen_aux=slot.aux if slot.chosen == "aux" else None,
        online=slot.chosen != "offline",
        gone=gone,
    )
    aux = slot.aux if state == "aux" else None
    if slot.state_seq and slot.state == state and slot.tail_aux == aux:
        return
    begun = at or now(db)
    since = begun if slot.state_since is None else max(begun, slot.state_since)
    _append(db, slot, str(state), aux, since)
    poke(db, "person", None, slot.agent_id)


def _append(db: AsyncSession, slot: AgentSlot, state: str, aux: str | None, since: datetime) -> None:
    first = slot.state_seq == 0
    db.add(
        AgentState(
            agent_id=slot.agent_id,
            seq=slot.state_seq + 1,
            since=since,
            state=state,
            aux=aux,
            prev_seq=None if first else slot.state_seq,
            prev_since=None if first else slot.state_since,
        )
    )
    write_event(db, slot, "agent.state", since, None if first else slot.state, state, {"aux": aux})
    slot.state, slot.tail_aux, slot.state_seq, slot.state_since = state, aux, slot.state_seq + 1, since


def write_event(
    db: AsyncSession, slot: AgentSlot, kind: str, at: datetime, from_state: str | None, to_state: str | None,
    data: dict[str, object],
) -> None:  # fmt: skip
    """Append to the agent's own ledger, chained through the slot that the caller holds locked."""
    event_id, n = new_id(db), slot.n + 1
    copies = {"id": event_id, "kind": kind, "v": 1, "from_state": from_state, "to_state": to_state, "at": at}
    body = dumps({**copies, "agent_id": slot.agent_id, "data": data})
    digest = link(slot.hash, n, body)
    db.add(AgentEvent(agent_id=slot.agent_id, n=n, body=body, prev=slot.hash, hash=digest, **copies))
    slot.n, slot.hash = n, digest


def add_agent(
    db: AsyncSession, person_id: UUID, site_id: UUID, display_name: str, *, cap: int = 10
) -> AgentProfile:
    """A worker with an empty, offline slot; the timeline starts with their first state."""
    agent = AgentProfile(agent_id=new_id(db), person_id=person_id, site_id=site_id, display_name=display_name)
    db.add(agent)
    db.add(AgentSlot(agent_id=agent.agent_id, cap=cap, hash=genesis(agent.agent_id)))
    return agent
