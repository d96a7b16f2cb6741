from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.adherence import Activity, Stretch, adherence, conformance
from portavoce.sla.measures.ratios import Ratio

NINE = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
WORK, PAUSE = Activity.WORK, Activity.BREAK


def on(first_min: int, past_min: int, activity: Activity = WORK) -> Stretch:
    return Stretch(NINE + timedelta(minutes=first_min), NINE + timedelta(minutes=past_min), activity)


PLAN = (on(0, 120), on(120, 135, PAUSE), on(135, 240))


def test_whoever_keeps_the_plan_adheres_fully() -> None:
    assert adherence(PLAN, PLAN) == Ratio(14_400, 14_400)
    assert conformance(PLAN, PLAN) == Ratio(13_500, 13_500)


def test_late_early_and_the_break_at_the_wrong_time_cost_adherence_but_not_conformance() -> None:
    done = (on(10, 130), on(130, 145, PAUSE), on(145, 250))
    kept_min = (120 - 10) + (135 - 130) + (240 - 145)
    assert adherence(PLAN, done) == Ratio(60 * kept_min, 14_400)
    assert conformance(PLAN, done) == Ratio(13_500, 13_500)


def test_overtime_conforms_beyond_the_whole_and_adheres_to_nothing() -> None:
    done = (*PLAN, on(240, 300))
    assert adherence(PLAN, done) == Ratio(14_400, 14_400)
    assert conformance(PLAN, done).value == Ratio(17_100, 13_500).value


def test_nothing_scheduled_is_no_data() -> None:
    assert adherence([], PLAN).value is None
    assert conformance([on(0, 15, PAUSE)], PLAN).value is None


def test_nobody_does_two_things_at_once() -> None:
    with pytest.raises(ValueError):
        adherence(PLAN, (on(0, 120), on(119, 130, PAUSE)))


DAYS = st.lists(st.sampled_from([*Activity, None]), max_size=10).map(
    lambda quarters: [
        on(15 * n, 15 * n + 15, activity) for n, activity in enumerate(quarters) if activity is not None
    ]
)


@given(DAYS, DAYS)
def test_adherence_agrees_with_looking_at_every_quarter(plan: list[Stretch], done: list[Stretch]) -> None:
    found = adherence(plan, reversed(done))
    assert found == Ratio(900 * sum(each in done for each in plan), 900 * len(plan))
    worked, planned = (sum(each.activity is WORK for each in rows) for rows in (done, plan))
    assert conformance(reversed(plan), done) == Ratio(900 * worked, 900 * planned)
