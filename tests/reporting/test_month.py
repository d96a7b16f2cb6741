from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portavoce.conversations.models import Conversation
from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.errors import NoReport
from portavoce.reporting.month import FIGURES, MonthReport
from portavoce.reporting.months import Month
from tests.database import NOON
from tests.minting import Minted, mint_agent, mint_brand
from tests.reporting.reading import counting, reading, report, report_in
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def figures(found: MonthReport) -> dict[str, int]:
    return {figure: found.count(figure) for figure in FIGURES}


async def test_each_figure_counts_its_contacts(ledger: Database, aurora: Minted, clock: SteppedClock) -> None:
    clock.move_to(NOON + 3 * DAY)
    _, anna = await mint_agent(ledger, aurora)
    await tell(
        ledger,
        aurora,
        Contact(NOON, NOON + HOUR, anna),
        Contact(NOON, NOON + DAY, anna),
        Contact(NOON, automatic=True),
        Contact(NOON + 3 * DAY - HOUR),
        Contact(NOON, NOON + HOUR, channel="phone"),
    )
    assert figures(await report(ledger, aurora)) == {
        "received": 5, "answered": 3, "within": 1, "late": 2, "decided": 3, "running": 1, "no_clause": 1,
    }  # fmt: skip


async def test_a_figure_that_does_not_exist_is_no_report(ledger: Database, aurora: Minted) -> None:
    found = await report(ledger, aurora)
    for name in ("", "share_bp", "__class__", "contacts"):
        with pytest.raises(NoReport):
            found.count(name)


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
    assert (await report(ledger, aurora)).count("received") == 3


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
    assert (await report(ledger, aurora)).count("answered") == 9


async def test_what_was_opened_before_the_contract_had_no_promise(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 10 * DAY)
    await tell(ledger, aurora, Contact(NOON - DAY, NOON), Contact(NOON))
    found = await report(ledger, aurora)
    assert (found.count("no_clause"), found.count("decided")) == (1, 1)


async def test_a_brands_report_knows_nothing_of_another_brand(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, Contact(NOON))
    await tell(ledger, bosco, Contact(NOON), Contact(NOON, NOON + HOUR))
    assert (await report(ledger, aurora)).count("received") == 1
    assert (await report(ledger, bosco)).count("received") == 2


async def test_the_report_role_may_read_no_conversation(ledger: Database, aurora: Minted) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with reading(ledger, aurora) as db:
            await db.execute(select(Conversation.id))


@pytest.mark.parametrize("contacts", [0, 1, 3])
async def test_a_month_takes_seven_queries_whatever_it_holds(
    ledger: Database, aurora: Minted, clock: SteppedClock, contacts: int
) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, *[Contact(NOON, NOON + HOUR)] * contacts)
    async with reading(ledger, aurora) as db:
        anchor = (await report_in(db, aurora)).anchor
        with counting(ledger) as queries:
            await report_in(db, aurora, anchor=anchor)
    assert len(queries) == 7


async def test_a_month_without_contacts_is_empty(ledger: Database, aurora: Minted) -> None:
    found = await report(ledger, aurora, Month(2026, 2))
    assert set(figures(found).values()) == {0}
    assert list(found.clauses) == []
