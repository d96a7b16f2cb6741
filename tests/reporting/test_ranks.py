from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.ranks import read_ranks
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.measures.waits import waits
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import counting, reading, report_in
from tests.reporting.telling import Contact, tell

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("rank_bp", [1, 700, 5000, 9000, 10_000])
async def test_a_percentile_is_that_of_all_the_waits(
    ledger: Database, aurora: Minted, clock: SteppedClock, rank_bp: int
) -> None:
    goal = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(60), rank_bp)
    clause = await promise(
        ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=goal), within_s=60, ordinal=2, always=True
    )
    minutes = [7, 3, 100, 1, 3, 42, 9, 9, 250, 12]
    clock.move_to(NOON + timedelta(days=2))
    await tell(ledger, aurora, *[Contact(NOON, NOON + each * MINUTE) for each in minutes], Contact(NOON))
    async with reading(ledger, aurora) as db:
        found = await report_in(db, aurora)
        with counting(ledger) as seen:
            ranks = await read_ranks(db, found)
    assert ranks == {clause: waits(60 * each for each in minutes).percentile_s(rank_bp)}
    assert len(seen) == 1


async def test_nothing_that_ended_has_no_rank(ledger: Database, aurora: Minted) -> None:
    goal = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(60), 9000)
    await promise(ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=goal), within_s=60, ordinal=2)
    await tell(ledger, aurora, Contact(NOON))
    async with reading(ledger, aurora) as db:
        assert await read_ranks(db, await report_in(db, aurora)) == {}
