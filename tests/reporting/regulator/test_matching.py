from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from portavoce.reporting.regulator.matching import leading, measures
from portavoce.sla.applying import can_be_written
from portavoce.sla.clocks.rules import Return
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.presets import PRESETS, Regime, Subject
from portavoce.sla.rules import Attainment
from portavoce.sla.schemes import PerBreach, Scheme
from tests.reporting.regulator.making import COMPLAINTS, OTHER_LINE, clause, preset

EVERY = [each for clauses in PRESETS.values() for each in clauses]
DAY_S = 86_400


@pytest.mark.parametrize("own", [each for each in EVERY if can_be_written(each)])
def test_a_clause_taken_over_is_known_again(own: Any) -> None:
    assert measures(clause(own), own)
    alike = [each for each in EVERY if measures(clause(own), each)]
    assert {(each.metric, each.variant, each.threshold_s, each.threshold_days) for each in alike} == {
        (own.metric, own.variant, own.threshold_s, own.threshold_days)
    }


def ruled(**changed: Any) -> dict[str, Any]:
    return {"rule": msgspec.structs.replace(clause().rule, **changed)}


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold_s": 29 * DAY_S},
        {"channel": "phone"},
        {"metric": Metric.FIRST_RESPONSE},
        {"calendar_name": "Ufficio"},
        ruled(pauses=("pending",)),
        ruled(pauses=None),
        ruled(returns=Return.FIRST),
        ruled(goal=Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(30 * DAY_S))),
        ruled(goal=Goal(Statistic.SHARE_WITHIN, Direction.AT_MOST, Decimal(1))),
    ],
    ids=str,
)
def test_what_is_measured_otherwise_is_another_thing(changed: dict[str, Any]) -> None:
    assert not measures(clause(**changed), COMPLAINTS)


@pytest.mark.parametrize(
    "changed",
    [
        ruled(goal=Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal("0.9"))),
        ruled(warn_bp=5_000),
        ruled(attainment=Attainment(1_800, 9_000)),
        ruled(scheme=Scheme(malus=(PerBreach(500, 0),))),
        {"ordinal": 4, "lob_id": OTHER_LINE},
    ],
    ids=str,
)
def test_what_a_contract_wants_of_the_figure_does_not_matter(changed: dict[str, Any]) -> None:
    assert measures(clause(**changed), COMPLAINTS)


def test_formulas_of_calls_are_told_apart() -> None:
    lines_open, answered = (preset(Regime.ARERA_TIQV_2026, Subject.CALL, number) for number in (0, 2))
    assert measures(clause(answered), answered)
    assert not measures(clause(answered), lines_open)


def test_no_clause_counts_working_days() -> None:
    working = preset(Regime.ES_10_2025, Subject.REQUEST)
    assert not measures(clause(threshold_s=15 * DAY_S), working)


def test_of_two_that_count_the_same_contacts_the_first_stands() -> None:
    first, second = clause(), clause(ordinal=2)
    later, elsewhere = clause(version=2, ordinal=3), clause(lob_id=OTHER_LINE)
    assert {each.id for each in leading([second, later, first, elsewhere])} == {
        first.id,
        later.id,
        elsewhere.id,
    }
