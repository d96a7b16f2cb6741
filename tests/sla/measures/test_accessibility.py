from datetime import timedelta

from portavoce.sla.measures.accessibility import answered_of_offered, lines_open
from portavoce.sla.measures.queueing import tally
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.spans import Span
from tests.sla.measures.queues import BY_HAND, EVENING, NINE


def span(first_s: int, past_s: int) -> Span:
    return NINE + timedelta(seconds=first_s), NINE + timedelta(seconds=past_s)


def test_one_accessibility_is_answered_of_offered() -> None:
    assert answered_of_offered(tally(BY_HAND, EVENING)) == Ratio(8, 14)


def test_the_other_is_the_opening_time_with_a_free_line() -> None:
    day = [span(0, 1000), span(2000, 3000)]
    free = [span(0, 400), span(300, 500), span(900, 2200), span(2900, 5000)]
    assert lines_open(free, day) == Ratio(500 + 100 + 200 + 100, 2000)


def test_a_day_without_opening_time_has_no_accessibility() -> None:
    assert lines_open([span(0, 10)], []).value is None
    assert lines_open([], [span(0, 10)]).value == 0
