"""Open clocks when opening hours were published: what is due of them moves, and a clock that ended is never touched.

First responses, questions to the client and replies that wait for its approval. Doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import timeline
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.queries import versions_of
from portavoce.calendars.versions import CalendarHours
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import version_in_force
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.core.unit import now, poke, written_brand
from portavoce.ledger.facts import record
from portavoce.sla.promises import Agreed, agreed

TOPIC = "clocks.move"
BATCH = 200
FIRST = UUID(int=0)
MOMENT = timedelta(microseconds=1)
Asked = type[ClientRequest] | type[ReplyApproval]
FIRST_CHANNEL = func.coalesce(Interaction.came_by, Interaction.channel)


class Published(NamedTuple):
    """Hours of a calendar, and when they were published."""

    calendar_id: UUID
    at: datetime


Batch = Callable[[AsyncSession, Published, UUID], Awaitable[UUID | None]]
"""Moves what is due of up to BATCH open clocks behind an id; gives the last of them, None after all."""


def running(calendar_id: UUID, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Open contacts that nobody has answered and whose promise is measured by the calendar."""
    return (
        select(*columns)
        .select_from(WorkItem)
        .join(
            Interaction,
            (Interaction.brand_id == WorkItem.brand_id) & (Interaction.id == WorkItem.interaction_id),
        )
        .join(
            Clause,
            (Clause.brand_id == Interaction.brand_id)
            & (Clause.contract_version_id == Interaction.contract_version_id)
            & (Clause.lob_id == Interaction.lob_id)
            & (Clause.channel == FIRST_CHANNEL),
        )
        .where(
            Interaction.state != "closed",
            Interaction.first_response_at.is_(None),
            Clause.metric == "first_response",
            Clause.ordinal == 1,
            Clause.calendar_id == calendar_id,
        )
    )


async def count_open(db: AsyncSession, calendar_id: UUID) -> int:
    contacts = await db.scalar(running(calendar_id, func.count(Interaction.id)))
    asked = [
        await db.scalar(select(func.count(kind.id)).where(kind.state == "open"))
        for kind in (ClientRequest, ReplyApproval)
    ]
    return sum(filter(None, (contacts, *asked)))


async def move_first_responses(db: AsyncSession, published: Published, after: UUID) -> UUID | None:
    query = (
        running(published.calendar_id, WorkItem, Interaction, Clause.target_s)
        .where(Interaction.id > after)
        .order_by(Interaction.id)
        .limit(BATCH)
        .with_for_update(of=(WorkItem, Interaction))
        .execution_options(populate_existing=True)
    )
    versions, moved = await versions_of(db, published.calendar_id), []
    rows = (await db.execute(query)).all()
    for work, interaction, target_s in rows:
        hours = [version.hours(interaction.first_channel) for version in versions]
        due_at = due_now(hours, interaction.opened_at, timedelta(seconds=target_s), now(db))
        if (interaction.due_at, work.due_at) != (due_at, due_at):
            interaction.due_at = work.due_at = due_at
            moved.append(interaction)
    for interaction in moved:
        poke(db, "interaction", interaction.brand_id, interaction.id)
    for interaction in moved[:1]:
        poke(db, "queue", interaction.brand_id, interaction.id)
    return rows[-1].Interaction.id if len(rows) == BATCH else None


def due_now(
    versions: list[CalendarHours], since: datetime, target: timedelta, at: datetime
) -> datetime | None:
    """When what began at `since` is due, by what is published at `at`; None where it never is."""
    try:
        return timeline.due(timeline.known_at(versions, at), since, target)
    except NeverOpen:
        return None


async def move_questions(db: AsyncSession, published: Published, after: UUID) -> UUID | None:
    return await _move_asked(db, ClientRequest, "back_office", "request", published, after)


async def move_approvals(db: AsyncSession, published: Published, after: UUID) -> UUID | None:
    return await _move_asked(db, ReplyApproval, "approval", "approval", published, after)


BATCHES: tuple[Batch, ...] = (move_first_responses, move_questions, move_approvals)


async def _move_asked(
    db: AsyncSession, kind: Asked, metric: str, name: str, published: Published, after: UUID
) -> UUID | None:
    """A fact tells each that moved, since a question is reported by what its facts say it was due."""
    rows = (await db.execute(_asked(kind, after))).all()
    known: dict[tuple[UUID, UUID, str], Agreed | None] = {}
    for each, interaction in rows:
        version_id = await version_in_force(db, each.asked_at)
        key = version_id, interaction.lob_id, interaction.first_channel
        if key not in known:
            known[key] = await agreed(db, metric, version_id=key[0], lob_id=key[1], channel=key[2])
        clause = known[key]
        if clause is None or not still_stands(clause, each.asked_at, each.due_at, published.at - MOMENT):
            continue
        promised = clause.promise(each.asked_at, now(db))
        if promised is None or promised.due_at == each.due_at:
            continue
        each.due_at = promised.due_at
        record(
            db,
            f"{metric}.moved",
            lob_id=interaction.lob_id,
            interaction_id=interaction.id,
            clause=promised.clause,
            calendar_version=promised.calendar_version,
            due=promised.due_at,
            **{name: each.id},
        )
        poke(db, "interaction", written_brand(db), interaction.id)
    return rows[-1][0].id if len(rows) == BATCH else None


def still_stands(clause: Agreed, since: datetime, due_at: datetime | None, at: datetime) -> bool:
    """Whether what was asked is due by this clause and the hours published until then. If not, the client's target was
    set anew since: what was asked keeps the one it was asked with.
    """
    before = clause.promise(since, at)
    return before is not None and before.due_at == due_at


def _asked(kind: Asked, after: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(kind, Interaction)
        .select_from(Interaction)
        .join(kind, (kind.brand_id == Interaction.brand_id) & (kind.interaction_id == Interaction.id))
        .where(kind.state == "open", kind.id > after)
        .order_by(kind.id)
        .limit(BATCH)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
