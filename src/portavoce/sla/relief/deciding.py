"""Decide about a relief, once: the client accepts or contests it, its proposer withdraws it, or silence accepts it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.core.unit import now
from portavoce.ledger.facts import SYSTEM, record
from portavoce.sla.relief.errors import BadRelief, Undecidable
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.proposing import PROVIDER
from portavoce.sla.relief.queries import locked_relief
from portavoce.sla.relief.told import Side, State

CLIENT = "client"
MOST_WORDS = 2_000
AT_ONCE = 200
MEANWHILE = "This relief was accepted, contested or withdrawn meanwhile."
SILENCE = "The time to decide about this relief is over: by the contract, silence has accepted it."


async def accept(db: AsyncSession, relief_id: UUID, *, by: UUID) -> ReliefEvent:
    """A second click of the same person changes nothing. Undecidable when somebody else was faster, or the time is over."""
    return await _by_person(db, relief_id, State.ACCEPTED, Side.CLIENT, by)


async def contest(db: AsyncSession, relief_id: UUID, reason: str, *, by: UUID) -> ReliefEvent:
    """BadRelief without a reason."""
    words = reason.strip()
    if not words or len(words) > MOST_WORDS:
        advice = (
            "Shorten this text to 2000 characters."
            if words
            else "Write why, so that the provider can answer."
        )
        raise BadRelief("Check the fields below.", reason=advice)  # fmt: skip
    return await _by_person(db, relief_id, State.CONTESTED, Side.CLIENT, by, words)


async def withdraw(db: AsyncSession, relief_id: UUID, *, by: UUID) -> ReliefEvent:
    return await _by_person(db, relief_id, State.WITHDRAWN, Side.PROVIDER, by)


async def accept_by_silence(db: AsyncSession) -> int:
    """What is due of the written brand, some at once; how many. Told as of the instant at which each time was over."""
    query = (
        select(ReliefEvent)
        .where(ReliefEvent.state == State.PROPOSED, ReliefEvent.due_at <= now(db))
        .order_by(ReliefEvent.due_at)
        .limit(AT_ONCE)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (await db.scalars(query)).all()
    for event in found:
        assert event.due_at is not None, "only those are asked for"
        _decide(db, event, State.ACCEPTED, Side.SILENCE, event.due_at, None)
    return len(found)


async def _by_person(
    db: AsyncSession, relief_id: UUID, state: State, side: Side, by: UUID, reason: str | None = None
) -> ReliefEvent:
    event = await locked_relief(db, relief_id)
    if (event.state, event.decided_by) == (state, by):
        return event
    if event.state != State.PROPOSED:
        raise Undecidable(MEANWHILE)
    if event.due_at is not None and event.due_at <= now(db):
        raise Undecidable(SILENCE)
    _decide(db, event, state, side, now(db), by, reason)
    return event


def _decide(
    db: AsyncSession, event: ReliefEvent, state: State, side: Side, at: datetime, by: UUID | None,
    reason: str | None = None,
) -> None:  # fmt: skip
    event.state, event.decided_at, event.decided_side = state, at, side
    event.decided_by, event.reason = by, reason
    actor = {Side.CLIENT: CLIENT, Side.PROVIDER: PROVIDER, Side.SILENCE: SYSTEM}[side]
    cause = audit(db, actor, f"relief.{state}", "relief_event", event.id)
    record(
        db, f"relief.{state}", actor=actor, at=at, lob_id=event.lob_id, interaction_id=event.interaction_id,
        cause_id=cause, event=event.id, by=str(side),
    )  # fmt: skip
