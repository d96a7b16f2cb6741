"""What the contract promises about one contact, and until when, in opening hours."""

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
from portavoce.conversations.models import Interaction

# The clause, and the version of its calendar in force when the clock began.
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
    .where(CalendarVersion.valid_from <= bindparam("since"))
    .order_by(CalendarVersion.valid_from.desc())
    .limit(1)
)


class Promise(NamedTuple):
    clause: UUID
    calendar_version: UUID
    due_at: datetime


async def promise(
    db: AsyncSession, metric: str, interaction: Interaction, *, version_id: UUID, since: datetime
) -> Promise | None:
    """Of a clock that began at `since`; None where no clause or no opening hours promise an answer."""
    wanted = {
        "metric": metric,
        "version_id": version_id,
        "lob_id": interaction.lob_id,
        "channel": interaction.first_channel,
        "since": since,
    }
    found = (await db.execute(PROMISE, wanted)).one_or_none()
    if found is None:
        return None
    target = timedelta(seconds=found.target_s)
    try:
        due_at = hours.due(hours.read(found.weekly), found.zone, since, target)
    except NeverOpen:
        return None
    return Promise(found.clause, found.calendar_version, due_at)
