from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.commitments import Commitment, Verdict, commitments
from portavoce.reporting.counts import Counts
from portavoce.reporting.figures import value_of
from portavoce.reporting.standing import read_standing
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import new_version, promise
from tests.reporting.reading import reading, report, report_in
from tests.reporting.telling import Contact, answer, tell
from tests.reporting.test_contacts import CLAUSE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def standing(met: int, late: int, *, is_final: bool = True) -> Commitment:
    counts = Counts(units=met + late, ended=met + late, met=met, late=late)
    return Commitment(CLAUSE, "Assistenza", counts, value_of(CLAUSE, counts), NOON, is_final)


@pytest.mark.parametrize(
    ("met", "late", "is_final", "verdict"),
    [
        (9, 1, True, Verdict.MET),
        (8, 2, True, Verdict.MISSED),
        (10, 0, False, Verdict.PROVISIONAL),
        (0, 10, False, Verdict.PROVISIONAL),
        (0, 0, True, Verdict.NO_DATA),
        (0, 0, False, Verdict.NO_DATA),
        (0, 1, True, Verdict.MISSED),
        (899_999, 100_001, True, Verdict.MISSED),
    ],
)
def test_the_verdict_compares_the_exact_share_and_waits_for_the_last_contact(
    met: int, late: int, is_final: bool, verdict: Verdict
) -> None:
    assert standing(met, late, is_final=is_final).verdict is verdict


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        (share_goal(9000), Fraction(3, 4)),
        (Goal(Statistic.SHARE_WITHIN, Direction.AT_MOST, Decimal("0.05")), Fraction(1, 4)),
        (Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(60)), Fraction(100, 3)),
        (Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(60), 9000), Fraction(42)),
    ],
)
def test_each_statistic_has_its_own_figure(goal: Goal, value: Fraction) -> None:
    """Three met of which all ended, one overdue that did not."""
    clause = msgspec.structs.replace(CLAUSE, rule=Rule(goal=goal))
    counts = Counts(units=5, ended=3, met=3, overdue=1, used_s=100)
    assert value_of(clause, counts, 42) == value
    assert value_of(clause, Counts(), None) is None


async def test_each_clause_of_the_month_stands_for_itself(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    second = await new_version(ledger, aurora, NOON + 2 * DAY)
    await promise(
        ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=share_goal(5000)), within_s=3600, version_id=second
    )
    clock.move_to(NOON + 40 * DAY)
    await tell(
        ledger,
        aurora,
        Contact(NOON + DAY, NOON + DAY + 3 * HOUR),
        Contact(NOON + 2 * DAY, NOON + 2 * DAY + 3 * HOUR),
        Contact(NOON + 3 * DAY, NOON + 3 * DAY + HOUR),
        Contact(NOON + 3 * DAY, NOON + 3 * DAY + HOUR),
    )
    found = await report(ledger, aurora)
    first, later = commitments(found)
    assert (first.clause.version, first.value, first.verdict) == (1, Fraction(1), Verdict.MET)
    assert (later.clause.threshold_s, later.value, later.verdict) == (3600, Fraction(2, 3), Verdict.MET)
    for each in (first, later):
        assert found.count("within", each.cut) == each.counts.met
        assert found.count("decided", each.cut) == each.counts.decided


async def test_a_mean_and_a_percentile_are_of_what_ended(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """One, two and three hours, and one still open."""
    mean = Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(3600))
    rank = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(7200), 5000)
    await promise(ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=mean), within_s=3600, ordinal=2)
    await promise(ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=rank), within_s=3600, ordinal=3)
    clock.move_to(NOON + 40 * DAY)
    await tell(ledger, aurora, *[Contact(NOON, NOON + n * HOUR) for n in (3, 1, 2)], Contact(NOON + DAY))
    async with reading(ledger, aurora) as db:
        found = await report_in(db, aurora)
        _, by_mean, by_rank = await read_standing(db, found)
    assert (by_mean.value, by_mean.on_target) == (Fraction(7200), False)
    assert (by_rank.value, by_rank.on_target) == (Fraction(7200), True)


async def test_what_nothing_writes_down_is_not_measured_and_the_clients_own_promise_is_elsewhere(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    await promise(ledger, aurora, Metric.SATISFACTION, Rule(goal=share_goal(8000)))
    await promise(ledger, aurora, Metric.BACK_OFFICE, Rule(goal=share_goal(9000)), within_s=60)
    clock.move_to(NOON + 40 * DAY)
    found = {each.clause.metric: each for each in commitments(await report(ledger, aurora))}
    assert found.keys() == {Metric.FIRST_RESPONSE, Metric.SATISFACTION}
    assert found[Metric.SATISFACTION].verdict is Verdict.NOT_MEASURED
    assert found[Metric.FIRST_RESPONSE].verdict is Verdict.NO_DATA


async def test_a_month_is_final_once_it_is_over_and_nothing_runs(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    async def is_final() -> bool:
        (only,) = commitments(await report(ledger, aurora))
        return only.is_final

    last = datetime.fromisoformat("2026-03-31T15:30Z")
    clock.move_to(last)
    await tell(ledger, aurora, Contact(NOON, NOON + HOUR))
    assert not await is_final()
    (interaction,) = await tell(ledger, aurora, Contact(last))
    clock.move_to(last + 8 * HOUR)
    assert not await is_final()
    await answer(ledger, aurora, interaction, last + 8 * HOUR)
    assert await is_final()
