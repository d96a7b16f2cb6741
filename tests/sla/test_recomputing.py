"""Opening hours are published while clocks run: those that run move, those that ended do not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.documents import Document, Exceptional
from portavoce.calendars.models import Calendar
from portavoce.calendars.publishing import open_calendar, publish
from portavoce.contracts.promising import APPROVAL, promise_of_client
from portavoce.conversations import closing, reopening
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.sla.clocks.cycles import cycles
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.lives import read_life
from tests.calendars.patterns import NIGHTS, OFFICE, ROME
from tests.conversations.approvals.approved import approval_of, awaiting, rosa
from tests.conversations.back_office.asked import answered, asked, olga, promised, request_of
from tests.floor import Floor, data
from tests.sla.test_reactions import answer

LAW = Document(zone=ROME, weekly=OFFICE)
TOMORROW = date(2026, 3, 3)
SHUT = structs.replace(LAW, exceptions=(Exceptional(TOMORROW, (), "Sciopero"),))
"""Nobody is there tomorrow."""
HALF_PAST_FOUR = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
DUE = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
"""An hour and a half is left of today, the rest of the four hours is tomorrow's morning."""
MOVED = DUE + timedelta(days=1)


async def published(floor: Floor, document: Document = SHUT, starts: date | None = None) -> UUID:
    async def do(db: AsyncSession) -> UUID:
        calendar_id = (await db.scalars(select(Calendar.id).where(Calendar.name != "Altro"))).one()
        return (await publish(db, calendar_id, document, starts, by=None)).id

    return await floor.do(do)


async def due_of(floor: Floor, contact: UUID) -> datetime | None:
    due = (await floor.contact(contact)).due_at
    assert (await floor.work(contact)).due_at == due
    return due


@pytest.fixture
def late(floor: Floor) -> Floor:
    """In the afternoon."""
    floor.clock.move_to(HALF_PAST_FOUR)
    return floor


async def test_an_open_contact_is_due_by_the_hours_that_are_published_now(late: Floor) -> None:
    contact, other = await late.held(), await late.waiting(late.world.bosco)
    assert await due_of(late, contact) == DUE
    late.pokes.clear()
    await published(late)
    assert await due_of(late, contact) == MOVED
    assert (await late.contact(other, late.world.bosco)).due_at == DUE
    assert ("interaction", contact) in {(poke.view, poke.id) for poke in late.pokes}
    late.clock.move_to(MOVED)
    fact = await answer(late, contact)
    assert fact is not None
    assert data(fact)["met"] is True


async def test_hours_that_begin_after_it_is_due_move_nothing(late: Floor) -> None:
    contact = await late.held()
    late.pokes.clear()
    await published(late, SHUT_LATER, TOMORROW + timedelta(days=1))
    assert await due_of(late, contact) == DUE
    assert late.pokes == []


SHUT_LATER = structs.replace(LAW, exceptions=(Exceptional(TOMORROW + timedelta(days=2)),))


async def test_what_was_answered_or_closed_or_has_another_calendar_stays(late: Floor) -> None:
    done, shut, spanish = await late.held(), await late.held(), await late.held()
    await answer(late, done)
    await late.do(closing.close, shut, "solved", by=late.anna)
    before = len([fact for fact in await late.facts() if fact.kind == "clock.stopped"])

    async def another(db: AsyncSession) -> None:
        calendar = await open_calendar(db, "Altro", SHUT, None, by=None)
        await publish(db, calendar.id, SHUT, None, by=None)

    await late.do(another)
    assert await due_of(late, spanish) == DUE
    await published(late)
    assert [await due_of(late, each) for each in (done, shut, spanish)] == [DUE, DUE, MOVED]
    assert len([fact for fact in await late.facts() if fact.kind == "clock.stopped"]) == before


async def test_one_that_is_late_stays_late_at_the_instant_it_was_due(late: Floor) -> None:
    contact = await late.held()
    late.clock.move_to(DUE + timedelta(minutes=1))
    await published(late, structs.replace(LAW, weekly=OFFICE, zone="UTC"))
    assert await due_of(late, contact) == DUE


async def test_one_that_was_closed_meanwhile_is_wound_up_when_it_is_reopened(late: Floor) -> None:
    contact = await late.held()
    await late.do(closing.close, contact, "solved", by=late.anna)
    await published(late)
    await late.do(reopening.reopen, contact, by=late.anna)
    assert await due_of(late, contact) == MOVED


async def test_questions_and_approvals_that_wait_move_and_say_so(late: Floor) -> None:
    by = await olga(late)
    await promised(late, 4)
    ended, waits = await asked(late), await asked(late)
    await answered(late, ended, by)
    await published(late)
    assert (await request_of(late, ended)).due_at == DUE
    assert (await request_of(late, waits)).due_at == MOVED
    [fact] = [fact for fact in await late.facts() if fact.kind == "back_office.moved"]
    request = await request_of(late, waits)
    assert (fact.interaction_id, data(fact)["request"]) == (waits, str(request.id))
    assert data(fact)["due"] == MOVED.isoformat(timespec="microseconds").replace("+00:00", "Z")


async def test_a_question_keeps_the_target_it_was_asked_with(late: Floor) -> None:
    """The client has set another one since, so that nothing says any more how long it has."""
    await olga(late)
    await promised(late, 4)
    waits = await asked(late)
    await promised(late, 8)
    await published(late)
    assert (await request_of(late, waits)).due_at == DUE


async def test_a_reply_that_waits_for_approval_moves(late: Floor) -> None:
    await rosa(late)

    async def settle(db: AsyncSession) -> None:
        calendar_id = (await db.scalars(select(Calendar.id))).one()
        await promise_of_client(db, APPROVAL, timedelta(hours=4), calendar_id)

    await late.do(settle)
    message = await awaiting(late)
    await published(late)
    assert (await approval_of(late, message)).due_at == MOVED
    assert [fact.kind for fact in await late.facts()].count("approval.moved") == 1


async def test_the_desk_shows_what_the_facts_and_the_published_hours_say(late: Floor) -> None:
    """The channel's own hours included, whether it opened before the publication or after."""
    before = await late.held()
    late.later(minutes=5)
    await published(late, structs.replace(SHUT, channels={"email": NIGHTS}, country="IT"))
    late.later(minutes=5)
    after = await late.waiting()
    async with late.database.begin(late.aurora.reading) as db:
        terms = terms_of(await read_contract(db))
    rows = {}
    for fact in await late.facts():
        if fact.kind == "interaction.opened" and (each := fact.interaction_id):
            opening = Fact(fact.kind, each, fact.at, fact.lob_id, data(fact), fact.n, fact.to_state)
            life = read_life([opening], late.clock.now())
            assert life is not None
            (cycle,) = cycles(life, terms, late.clock.now())
            rows[each] = cycle.due_at
    assert rows == {each: await due_of(late, each) for each in (before, after)}
    assert rows[before] != rows[after]
    assert DUE not in rows.values()
