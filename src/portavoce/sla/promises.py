"""What the contract promises about one contact, and until when, in opening hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars import timeline
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.models import CalendarVersion
from portavoce.calendars.queries import COLUMNS, IN_ORDER, version_of
from portavoce.calendars.versions import CalendarHours, valid_at
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import CLAUSE
from portavoce.conversations.models import Interaction

# The clause, once with each version of its calendar.
PROMISE = (
    CLAUSE.with_only_columns(
        Clause.id.label("clause"), Clause.target_s, Clause.calendar_id.label("on_calendar"), *COLUMNS
    )
    .outerjoin(
        CalendarVersion,
        (CalendarVersion.brand_id == Clause.brand_id) & (CalendarVersion.calendar_id == Clause.calendar_id),
    )
    .order_by(*IN_ORDER)
)


class Promise(NamedTuple):
    """Without a calendar it runs day and night."""

    clause: UUID
    calendar_version: UUID | None
    due_at: datetime


class Agreed(NamedTuple):
    """A clause with every version of its calendar, in order, as its channel sees them, and the ids of these."""

    clause: UUID
    calendar_id: UUID | None
    target: timedelta
    versions: tuple[CalendarHours, ...]
    ids: tuple[UUID, ...]

    def promise(self, since: datetime, until: datetime) -> Promise | None:
        """Of a clock that began at `since` and has run until `until`, by the opening hours published by then; it names
        the version in force then, or the first to come. None where they promise no answer.
        """
        known = timeline.known_at(self.versions, until)
        if not known:
            return None
        try:
            due_at = timeline.due(known, since, self.target)
        except NeverOpen:
            return None
        if self.calendar_id is None:
            return Promise(self.clause, None, due_at)
        in_force = valid_at(known, until) or known[0]
        return Promise(self.clause, self.ids[self.versions.index(in_force)], due_at)


async def agreed(
    db: AsyncSession, metric: str, *, version_id: UUID, lob_id: UUID, channel: str
) -> Agreed | None:
    """None where the version of the contract has no such clause. One query."""
    wanted = {"metric": metric, "version_id": version_id, "lob_id": lob_id, "channel": channel}
    found = (await db.execute(PROMISE, wanted)).all()
    if not found:
        return None
    target = timedelta(seconds=found[0].target_s)
    if found[0].on_calendar is None:
        return Agreed(found[0].clause, None, target, timeline.ALWAYS, ())
    versions = [version_of(row) for row in found if row.calendar_version is not None]
    return Agreed(
        found[0].clause,
        found[0].on_calendar,
        target,
        tuple(version.hours(channel) for version in versions),
        tuple(version.id for version in versions),
    )


async def promise(
    db: AsyncSession,
    metric: str,
    interaction: Interaction,
    *,
    version_id: UUID,
    since: datetime,
    until: datetime,
) -> Promise | None:
    """As `Agreed.promise`, of one contact."""
    found = await agreed(
        db,
        metric,
        version_id=version_id,
        lob_id=interaction.lob_id,
        channel=interaction.first_channel,
    )
    return found.promise(since, until) if found else None
