"""The pattern of a week and its text."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from portavoce.calendars import hours
from portavoce.calendars.hours import ALWAYS, Weekly
from tests.calendars.patterns import CLOSED, OFFICE, WEEKS


def test_a_week_written_out_in_full_is_always_open() -> None:
    assert Weekly(dict.fromkeys(range(7), ((0, 700), (700, 1440)))).always_open
    assert ALWAYS.always_open
    assert not OFFICE.always_open


@pytest.mark.parametrize("weekly", [CLOSED, Weekly({0: ()})])
def test_a_week_without_a_stretch_is_never_open(weekly: Weekly) -> None:
    assert weekly.never_open
    assert not OFFICE.never_open


@given(WEEKS)
def test_a_pattern_survives_its_json(weekly: Weekly) -> None:
    assert hours.read(hours.write(weekly)) == weekly


def test_equal_patterns_have_equal_json() -> None:
    forward, backward = Weekly({0: ((1, 2),), 3: ()}), Weekly({3: (), 0: ((1, 2),)})
    assert hours.write(forward) == hours.write(backward) == '{"days":{"0":[[1,2]],"3":[]}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"days":{"7":[[0,1]]}}',
        '{"days":{"0":[[5,5]]}}',
        '{"days":{"0":[[9,5]]}}',
        '{"days":{"0":[[0,1441]]}}',
        '{"days":{"0":[[-1,5]]}}',
        '{"days":{"0":[[0,10],[5,20]]}}',
        '{"days":{"0":[[10,20],[0,5]]}}',
        '{"days":{"0":[[0.5,2]]}}',
    ],
)
def test_a_pattern_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError if text else msgspec.DecodeError):
        hours.read(text)
