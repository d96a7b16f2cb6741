"""One of two who end a task at once wins."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.tasks.errors import Ended, NoTask
from portavoce.contracts.tasks.models import ClientTask


async def lock_open(db: AsyncSession, task_id: UUID, end: str, by: UUID | None) -> tuple[ClientTask, bool]:
    """The task, and whether it is open; one that `by` has ended the same way before is not. Ended otherwise."""
    query = select(ClientTask).where(ClientTask.id == task_id).with_for_update()
    task = (await db.scalars(query)).one_or_none()
    if task is None:
        raise NoTask("This page does not exist.")
    if task.state != "open" and (task.state, task.ended_by) != (end, by):
        raise Ended("Somebody has done this or withdrawn it meanwhile.")
    return task, task.state == "open"
