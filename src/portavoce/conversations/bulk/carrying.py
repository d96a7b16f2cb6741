"""An act is carried out contact by contact, each in a transaction of its own, by the page that asked or by a worker.

Whoever does a contact holds its step; the other waits, and finds it done. Killed at any point, the rest is still planned
and the outbox hands it over again.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.bulk.doing import do_step
from portavoce.conversations.bulk.models import DONE, KEPT, LEFT_OUT, PLANNED, BulkAction, BulkStep
from portavoce.conversations.bulk.undoing import undo_step
from portavoce.conversations.errors import HeldByOther
from portavoce.core.db import Database, unavailable
from portavoce.core.delivering import Job
from portavoce.core.errors import Problem
from portavoce.core.scope import Scope

LOG = structlog.get_logger()
STOPPED = "It was taken back before it was this contact's turn."
HELD = "A colleague holds this contact."
FAILED = "An unexpected error on our side."


async def deliver(database: Database, job: Job) -> None:
    """For the worker; safe to run again."""
    await carry_on(database, job.brand_id, job.ref_id)


async def give_up(database: Database, job: Job, words: str) -> None:
    """What still is not done after many tries will not be, and says so."""
    for interaction_id in await _left(database, job.brand_id, job.ref_id):
        await _say_why(database, job.brand_id, job.ref_id, interaction_id, FAILED)


async def carry_on(database: Database, brand_id: UUID, action_id: UUID) -> None:
    """Whatever is left of it, in order; also back, when it is being undone.

    A refusal leaves nothing of the verb behind, so that it is written down in a transaction of its own. So is what nobody
    expected, that one contact keeps no other waiting; only a database that is away ends it here, for the next try.
    """
    for interaction_id in await _left(database, brand_id, action_id):
        step = partial(_step, action_id=action_id, interaction_id=interaction_id)
        try:
            await database.run(Scope.writing(brand_id), step)
        except Problem as refused:
            why = HELD if isinstance(refused, HeldByOther) else refused.message
            await _say_why(database, brand_id, action_id, interaction_id, why)
        except Exception as error:
            if unavailable(error):
                raise
            LOG.exception("a contact of a bulk action failed", action=str(action_id))
            await _say_why(database, brand_id, action_id, interaction_id, FAILED)


async def _say_why(
    database: Database, brand_id: UUID, action_id: UUID, interaction_id: UUID, why: str
) -> None:
    refuse = partial(_refuse, action_id=action_id, interaction_id=interaction_id, why=why)
    await database.run(Scope.writing(brand_id), refuse)


async def _left(database: Database, brand_id: UUID, action_id: UUID) -> list[UUID]:
    async with database.begin(Scope.reading({brand_id})) as db:
        action = await db.get(BulkAction, (brand_id, action_id))
        if action is None:
            return []
        wanted = (PLANNED,) if action.undone_at is None else (PLANNED, DONE)
        query = select(BulkStep.interaction_id).where(
            BulkStep.action_id == action_id, BulkStep.state.in_(wanted)
        )
        return list((await db.scalars(query.order_by(BulkStep.position))).all())


async def _step(db: AsyncSession, *, action_id: UUID, interaction_id: UUID) -> None:
    step, action = await _locked(db, action_id, interaction_id)
    by = await db.get_one(BrandAgent, (action.brand_id, action.brand_agent_id))
    if action.undone_at is None:
        if step.state == PLANNED:
            await do_step(db, action, step, by)
    elif step.state == PLANNED:
        step.state, step.why = LEFT_OUT, STOPPED
    elif step.state == DONE:
        await undo_step(db, action, step, by)


async def _refuse(db: AsyncSession, *, action_id: UUID, interaction_id: UUID, why: str) -> None:
    """Left out, or kept as it was done."""
    step, _ = await _locked(db, action_id, interaction_id)
    if step.state in (PLANNED, DONE):
        step.state, step.why = {PLANNED: LEFT_OUT, DONE: KEPT}[step.state], why


async def _locked(db: AsyncSession, action_id: UUID, interaction_id: UUID) -> tuple[BulkStep, BulkAction]:
    """The step is locked first, before any slot or contact; whether it goes back is asked behind that lock."""
    query = select(BulkStep).where(BulkStep.action_id == action_id, BulkStep.interaction_id == interaction_id)
    step = (await db.scalars(query.with_for_update())).one()
    return step, await db.get_one(BulkAction, (step.brand_id, action_id))
