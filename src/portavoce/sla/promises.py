"""What the contract promises about one contact, and until when, in opening hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import hours, timeline
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.models import CalendarVersion
from portavoce.calendars.versions import CalendarHours, valid_at
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import CLAUSE
from portavoce.conversations.models import Interaction

# The clause, once with each version of its calendar.
PROMISE = (
    CLAUSE.with_only_columns(
        Clause.id.label("clause"),
        Clause.target_s,
        CalendarVersion.id.label("calendar_version"),
        CalendarVersion.valid_from,
        CalendarVersion.zone,
        CalendarVersion.weekly,
    )
    .join(
        CalendarVersion,
        (CalendarVersion.brand_id == Clause.brand_id) & (CalendarVersion.calendar_id == Clause.calendar_id),
    )
    .order_by(CalendarVersion.valid_from)
)


class Promise(NamedTuple):
    clause: UUID
    calendar_version: UUID
    due_at: datetime


async def promise(
    db: AsyncSession,
    metric: str,
    interaction: Interaction,
    *,
    version_id: UUID,
    since: datetime,
    until: datetime,
) -> Promise | None:
    """Of a clock that began at `since` and has run until `until`, by the opening hours published by then; it names the
    version in force then. None where no clause or no opening hours promise an answer.
    """
    wanted = {
        "metric": metric,
        "version_id": version_id,
        "lob_id": interaction.lob_id,
        "channel": interaction.first_channel,
    }
    found = (await db.execute(PROMISE, wanted)).all()
    ids = {row.valid_from: row.calendar_version for row in found}
    versions = [CalendarHours(row.valid_from, row.zone, hours.read(row.weekly)) for row in found]
    known = timeline.known_at(versions, until)
    if not known:
        return None
    try:
        due_at = timeline.due(known, since, timedelta(seconds=found[0].target_s))
    except NeverOpen:
        return None
    return Promise(found[0].clause, ids[(valid_at(known, until) or known[0]).valid_from], due_at)
