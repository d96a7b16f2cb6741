"""Tasks of the one brand in scope, as both sides see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.tasks.errors import NoTask
from portavoce.contracts.tasks.models import ClientTask
from portavoce.identity.models import Person

LONGEST_LIST = 200
ENDED = 20


class TaskRow(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    wording: str
    due_at: datetime
    asked_at: datetime
    asked_by: UUID | None
    state: str
    ended_at: datetime | None
    ended_by: UUID | None
    answer: str | None

    def is_late(self, at: datetime) -> bool:
        """Open past its due instant, or done after it; what was withdrawn is owed by nobody."""
        return self.state != "withdrawn" and (self.ended_at or at) > self.due_at


async def open_tasks(db: AsyncSession) -> list[TaskRow]:
    """The first due first."""
    query = _rows().where(ClientTask.state == "open").order_by(ClientTask.due_at, ClientTask.id)
    return [TaskRow(*row) for row in await db.execute(query.limit(LONGEST_LIST))]


async def ended_tasks(db: AsyncSession) -> list[TaskRow]:
    """The last ones, newest first."""
    query = _rows().where(ClientTask.state != "open").order_by(ClientTask.ended_at.desc(), ClientTask.id)
    return [TaskRow(*row) for row in await db.execute(query.limit(ENDED))]


async def task_row(db: AsyncSession, task_id: UUID) -> TaskRow:
    """NoTask when the brand in scope has none."""
    row = (await db.execute(_rows().where(ClientTask.id == task_id))).one_or_none()
    if row is None:
        raise NoTask("This page does not exist.")
    return TaskRow(*row)


async def names_in(db: AsyncSession, tasks: Iterable[TaskRow]) -> dict[UUID, str]:
    """Of the people who asked for them or ended them; for the provider's eyes."""
    people = {person for each in tasks for person in (each.asked_by, each.ended_by) if person}
    rows = await db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name for row in rows}


def _rows() -> Select[*tuple[Any, ...]]:
    return select(*(getattr(ClientTask, name) for name in TaskRow.__struct_fields__))
