"""The first-response clock follows the contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.founding import add_version, calendar_versions
from portavoce.calendars.hours import ALWAYS, Weekly
from portavoce.calendars.models import Calendar
from portavoce.contracts.models import Clause
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.queries import message
from portavoce.conversations.replying import reply
from portavoce.core.unit import now
from portavoce.kit.canonical import moment
from portavoce.ledger.models import LedgerEvent
from tests.database import NOON
from tests.floor import Floor, data

FRIDAY_EVENING = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
"""Half past five in Rome: half an hour of the four is left before the weekend."""
MONDAY_MIDDAY = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
NEVER = Weekly({})


async def answer(floor: Floor, interaction_id: UUID) -> LedgerEvent | None:
    """Anna's answer leaves; gives the fact that stopped the clock."""
    sent = await floor.do(reply, interaction_id, "Buongiorno!", by=floor.anna)
    before = await floor.last_n()

    async def leave(db: AsyncSession) -> None:
        await mark_sent(db, await message(db, sent.id))

    await floor.do(leave)
    stopped = [fact for fact in await floor.facts(before) if fact.kind == "clock.stopped"]
    return stopped[0] if stopped else None


async def new_hours(floor: Floor, weekly: Weekly) -> UUID:
    """Other hours from now on; gives the version's id."""

    async def change(db: AsyncSession) -> UUID:
        calendar_id = (await db.scalars(select(Calendar.id))).one()
        return add_version(db, calendar_id, weekly, "Europe/Rome", now(db)).id

    return await floor.do(change)


async def first_hours(floor: Floor) -> UUID:
    async def look(db: AsyncSession) -> UUID:
        calendar_id = (await db.scalars(select(Calendar.id))).one()
        return (await calendar_versions(db, calendar_id))[0][0]

    return await floor.do(look)


async def promise_nothing(floor: Floor) -> None:
    async def forget(db: AsyncSession) -> None:
        await db.execute(delete(Clause))

    await floor.do(forget)


@pytest.mark.parametrize(
    ("opened", "due"), [(NOON, NOON + timedelta(hours=4)), (FRIDAY_EVENING, MONDAY_MIDDAY)]
)
async def test_the_answer_is_due_in_open_hours(floor: Floor, opened: datetime, due: datetime) -> None:
    floor.clock.move_to(opened)
    interaction_id = await floor.waiting()
    assert (await floor.contact(interaction_id)).due_at == due
    assert (await floor.work(interaction_id)).due_at == due


async def test_hours_that_changed_before_the_opening_count(floor: Floor) -> None:
    floor.clock.move_to(FRIDAY_EVENING - timedelta(days=1))
    await new_hours(floor, ALWAYS)
    floor.clock.move_to(FRIDAY_EVENING)
    contact = await floor.contact(await floor.waiting())
    assert contact.due_at == FRIDAY_EVENING + timedelta(hours=4)


async def test_a_running_clock_walks_on_in_hours_that_change(floor: Floor) -> None:
    """A minute was over when round the clock began."""
    floor.clock.move_to(FRIDAY_EVENING)
    interaction_id = await floor.held()
    floor.later(minutes=1)
    changed = await new_hours(floor, ALWAYS)
    floor.later(hours=4)
    fact = await answer(floor, interaction_id)
    assert fact is not None
    assert (data(fact)["due"], data(fact)["met"]) == (moment(FRIDAY_EVENING + timedelta(hours=4)), False)
    assert data(fact)["calendar_version"] == str(changed)


async def test_hours_that_change_after_the_answer_touch_nothing(floor: Floor) -> None:
    floor.clock.move_to(FRIDAY_EVENING)
    interaction_id = await floor.held()
    fact = await answer(floor, interaction_id)
    floor.later(minutes=1)
    await new_hours(floor, ALWAYS)
    assert fact is not None
    assert (data(fact)["due"], data(fact)["met"]) == (moment(MONDAY_MIDDAY), True)
    assert data(fact)["calendar_version"] == str(await first_hours(floor))
    assert (await floor.contact(interaction_id)).due_at == MONDAY_MIDDAY


@pytest.mark.parametrize(("late_by", "met"), [(0, True), (1, False)])
async def test_the_closing_fact_says_what_was_measured_and_with_what(
    floor: Floor, late_by: int, met: bool
) -> None:
    interaction_id = await floor.held()
    floor.later(hours=4, seconds=late_by)
    fact = await answer(floor, interaction_id)
    (clause,) = await floor.rows(Clause)
    assert fact is not None
    assert (fact.actor, fact.interaction_id, fact.lob_id, fact.at) == (
        "system", interaction_id, floor.aurora.lob_id, NOON + timedelta(hours=4, seconds=late_by),
    )  # fmt: skip
    assert data(fact) == {
        "metric": "first_response",
        "clause": str(clause.id),
        "calendar_version": str(await first_hours(floor)),
        "due": moment(NOON + timedelta(hours=4)),
        "met": met,
    }


async def test_without_a_clause_nothing_is_due_and_nothing_stops(floor: Floor) -> None:
    await promise_nothing(floor)
    interaction_id = await floor.held()
    assert (await floor.contact(interaction_id)).due_at is None
    assert (await floor.work(interaction_id)).due_at is None
    assert await answer(floor, interaction_id) is None


async def test_on_a_channel_without_a_promise_nothing_is_due(floor: Floor) -> None:
    message = await floor.write_in(channel="chat")
    assert (await floor.contact(message.interaction_id)).due_at is None


async def test_hours_that_never_open_promise_nothing(floor: Floor) -> None:
    floor.later(days=1)
    await new_hours(floor, NEVER)
    interaction_id = await floor.held()
    assert (await floor.contact(interaction_id)).due_at is None
    assert await answer(floor, interaction_id) is None


async def test_a_clock_of_another_brand_does_not_move(floor: Floor) -> None:
    bosco = floor.world.bosco
    elsewhere = await floor.waiting(bosco)
    floor.later(hours=1)
    await floor.waiting()
    assert (await floor.contact(elsewhere, bosco)).due_at == NOON + timedelta(hours=4)
