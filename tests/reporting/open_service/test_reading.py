"""What everybody may read: ended months, each figure with what it is made of."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.open_service.reading import Served, read_service
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Attainment, Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import reading
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def served(database: Database, brand: Minted) -> Served:
    async with reading(database, brand) as db:
        return await read_service(db, brand.id, "Europe/Rome")


async def test_a_month_is_shown_once_it_has_ended(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    assert (await served(ledger, aurora)).months == []
    clock.move_to(NOON + 7 * DAY)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON + DAY, NOON + 3 * DAY))
    assert (await served(ledger, aurora)).months == []
    clock.move_to(NOON + 31 * DAY)
    [(month, [service])] = (await served(ledger, aurora)).months
    assert (str(month), service.numerator, service.denominator) == ("2026-03", 1, 2)
    assert (service.percent, service.is_final) == (Decimal("50.00"), True)


async def test_no_more_than_six_months_the_latest_first(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR))
    clock.move_to(NOON + 270 * DAY)
    months = [str(month) for month, _ in (await served(ledger, aurora)).months]
    assert months == ["2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05"]


async def test_means_and_intervals_are_shown_as_sums_and_the_rest_is_left_out(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """One and two hours of waiting."""
    said = Metric.FIRST_RESPONSE
    mean = Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(3600))
    rank = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(3600), 9_000)
    spans = Rule(goal=share_goal(9_000), attainment=Attainment(1_800, 9_000))
    for ordinal, rule in enumerate((Rule(goal=mean), Rule(goal=rank), spans), 2):
        await promise(ledger, aurora, said, rule, within_s=5400, ordinal=ordinal)
    score = Goal(Statistic.MEAN, Direction.AT_LEAST, Decimal(4))
    await promise(ledger, aurora, Metric.SATISFACTION, Rule(goal=score))
    clock.move_to(NOON + 31 * DAY)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON, NOON + 2 * HOUR))
    [(_, services)] = (await served(ledger, aurora)).months
    assert [(each.is_share, each.numerator, each.denominator) for each in services] == [
        (True, 2, 2),
        (False, 3 * 3600, 2),
        (True, 1, 2),
    ]
