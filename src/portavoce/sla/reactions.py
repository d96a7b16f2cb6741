"""The first-response clock follows the contact: due when it opens, stopped when the first answer has left."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import hours
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.founding import calendar_versions
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import clause_for
from portavoce.conversations.events import FirstResponded, InteractionOpened
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.queries import interaction as load
from portavoce.ledger.facts import record


async def start_clock(db: AsyncSession, event: InteractionOpened) -> None:
    """Write the due instant on the interaction and its work item; nothing promised means no due instant."""
    clause = await clause_for(db, event.contract_version_id, event.lob_id, event.channel)
    _version, due_at = await _due(db, clause, event.at)
    if due_at is None:
        return
    await db.execute(update(Interaction).where(Interaction.id == event.interaction_id).values(due_at=due_at))
    await db.execute(
        update(WorkItem).where(WorkItem.interaction_id == event.interaction_id).values(due_at=due_at)
    )


async def stop_clock(db: AsyncSession, event: FirstResponded) -> None:
    """The closing fact names the clause and the calendar version it was measured with."""
    interaction = await load(db, event.interaction_id)
    clause = await clause_for(db, interaction.contract_version_id, interaction.lob_id, interaction.channel)
    version, due_at = await _due(db, clause, interaction.opened_at)
    if clause is None or due_at is None:
        return
    record(
        db,
        "clock.stopped",
        at=event.at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        metric="first_response",
        clause=clause.id,
        calendar_version=version,
        due=due_at,
        met=event.at <= due_at,
    )


async def _due(
    db: AsyncSession, clause: Clause | None, opened_at: datetime
) -> tuple[UUID | None, datetime | None]:
    if clause is None:
        return None, None
    versions = await calendar_versions(db, clause.calendar_id)
    in_force = [version for version in versions if version[1].valid_from <= opened_at]
    if not in_force:
        return None, None
    version_id, calendar = in_force[-1]
    try:
        target = timedelta(seconds=clause.target_s)
        return version_id, hours.due(calendar.weekly, calendar.zone, opened_at, target)
    except NeverOpen:
        return version_id, None
