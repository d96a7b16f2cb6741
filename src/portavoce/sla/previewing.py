"""What opening hours would move if they were published: the same open clocks, looked at and left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.queries import Version, versions_of
from portavoce.contracts.models import Clause
from portavoce.contracts.queries import version_in_force
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.models import Interaction
from portavoce.sla.promises import agreed
from portavoce.sla.recomputing import FIRST_CHANNEL, due_now, running, still_stands

MOST = 2_000
"""Open clocks that a page looks at."""


class Moves(NamedTuple):
    """Of `running` open clocks those that move, as (due now, due then); `all` unless there are more than were looked at."""

    running: int
    moved: list[tuple[datetime | None, datetime | None]]
    all: bool

    @property
    def sooner(self) -> timedelta | None:
        """The longest that one is due before it was; None if none is."""
        return max((-each for each in self._by() if each < timedelta(0)), default=None)

    @property
    def later(self) -> timedelta | None:
        return max((each for each in self._by() if each > timedelta(0)), default=None)

    def _by(self) -> list[timedelta]:
        return [after - before for before, after in self.moved if before and after]


async def would_move(db: AsyncSession, calendar_id: UUID, version: Version) -> Moves:
    """As if the version were published at its `published_at`."""
    assert version.published_at is not None, "what is previewed would be published now"
    versions = sorted(
        [*await versions_of(db, calendar_id), version],
        key=lambda each: (each.valid_from, each.published_at or each.valid_from),
    )
    asked = await _asked(db, calendar_id, version.published_at)
    clocks = [*await _contacts(db, calendar_id), *asked]
    found = []
    for since, due, channel, target in clocks[:MOST]:
        hours = [each.hours(channel) for each in versions]
        found.append((due, due_now(hours, since, target, version.published_at)))
    return Moves(len(found), [each for each in found if each[0] != each[1]], len(clocks) <= MOST)


Clock = tuple[datetime, datetime | None, str, timedelta]
"""Since when, due when, on which channel, and in how much open time."""


async def _contacts(db: AsyncSession, calendar_id: UUID) -> list[Clock]:
    query = running(
        calendar_id, Interaction.opened_at, Interaction.due_at, FIRST_CHANNEL, Clause.target_s
    ).limit(MOST + 1)
    return [
        (since, due, channel, timedelta(seconds=target_s))
        for since, due, channel, target_s in await db.execute(query)
    ]


async def _asked(db: AsyncSession, calendar_id: UUID, at: datetime) -> list[Clock]:
    found = []
    for kind, metric in ((ClientRequest, "back_office"), (ReplyApproval, "approval")):
        query = (
            select(kind.asked_at, kind.due_at, Interaction.lob_id, FIRST_CHANNEL)
            .select_from(Interaction)
            .join(kind, (kind.brand_id == Interaction.brand_id) & (kind.interaction_id == Interaction.id))
            .where(kind.state == "open")
            .limit(MOST + 1)
        )
        for since, due, lob_id, channel in await db.execute(query):
            version_id = await version_in_force(db, since)
            clause = await agreed(db, metric, version_id=version_id, lob_id=lob_id, channel=channel)
            if clause and clause.calendar_id == calendar_id and still_stands(clause, since, due, at):
                found.append((since, due, channel, clause.target))
    return found
