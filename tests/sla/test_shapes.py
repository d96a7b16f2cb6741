from __future__ import annotations

import pytest

from portavoce.sla.metrics import Metric
from portavoce.sla.presets import PRESETS, PresetClause
from portavoce.sla.rules import TIMED
from portavoce.sla.shapes import SHAPES


@pytest.mark.parametrize("clause", [each for clauses in PRESETS.values() for each in clauses])
def test_every_preset_is_a_clause_that_can_be_written(clause: PresetClause) -> None:
    shape = SHAPES[clause.metric]
    assert clause.goal.statistic in shape.statistics
    assert (clause.variant or "") in (shape.variants or ("",))
    assert shape.threshold is (clause.threshold_s is not None or clause.threshold_days is not None)


def test_only_a_clock_runs_in_open_time_and_only_the_one_to_the_end_is_stopped() -> None:
    assert {metric.value for metric, shape in SHAPES.items() if shape.clock} == TIMED
    assert {metric for metric, shape in SHAPES.items() if shape.pauses} == {Metric.RESOLUTION}
