from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from portavoce.contracts.errors import BadClause
from portavoce.sla.goals import Direction, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Attainment
from portavoce.sla.shapes import SHAPES, better
from portavoce.sla.writing import rule_of
from tests.contracts.writing import wish

LINE = UUID(int=1)


def refused(**said: Any) -> set[str]:
    with pytest.raises(BadClause) as error:
        rule_of(wish(LINE, **said))
    return set(error.value.fields)


def test_a_wish_becomes_its_rule() -> None:
    rule = rule_of(
        wish(LINE, pauses=("pending", "pending"), interval_s=1800, interval_share_bp=9_500, warn_bp=8_000)
    )
    assert (rule.goal.statistic, rule.goal.direction) == (Statistic.SHARE_WITHIN, Direction.AT_LEAST)
    assert (rule.pauses, rule.attainment, rule.warn_bp) == (("pending",), Attainment(1800, 9_500), 8_000)
    fast = rule_of(wish(LINE, statistic="percentile", goal=Decimal(3_600), percentile_bp=9_000))
    assert (fast.goal.direction, fast.goal.percentile_bp) == (Direction.AT_MOST, 9_000)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"metric": "kindness"}, {"metric"}),
        ({"metric": "back_office"}, {"metric"}),
        ({"statistic": "median"}, {"statistic"}),
        ({"metric": "abandonment", "statistic": "mean", "threshold_s": None}, {"statistic"}),
        ({"direction": "sideways"}, {"direction"}),
        ({"threshold_s": None}, {"threshold"}),
        ({"threshold_s": 0}, {"threshold"}),
        ({"threshold_s": 10**12}, {"threshold"}),
        ({"metric": "adherence"}, {"threshold"}),
        ({"goal": Decimal(0)}, {"goal"}),
        ({"goal": Decimal("1.01")}, {"goal"}),
        ({"goal": Decimal("NaN")}, {"goal"}),
        ({"statistic": "mean", "goal": Decimal("0.5")}, {"goal"}),
        (
            {"metric": "satisfaction", "statistic": "mean", "threshold_s": None, "goal": Decimal(101)},
            {"goal"},
        ),
        ({"metric": "backlog", "statistic": "mean", "threshold_s": None, "goal": Decimal(10**7)}, {"goal"}),
        ({"percentile_bp": 9_000}, {"rank"}),
        ({"statistic": "percentile", "goal": Decimal(60)}, {"rank"}),
        ({"statistic": "percentile", "goal": Decimal(60), "percentile_bp": 10_000}, {"rank"}),
        ({"variant": "SL_OFFERED"}, {"variant"}),
        ({"metric": "service_level"}, {"variant"}),
        ({"metric": "service_level", "variant": "ASA"}, {"variant"}),
        ({"metric": "first_response", "pauses": ("pending",)}, {"pauses"}),
        ({"pauses": ("asleep",)}, {"pauses"}),
        ({"warn_bp": 0}, {"warn"}),
        ({"warn_bp": 10_001}, {"warn"}),
        ({"short_s": -1, "ivr_s": 3_601}, {"short_s", "ivr_s"}),
        ({"interval_s": 60, "interval_share_bp": 9_000}, {"interval"}),
        ({"interval_s": 900}, {"interval_share"}),
        (
            {
                "interval_s": 900,
                "interval_share_bp": 9_000,
                "statistic": "percentile",
                "percentile_bp": 9_000,
                "goal": Decimal(60),
            },
            {"interval"},
        ),
        ({"channel": "telepathy"}, {"channel"}),
        ({"returns": "never"}, {"returns"}),
        ({"reopen_window_s": -1}, {"reopen_days"}),
    ],
)
def test_what_a_clause_cannot_say_is_told_by_its_field(said: dict[str, Any], fields: set[str]) -> None:
    assert refused(**said) == fields


def test_every_metric_of_the_provider_has_a_shape_and_a_side_that_is_good() -> None:
    clients = {Metric.BACK_OFFICE, Metric.APPROVAL}
    assert set(SHAPES) == set(Metric) - clients
    assert better(Metric.FIRST_RESPONSE, Statistic.SHARE_WITHIN) is Direction.AT_LEAST
    assert better(Metric.FIRST_RESPONSE, Statistic.MEAN) is Direction.AT_MOST
    assert better(Metric.ABANDONMENT, Statistic.SHARE_WITHIN) is Direction.AT_MOST
