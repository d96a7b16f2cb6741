"""The provider asks the client for something until an instant, and withdraws what it no longer needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.contracts.tasks.errors import BadTask
from portavoce.contracts.tasks.locking import lock_open
from portavoce.contracts.tasks.models import KINDS, ClientTask
from portavoce.core.unit import new_id, now
from portavoce.ledger.facts import record

PROVIDER = "provider"
LONGEST = 1_000
FARTHEST = timedelta(days=366)


async def ask(db: AsyncSession, kind: str, wording: str, due_at: datetime, *, by: UUID | None) -> ClientTask:
    """`by`: a person of the provider. BadTask by field."""
    wording = wording.strip()
    if kind not in KINDS:
        raise BadTask("Choose one of the options shown.", kind="unknown")
    if not wording:
        raise BadTask("Write what is needed.", wording="empty")
    if len(wording) > LONGEST:
        raise BadTask("Shorten this text to 1000 characters.", wording="long")
    if not now(db) < due_at <= now(db) + FARTHEST:
        raise BadTask("Choose a moment in the future, within a year.", due="moment")
    task = ClientTask(
        id=new_id(db), kind=kind, wording=wording, due_at=due_at, asked_at=now(db), asked_by=by, state="open"
    )
    db.add(task)
    cause = audit(db, PROVIDER, "client_task.asked", "client_task", task.id)
    record(
        db,
        "client_task.asked",
        actor=PROVIDER,
        to_state="open",
        cause_id=cause,
        task=task.id,
        what=kind,
        due=due_at,
    )
    return task


async def withdraw(db: AsyncSession, task_id: UUID, *, by: UUID | None) -> ClientTask:
    """Ended when the client was faster; twice by the same person changes nothing."""
    task, is_open = await lock_open(db, task_id, "withdrawn", by)
    if is_open:
        task.state, task.ended_at, task.ended_by = "withdrawn", now(db), by
        cause = audit(db, PROVIDER, "client_task.withdrawn", "client_task", task.id)
        record(
            db,
            "client_task.withdrawn",
            actor=PROVIDER,
            from_state="open",
            to_state="withdrawn",
            cause_id=cause,
            task=task.id,
        )
    return task
