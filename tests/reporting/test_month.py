from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.models import Conversation
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.errors import NoReport
from portavoce.reporting.month import FIGURES, Cut, MonthReport
from portavoce.reporting.months import Month
from portavoce.sla.first_response import State
from tests.database import NOON
from tests.minting import Minted, mint_agent, mint_brand
from tests.reporting.reading import MARCH, counting, reading, report, report_in
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def cuts(found: MonthReport) -> list[Cut]:
    weeks = [Cut(week=week) for week in found.month.weeks()]
    days = [Cut(weekday=day) for day in range(7)]
    lines = [Cut(lob_id=lob) for lob in found.lobs]
    return [Cut(), *weeks, *days, *lines, *(Cut(clause_id=promise.id) for promise in found.promises)]


async def test_each_figure_is_its_contacts(ledger: Database, aurora: Minted, clock: SteppedClock) -> None:
    clock.move_to(NOON + 3 * DAY)
    _, anna = await mint_agent(ledger, aurora)
    met, late, silent, running, other = await tell(
        ledger,
        aurora,
        Contact(NOON, NOON + HOUR, anna),
        Contact(NOON, NOON + DAY, anna),
        Contact(NOON, automatic=True),
        Contact(NOON + 3 * DAY - HOUR),
        Contact(NOON, NOON + HOUR, channel="phone"),
    )
    found = await report(ledger, aurora)
    cells = {figure: {each.interaction_id for each in found.cell(figure)} for figure in FIGURES}
    assert cells == {
        "received": {met, late, silent, running, other},
        "answered": {met, late, other},
        "within": {met},
        "late": {late, silent},
        "decided": {met, late, silent},
        "running": {running},
        "no_clause": {other},
    }


async def test_a_contact_shows_its_clock_its_ticket_and_who_answered_first(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    _, anna = await mint_agent(ledger, aurora)
    _, bruno = await mint_agent(ledger, aurora, "Bruno")
    (interaction,) = await tell(ledger, aurora, Contact(NOON, NOON + 2 * HOUR, anna, automatic=True))
    await answer(ledger, aurora, interaction, NOON + 3 * HOUR, bruno)
    (contact,) = (await report(ledger, aurora)).cell("received")
    assert (contact.interaction_id, contact.ticket, contact.channel) == (interaction, 1, "email")
    assert (contact.opened_at, contact.answered_at, contact.due_at) == (
        NOON,
        NOON + 2 * HOUR,
        NOON + 4 * HOUR,
    )
    assert (contact.state, contact.brand_agent_id, contact.lob) == (State.MET, anna, "Assistenza")
    assert contact.wait(NOON + DAY) == 2 * HOUR
    assert contact.promise is not None
    assert (contact.promise.share_bp, contact.promise.version) == (9000, 1)


async def test_an_answer_in_the_next_month_belongs_to_the_month_of_the_opening(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(datetime.fromisoformat("2026-04-20T12:00Z"))
    opened = datetime.fromisoformat("2026-03-31T15:30Z")
    await tell(ledger, aurora, Contact(opened, opened + 18 * HOUR), Contact(opened + 7 * HOUR))
    march, april = await report(ledger, aurora), await report(ledger, aurora, MARCH.next)
    assert [each.ticket for each in march.cell("answered")] == [1]
    assert [each.ticket for each in april.cell("received")] == [2]


async def test_figures_divide_the_month_under_every_cut(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 20 * DAY)
    async with ledger.begin(aurora.writing) as db:
        second = LineOfBusiness(id=new_id(db), name="Ordini", language="it")
        db.add(second)
    dice = Random(7)
    openings = [NOON + dice.random() * 20 * DAY for _ in range(60)]
    await tell(
        ledger,
        aurora,
        *[
            Contact(
                opened,
                opened + dice.random() * DAY if dice.random() < 0.8 else None,
                lob_id=second.id if dice.random() < 0.3 else None,
            )
            for opened in openings
        ],
    )
    found = await report(ledger, aurora)
    for cut in cuts(found):
        parts = [
            each for figure in ("within", "late", "running", "no_clause") for each in found.cell(figure, cut)
        ]
        assert sorted(each.ticket or 0 for each in parts) == sorted(
            each.ticket or 0 for each in found.cell("received", cut)
        )
        assert len(found.cell("decided", cut)) == len(found.cell("within", cut)) + len(
            found.cell("late", cut)
        )
    for kind in ("week", "weekday", "lob_id"):
        each_part = [cut for cut in cuts(found) if getattr(cut, kind) is not None]
        assert sum(len(found.cell("received", cut)) for cut in each_part) == 60


async def test_a_figure_that_does_not_exist_is_no_report(ledger: Database, aurora: Minted) -> None:
    found = await report(ledger, aurora)
    for name in ("", "share_bp", "__class__", "contacts"):
        with pytest.raises(NoReport):
            found.cell(name)


async def test_a_snapshot_does_not_see_what_arrives_after_it_began(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, Contact(NOON))
    async with reading(ledger, aurora) as db:
        before = await report_in(db, aurora)
        await tell(ledger, aurora, Contact(NOON), Contact(NOON))
        again = await report_in(db, aurora)
    assert again == before
    assert len((await report(ledger, aurora)).cell("received")) == 3


async def test_an_anchor_gives_the_same_report_however_much_arrived_since(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    (interaction,) = await tell(ledger, aurora, Contact(NOON))
    before = await report(ledger, aurora)
    arriving = [tell(ledger, aurora, Contact(NOON, NOON + HOUR)) for _ in range(8)]
    await asyncio.gather(*arriving, answer(ledger, aurora, interaction, NOON + 5 * HOUR))
    clock.advance(DAY)
    async with reading(ledger, aurora) as db:
        again = await report_in(db, aurora, anchor=before.anchor)
    assert again == before
    assert len((await report(ledger, aurora)).cell("answered")) == 9


async def test_a_month_is_final_once_it_is_over_and_nothing_runs(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    last = datetime.fromisoformat("2026-03-31T15:30Z")
    clock.move_to(last)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR))
    assert not (await report(ledger, aurora)).is_final
    (interaction,) = await tell(ledger, aurora, Contact(last))
    clock.move_to(last + 8 * HOUR)
    assert not (await report(ledger, aurora)).is_final
    await answer(ledger, aurora, interaction, last + 8 * HOUR)
    assert (await report(ledger, aurora)).is_final


async def test_what_was_opened_before_the_contract_had_no_promise(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 10 * DAY)
    await tell(ledger, aurora, Contact(NOON - DAY, NOON), Contact(NOON))
    found = await report(ledger, aurora)
    assert [each.ticket for each in found.cell("no_clause")] == [1]
    assert [each.ticket for each in found.cell("decided")] == [2]


async def test_a_brands_report_knows_nothing_of_another_brand(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, Contact(NOON))
    theirs = await tell(ledger, bosco, Contact(NOON), Contact(NOON, NOON + HOUR))
    ours = await report(ledger, aurora)
    assert len(ours.contacts) == 1
    assert not set(theirs) & set(ours.contacts)
    assert set((await report(ledger, bosco)).contacts) == set(theirs)


async def test_the_report_role_may_read_no_conversation(ledger: Database, aurora: Minted) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with reading(ledger, aurora) as db:
            await db.execute(select(Conversation.id))


@pytest.mark.parametrize("contacts", [0, 1, 3])
async def test_a_month_takes_six_queries_whatever_it_holds(
    ledger: Database, aurora: Minted, clock: SteppedClock, contacts: int
) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, *[Contact(NOON, NOON + HOUR)] * contacts)
    async with reading(ledger, aurora) as db:
        anchor = (await report_in(db, aurora)).anchor
        with counting(ledger) as queries:
            await report_in(db, aurora, anchor=anchor)
    assert len(queries) == (6 if contacts else 5)


async def test_a_month_without_contacts_is_empty(ledger: Database, aurora: Minted) -> None:
    found = await report(ledger, aurora, Month(2026, 2))
    assert [len(found.cell(figure)) for figure in FIGURES] == [0] * len(FIGURES)
    assert found.contacts == dict[UUID, object]()
