"""The first-response clock follows the contact: due when it opens, stopped when the first answer has left. The client's
people have clocks of their own, from the question on. All of them walk on in opening hours that are published meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.events import CalendarPublished
from portavoce.contracts.queries import version_in_force
from portavoce.conversations.approvals.events import ApprovalAsked
from portavoce.conversations.back_office.events import ClientAsked
from portavoce.conversations.events import FirstResponded, InteractionOpened, InteractionReopened
from portavoce.conversations.models import Interaction
from portavoce.conversations.queries import work_and_interaction
from portavoce.core.outbox import enqueue
from portavoce.core.unit import now
from portavoce.ledger.facts import record
from portavoce.sla.promises import Promise, promise
from portavoce.sla.recomputing import BATCH, BATCHES, FIRST, TOPIC, Published, count_open


async def start_clock(db: AsyncSession, event: InteractionOpened) -> None:
    """Write the due instant on the interaction and its work item; nothing promised means no due instant."""
    promised = await _first_response(db, event.interaction, now(db))
    if promised is not None:
        event.interaction.due_at = event.work.due_at = promised.due_at


async def wind_up_clock(db: AsyncSession, event: InteractionReopened) -> None:
    """Nobody looked after it while the contact was closed. One that was answered has ended for good."""
    work, interaction = await work_and_interaction(db, event.interaction_id)
    if interaction.first_response_at is None:
        promised = await _first_response(db, interaction, now(db))
        interaction.due_at = work.due_at = promised.due_at if promised else None


async def stop_clock(db: AsyncSession, event: FirstResponded) -> None:
    """The closing fact names the clause, and the calendar version in force when the clock stopped."""
    interaction = event.interaction
    promised = await _first_response(db, interaction, event.at)
    if promised is None:
        return
    record(
        db,
        "clock.stopped",
        at=event.at,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        metric="first_response",
        clause=promised.clause,
        calendar_version=promised.calendar_version,
        due=promised.due_at,
        met=event.at <= promised.due_at,
    )


async def start_clients_clock(db: AsyncSession, event: ClientAsked) -> None:
    """By the version in force at the question: it is then that this clock begins. Nothing promised, nothing due."""
    asked = event.request.asked_at
    version_id = await version_in_force(db, asked)
    promised = await promise(
        db, "back_office", event.interaction, version_id=version_id, since=asked, until=asked
    )
    if promised is not None:
        event.request.due_at = promised.due_at
        event.told.update(clause=promised.clause, calendar_version=promised.calendar_version)


async def start_approvers_clock(db: AsyncSession, event: ApprovalAsked) -> None:
    """As for a question: by the version in force when the client was asked."""
    asked = event.approval.asked_at
    version_id = await version_in_force(db, asked)
    promised = await promise(
        db, "approval", event.interaction, version_id=version_id, since=asked, until=asked
    )
    if promised is not None:
        event.approval.due_at = promised.due_at
        event.told.update(clause=promised.clause, calendar_version=promised.calendar_version)


async def move_open_clocks(db: AsyncSession, event: CalendarPublished) -> None:
    """At once if they are few. A job looks after all of them later: also what opened while this was published."""
    published = Published(event.version.calendar_id, event.at)
    if await count_open(db, published.calendar_id) < BATCH:
        for batch in BATCHES:
            await batch(db, published, FIRST)
    enqueue(db, TOPIC, event.version.id)


async def _first_response(db: AsyncSession, interaction: Interaction, until: datetime) -> Promise | None:
    return await promise(
        db,
        "first_response",
        interaction,
        version_id=interaction.contract_version_id,
        since=interaction.opened_at,
        until=until,
    )
