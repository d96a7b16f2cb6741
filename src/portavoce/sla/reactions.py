"""The first-response clock follows the contact: due when it opens, stopped when the first answer has left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import hours
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.models import CalendarVersion
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import CLAUSE
from portavoce.conversations.events import FirstResponded, InteractionOpened
from portavoce.conversations.models import Interaction
from portavoce.ledger.facts import record

# The clause, and the version of its calendar in force at the opening.
PROMISE = (
    CLAUSE.with_only_columns(
        Clause.id.label("clause"),
        Clause.target_s,
        CalendarVersion.id.label("calendar_version"),
        CalendarVersion.zone,
        CalendarVersion.weekly,
    )
    .join(
        CalendarVersion,
        (CalendarVersion.brand_id == Clause.brand_id) & (CalendarVersion.calendar_id == Clause.calendar_id),
    )
    .where(CalendarVersion.valid_from <= bindparam("opened_at"))
    .order_by(CalendarVersion.valid_from.desc())
    .limit(1)
)


class Promise(NamedTuple):
    clause: UUID
    calendar_version: UUID
    due_at: datetime


async def start_clock(db: AsyncSession, event: InteractionOpened) -> None:
    """Write the due instant on the interaction and its work item; nothing promised means no due instant."""
    promise = await _promise(db, event.interaction)
    if promise is not None:
        event.interaction.due_at = event.work.due_at = promise.due_at


async def stop_clock(db: AsyncSession, event: FirstResponded) -> None:
    """The closing fact names the clause and the calendar version it was measured with."""
    interaction = event.interaction
    promise = await _promise(db, interaction)
    if promise is None:
        return
    record(
        db,
        "clock.stopped",
        at=event.at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        metric="first_response",
        clause=promise.clause,
        calendar_version=promise.calendar_version,
        due=promise.due_at,
        met=event.at <= promise.due_at,
    )


async def _promise(db: AsyncSession, interaction: Interaction) -> Promise | None:
    """None where no clause or no opening hours promise an answer."""
    wanted = {
        "version_id": interaction.contract_version_id,
        "lob_id": interaction.lob_id,
        "channel": interaction.channel,
        "opened_at": interaction.opened_at,
    }
    found = (await db.execute(PROMISE, wanted)).one_or_none()
    if found is None:
        return None
    target = timedelta(seconds=found.target_s)
    try:
        due_at = hours.due(hours.read(found.weekly), found.zone, interaction.opened_at, target)
    except NeverOpen:
        return None
    return Promise(found.clause, found.calendar_version, due_at)
