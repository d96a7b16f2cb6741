"""An act on many contacts begins: it is written down with every contact and handed to a worker, in one transaction."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.bulk.errors import NoAction, TooLateToUndo
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.models import LEFT_OUT, PLANNED, BulkAction, BulkStep
from portavoce.conversations.bulk.planning import Plan
from portavoce.core.outbox import enqueue
from portavoce.core.unit import now, written_brand

TOPIC = "bulk"
UNDOABLE = timedelta(minutes=30)
MISSING = "This page does not exist."


async def begin(
    db: AsyncSession, action_id: UUID, made: Plan, wish: Wish, *, by: BrandAgent, supervising: bool
) -> BulkAction:
    """What is left out is written down too. The same id again is what it became the first time."""
    known = await db.get(BulkAction, (written_brand(db), action_id))
    if known is not None:
        return own(known, by)
    action = BulkAction(
        id=action_id,
        brand_agent_id=by.id,
        supervising=supervising,
        at=now(db),
        **wish._asdict(),
    )
    db.add(action)
    await db.flush()
    for position, verdict in enumerate(made.verdicts(wish)):
        db.add(
            BulkStep(
                action_id=action_id,
                interaction_id=verdict.contact.id,
                position=position,
                state=LEFT_OUT if verdict.why else PLANNED,
                why=verdict.why,
            )
        )
    enqueue(db, TOPIC, action_id)
    return action


async def begin_undoing(db: AsyncSession, action_id: UUID, *, by: BrandAgent) -> BulkAction:
    """By whoever did it, for half an hour. What was not done yet will not be. A second time changes nothing."""
    query = select(BulkAction).where(BulkAction.id == action_id).with_for_update()
    action = (await db.scalars(query)).one_or_none()
    if action is None:
        raise NoAction(MISSING)
    own(action, by)
    if action.undone_at is None:
        if now(db) - action.at > UNDOABLE:
            raise TooLateToUndo("This can be undone within half an hour only.")
        action.undone_at = now(db)
        enqueue(db, TOPIC, action_id)
    return action


def own(action: BulkAction, by: BrandAgent) -> BulkAction:
    """An act is its author's to see and to undo."""
    if action.brand_agent_id != by.id:
        raise NoAction(MISSING)
    return action
