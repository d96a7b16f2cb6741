from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from portavoce.sla.clocks.rules import PAUSES, Terms, Timed, clocks_of
from tests.sla.clocks.stories import LONG_AGO, MOMENT, at, clock, story

ONE, TWO = (clock("first_response", timedelta(hours=n)) for n in (1, 2))
SECOND = at(4, 12)
TERMS = [
    Terms(LONG_AGO, (ONE, replace(ONE, channel="call"), replace(ONE, lob_id=UUID(int=9)))),
    Terms(SECOND, (TWO,)),
]


def test_the_version_in_force_at_the_opening_rules_for_good() -> None:
    before, after = (story(("opened", when))[0] for when in (SECOND - MOMENT, SECOND))
    assert (clocks_of(before, TERMS), clocks_of(after, TERMS)) == ([ONE], [TWO])
    assert clocks_of(story(("opened", LONG_AGO - MOMENT))[0], TERMS) == []
    assert clocks_of(story(("opened", SECOND), channel="social")[0], TERMS) == []


def test_every_kind_of_clock_says_what_stops_it() -> None:
    assert PAUSES.keys() == set(Timed)
    assert clock("resolution", timedelta(1)).paused_by == {"pending"}
    assert clock("resolution", timedelta(1), pauses=frozenset()).paused_by == frozenset()


def test_a_warning_is_in_whole_seconds() -> None:
    assert clock("first_response", timedelta(seconds=10), warn_bp=7777).warns_after == timedelta(seconds=7)
