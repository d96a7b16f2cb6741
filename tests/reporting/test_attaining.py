from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import msgspec
import pytest

from portavoce.reporting.attaining import attained, slots_of
from portavoce.reporting.counts import Counts
from portavoce.reporting.observing.units import Unit
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.rules import Attainment, Clause, Rule, share_goal
from tests.reporting.test_contacts import CLAUSE

NINE = datetime(2026, 3, 3, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MEAN = Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(60))


def judged(interval_s: int, goal: Goal | None = None) -> Clause:
    rule = Rule(goal=goal or share_goal(8_000), attainment=Attainment(interval_s, 9_000))
    return msgspec.structs.replace(CLAUSE, rule=rule)


def counts(met: int, late: int = 0, used_s: int = 0) -> Counts:
    return Counts(units=met + late, ended=met + late, met=met, late=late, used_s=used_s)


@pytest.mark.parametrize(
    ("interval_s", "quarters", "share"),
    [
        (900, [(4, 1), (3, 2)], Fraction(1, 2)),
        (900, [(4, 1), (0, 0), (1, 0)], Fraction(1)),
        (1800, [(4, 1), (4, 1), (1, 1)], Fraction(1, 2)),
        (1800, [(3, 2), (5, 0)], Fraction(1)),
        (3600, [(1, 0), (1, 0), (1, 0), (0, 1), (1, 0)], Fraction(1, 2)),
        (900, [(0, 0)], None),
        (900, [], None),
    ],
)
def test_it_is_the_share_of_intervals_on_target_of_those_with_data(
    interval_s: int, quarters: list[tuple[int, int]], share: Fraction | None
) -> None:
    slots = {NINE + n * QUARTER: counts(*each) for n, each in enumerate(quarters)}
    assert attained(judged(interval_s), slots) == share


def test_a_mean_is_judged_in_each_interval_too() -> None:
    slots = {NINE: counts(2, used_s=120), NINE + QUARTER: counts(1, used_s=61)}
    assert attained(judged(900, MEAN), slots) == Fraction(1, 2)


def test_what_is_open_and_past_due_counts_against_its_interval() -> None:
    def unit(at: datetime, state: str) -> Unit:
        return Unit(
            interaction_id=UUID(int=1), measure="first_response", at=at, lob_id=UUID(int=2), channel="email",
            since=at, state=state, due_at=NINE + QUARTER,
        )  # fmt: skip

    slots = slots_of([unit(NINE, "open"), unit(NINE + QUARTER, "met")], NINE + 2 * QUARTER)
    assert attained(judged(900), slots) == Fraction(1, 2)
    assert attained(judged(1800), slots) == Fraction(0)


def test_a_clause_without_intervals_has_no_such_figure() -> None:
    assert attained(CLAUSE, {NINE: counts(1)}) is None
