from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.slots import read_attained
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Attainment, Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import counting, reading, report_in
from tests.reporting.telling import Contact, tell

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


async def by_half_hours(ledger: Database, brand: Minted) -> UUID:
    rule = Rule(goal=share_goal(8_000), attainment=Attainment(1800, 9_000))
    return await promise(ledger, brand, Metric.FIRST_RESPONSE, rule, within_s=3600, ordinal=2)


async def found(
    ledger: Database, brand: Minted, anchor: Anchor | None = None
) -> Mapping[UUID, Fraction | None]:
    async with reading(ledger, brand) as db:
        return await read_attained(db, await report_in(db, brand, anchor=anchor))


async def test_half_hours_are_judged_each_and_an_earlier_state_as_it_was(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """In the first half hour one of two is late, in the second nobody wrote, in the third one is in time."""
    clause = await by_half_hours(ledger, aurora)
    clock.move_to(NOON + 40 * DAY)
    await tell(
        ledger,
        aurora,
        Contact(NOON, NOON + HOUR),
        Contact(NOON + 20 * MINUTE, NOON + 3 * HOUR),
        Contact(NOON + 70 * MINUTE, NOON + 80 * MINUTE),
    )
    assert await found(ledger, aurora) == {clause: Fraction(1, 2)}
    async with reading(ledger, aurora) as db:
        before = Anchor(*await last_fact(db, aurora.id), clock.now())
    await tell(ledger, aurora, Contact(NOON + DAY))
    assert await found(ledger, aurora) == {clause: Fraction(1, 3)}
    assert await found(ledger, aurora, before) == {clause: Fraction(1, 2)}


async def test_a_clause_of_the_whole_month_asks_nothing(ledger: Database, aurora: Minted) -> None:
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR))
    async with reading(ledger, aurora) as db:
        month = await report_in(db, aurora)
        with counting(ledger) as seen:
            assert await read_attained(db, month) == {}
    assert seen == []


async def test_three_queries_whatever_there_is_to_judge(ledger: Database, aurora: Minted) -> None:
    await by_half_hours(ledger, aurora)
    await tell(ledger, aurora, *[Contact(NOON + n * HOUR, NOON + (n + 1) * HOUR) for n in range(4)])
    async with reading(ledger, aurora) as db:
        month = await report_in(db, aurora)
        with counting(ledger) as seen:
            await read_attained(db, month)
    assert len(seen) == 3
