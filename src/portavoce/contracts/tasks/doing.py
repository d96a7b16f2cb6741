"""The client's people do what they were asked for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.contracts.tasks.errors import BadTask
from portavoce.contracts.tasks.locking import lock_open
from portavoce.contracts.tasks.models import ClientTask
from portavoce.core.unit import now
from portavoce.ledger.facts import record

CLIENT = "client"
LONGEST = 5_000


async def finish(db: AsyncSession, task_id: UUID, answer: str, *, by: UUID) -> ClientTask:
    """With a text or without. Ended when somebody was faster; twice by the same person changes nothing."""
    answer = answer.strip()
    if len(answer) > LONGEST:
        raise BadTask("Shorten this text to 5000 characters.", text="long")
    task, is_open = await lock_open(db, task_id, "done", by)
    if is_open:
        task.state, task.ended_at, task.ended_by, task.answer = "done", now(db), by, answer or None
        record(
            db,
            "client_task.done",
            actor=CLIENT,
            from_state="open",
            to_state="done",
            cause_id=audit(db, CLIENT, "client_task.done", "client_task", task.id),
            task=task.id,
        )
    return task
