import pytest

from portavoce.sla.clocks.lives import read_life
from portavoce.sla.clocks.rules import Return
from portavoce.sla.clocks.spans import Span, spans_of, stops_of
from tests.sla.clocks.stories import ANNA, HOUR, at, clock, story

TOLD = story(
    ("opened", at(4, 9)), ("agent", at(4, 10)), ("customer", at(4, 11)), ("agent", at(4, 12)), ("closed", at(4, 13)),
    ("customer_reopened", at(4, 14)), ("customer", at(4, 14)),
)  # fmt: skip
LIFE = read_life(TOLD, at(30))


@pytest.mark.parametrize(
    ("timed", "expected"),
    [
        ("first_response", [Span(at(4, 9), at(4, 10), 2, ANNA)]),
        ("next_response", [Span(at(4, 11), at(4, 12), 4, ANNA), Span(at(4, 14))]),
        ("resolution", [Span(at(4, 9))]),
    ],
)
def test_a_span_names_the_fact_and_the_person_that_ended_it(timed: str, expected: list[Span]) -> None:
    assert LIFE is not None
    assert spans_of(LIFE, clock(timed, HOUR)) == expected


def test_a_reply_before_the_opening_ends_it_at_once() -> None:
    life = read_life(story(("agent", at(4, 8)), ("opened", at(4, 9))), at(30))
    assert life is not None
    assert spans_of(life, clock("first_response", HOUR)) == [Span(at(4, 9), at(4, 9), 1, ANNA)]


def test_the_gap_after_an_end_stops_only_a_resolution_that_goes_on() -> None:
    stops = {each: stops_of(clock("resolution", HOUR, returns=each)) for each in Return}
    assert [each for each, states in stops.items() if "closed" in states] == [Return.RESUME]
    assert stops_of(clock("next_response", HOUR)) == frozenset()
