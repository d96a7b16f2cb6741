from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import update

from portavoce.contracts.models import ContractVersion
from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.commitments import commitments
from portavoce.reporting.money import MonthMoney, month_money
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_goal
from portavoce.sla.schemes import PerBreach, PerDay, Scheme, Steps
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import report
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POINTS = Scheme((Steps(Decimal("0.01"), Decimal(1)),))


async def fee(database: Database, brand: Minted, cents: int, cap_bp: int | None = None) -> None:
    async with database.begin(brand.writing) as db:
        await db.execute(update(ContractVersion).values(fee_cents=cents, credit_cap_bp=cap_bp))


async def money_of(database: Database, brand: Minted) -> MonthMoney | None:
    found = await report(database, brand)
    return month_money(found, commitments(found))


async def test_each_full_point_below_costs_its_part_of_the_fee_up_to_the_cap(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """Three of four in time is 75 %: fifteen full points below 90."""
    await promise(
        ledger,
        aurora,
        Metric.FIRST_RESPONSE,
        Rule(goal=share_goal(9000), scheme=POINTS),
        within_s=9000,
        ordinal=2,
    )
    await fee(ledger, aurora, 1_000_000)
    clock.move_to(NOON + 40 * DAY)
    await tell(
        ledger,
        aurora,
        *[Contact(NOON + n * DAY, NOON + n * DAY + HOUR) for n in range(3)],
        Contact(NOON, NOON + 5 * HOUR),
    )
    found = await money_of(ledger, aurora)
    assert found is not None
    (only,) = found.clauses
    assert (only.outcome.credit.percent, only.outcome.credit.due, only.outlook) == (
        Fraction(15),
        150_000,
        None,
    )
    assert (found.settlement.adjusted_cents, found.is_forecast) == (150_000, False)
    await fee(ledger, aurora, 1_000_000, cap_bp=1_000)
    capped = await money_of(ledger, aurora)
    assert capped is not None
    assert capped.settlement.adjusted_cents == 100_000


async def test_breaches_and_days_of_default_have_amounts_of_their_own(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """Three late on two days."""
    scheme = Scheme((PerBreach(500, tolerated=1), PerDay(cents=10_000)))
    await promise(
        ledger,
        aurora,
        Metric.FIRST_RESPONSE,
        Rule(goal=share_goal(9000), scheme=scheme),
        within_s=9000,
        ordinal=2,
    )
    clock.move_to(NOON + 40 * DAY)
    await tell(
        ledger,
        aurora,
        Contact(NOON),
        Contact(NOON),
        Contact(NOON + DAY),
        Contact(NOON + 2 * DAY, NOON + 2 * DAY + HOUR),
    )
    found = await money_of(ledger, aurora)
    assert found is not None
    assert found.settlement.adjusted_cents == 2 * 500 + 2 * 10_000


async def test_a_running_month_says_what_it_is_expected_to_come_to_and_how_many_change_it(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """The rate so far goes on; in whole contacts the rest comes a little better than three in four."""
    await promise(
        ledger,
        aurora,
        Metric.FIRST_RESPONSE,
        Rule(goal=share_goal(9000), scheme=POINTS),
        within_s=9000,
        ordinal=2,
    )
    await fee(ledger, aurora, 1_000_000)
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, *[Contact(NOON, NOON + HOUR)] * 3, Contact(NOON, NOON + 5 * HOUR))
    found = await money_of(ledger, aurora)
    assert found is not None
    (only,) = found.clauses
    assert only.outlook is not None
    assert only.price is not None
    assert only.outlook.lowest is not None
    assert only.outlook.highest is not None
    assert only.outlook.lowest < Decimal("0.75") < only.outlook.highest
    assert only.price.cents == 140_000
    assert only.price.better is not None
    assert 0 < only.price.better.contacts < 100
    assert only.price.better.cents < only.price.cents


async def test_without_a_price_there_is_nothing_to_say(ledger: Database, aurora: Minted) -> None:
    await tell(ledger, aurora, Contact(NOON))
    assert await money_of(ledger, aurora) is None
