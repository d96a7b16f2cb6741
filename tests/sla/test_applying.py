from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.sla.applying import can_be_written, wish_of_preset
from portavoce.sla.presets import PRESETS, CalendarKind, PresetClause, Regime
from portavoce.sla.writing import rule_of

LINE, HOURS = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("preset", [each for clauses in PRESETS.values() for each in clauses])
def test_every_clause_of_a_regime_can_be_written_but_those_in_working_days(preset: PresetClause) -> None:
    if preset.calendar is CalendarKind.WORKING_DAYS:
        assert not can_be_written(preset)
        with pytest.raises(ValueError, match="working days"):
            wish_of_preset(preset, LINE, HOURS)
        return
    wish = wish_of_preset(preset, LINE, HOURS)
    assert rule_of(wish).goal == preset.goal
    assert (wish.calendar_id == HOURS) is (preset.calendar is CalendarKind.OPENING_HOURS)


def test_thirty_calendar_days_run_day_and_night_and_nothing_stops_them() -> None:
    complaint = wish_of_preset(PRESETS[Regime.AGCOM_255_24][2], LINE, HOURS)
    assert (complaint.threshold_s, complaint.calendar_id, complaint.pauses) == (30 * 86_400, None, ())
    assert complaint.channel == "email"
