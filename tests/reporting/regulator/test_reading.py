"""A period read at once says what its months say one by one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portavoce.core.db import Database
from portavoce.core.unit import now
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.months import Month
from portavoce.reporting.regulator.indicators import State
from portavoce.reporting.regulator.periods import Period
from portavoce.reporting.regulator.reading import Filing, read_filing, read_parts
from portavoce.reporting.standing import read_standing
from portavoce.reporting.sums import report_head
from portavoce.sla.presets import Regime
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import new_version, promise
from tests.reporting.reading import counting, reading, report_in
from tests.reporting.regulator.making import COMPLAINTS, clause
from tests.reporting.telling import Contact, tell

DAY = timedelta(days=1)
ZONE = "Europe/Rome"
KNOWN = [Month(2026, 3), Month(2026, 4), Month(2026, 5)]


async def promised(database: Database, brand: Minted, version_id: UUID | None = None) -> UUID:
    """30 days to solve, as AGCOM wants of complaints; a contact that comes back within a day goes on."""
    own = clause()
    return await promise(
        database,
        brand,
        own.metric,
        own.rule,
        within_s=own.threshold_s,
        ordinal=2,
        version_id=version_id,
        always=True,
    )


async def told(database: Database, brand: Minted) -> None:
    """March: solved in time twice, once late. April: one in time. May: one that is open."""
    for opened, after in ((0, 2), (1, 3), (2, 40), (35, 1), (65, None)):
        at = NOON + opened * DAY
        closed = None if after is None else at + after * DAY
        await tell(database, brand, Contact(at, closed=closed))


async def filing(database: Database, brand: Minted, n: int | None = None) -> Filing:
    async with reading(database, brand) as db:
        anchor = Anchor(*await last_fact(db, brand.id, n or await report_head(db)), now(db))
        return await read_filing(
            db, brand.id, ZONE, Regime.AGCOM_255_24, Period(2026, 1), known=(KNOWN[0], KNOWN[-1]), anchor=anchor
        )  # fmt: skip


async def test_a_half_year_adds_up_its_months(ledger: Database, aurora: Minted, clock: SteppedClock) -> None:
    await promised(ledger, aurora)
    clock.move_to(NOON + 66 * DAY)
    await told(ledger, aurora)
    found = await filing(ledger, aurora)
    [row] = [each for each in found.rows if each.preset is COMPLAINTS]
    assert found.covered == KNOWN
    assert (row.numerator, row.denominator, row.counted, row.months) == (3, 4, 3, 6)
    assert row.state is State.PROVISIONAL


async def test_it_is_what_each_month_says_for_itself(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """A version in force from April on has no part in March."""
    await promised(ledger, aurora)
    second = await new_version(ledger, aurora, NOON + 34 * DAY)
    await promised(ledger, aurora, second)
    clock.move_to(NOON + 66 * DAY)
    await told(ledger, aurora)
    async with reading(ledger, aurora) as db:
        anchor = Anchor(*await last_fact(db, aurora.id, await report_head(db)), now(db))
        parts = await read_parts(db, aurora.id, ZONE, KNOWN, anchor)
        for month in KNOWN:
            standing = await read_standing(db, await report_in(db, aurora, month, anchor))
            own = [(each.clause.id, each.counts, each.is_final) for each in parts if each.month == month]
            assert own == [(each.clause.id, each.counts, each.is_final) for each in standing]


async def test_a_month_is_final_once_its_last_solution_can_no_more_be_undone(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """Solved in April, a day is the time to come back: March stays open until then."""
    resolving = await promised(ledger, aurora)
    solved = NOON + 42 * DAY
    for moment, expected in ((solved + timedelta(hours=23), False), (solved + 25 * timedelta(hours=1), True)):
        clock.move_to(moment)
        if not expected:
            await tell(ledger, aurora, Contact(NOON + 28 * DAY, closed=solved))
        async with reading(ledger, aurora) as db:
            anchor = Anchor(*await last_fact(db, aurora.id, await report_head(db)), now(db))
            parts = await read_parts(db, aurora.id, ZONE, KNOWN[:1], anchor)
        [march] = [each for each in parts if each.clause.id == resolving]
        assert march.is_final is expected


async def test_an_earlier_state_of_the_ledger_can_be_read_again(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promised(ledger, aurora)
    clock.move_to(NOON + 66 * DAY)
    await told(ledger, aurora)
    before = await filing(ledger, aurora)
    await tell(ledger, aurora, Contact(NOON + 3 * DAY, closed=NOON + 4 * DAY))
    again, after = await filing(ledger, aurora, before.anchor.n), await filing(ledger, aurora)
    assert again.rows == before.rows
    assert again.anchor.hash == before.anchor.hash
    assert after.rows != before.rows


async def test_twelve_months_cost_no_more_queries_than_one(ledger: Database, aurora: Minted) -> None:
    await promised(ledger, aurora)
    async with reading(ledger, aurora) as db:
        anchor = Anchor(*await last_fact(db, aurora.id), now(db))
        with counting(ledger) as one:
            await read_parts(db, aurora.id, ZONE, KNOWN[:1], anchor)
        with counting(ledger) as many:
            await read_parts(db, aurora.id, ZONE, Period(2026, 0).months, anchor)
    assert len(one) == len(many) == 8
