"""The rule of relief, at every boundary of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.observing.units import Unit
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.windows import Window, cause_of, is_late, is_relieved
from tests.database import NOON

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
LINE, OTHER, CONTACT = uuid4(), uuid4(), uuid4()
DUE, LATER = NOON + 4 * HOUR, NOON + 9 * HOUR


def unit(state: str = "late", **more: Any) -> Unit:
    """Begun and counted at noon, due four hours later, ended an hour after that."""
    plain: dict[str, Any] = {
        "interaction_id": CONTACT, "measure": "first_response", "at": NOON, "lob_id": LINE, "channel": "email",
        "since": NOON, "until": DUE + HOUR, "due_at": DUE,
    }  # fmt: skip
    return Unit(state=state, **{**plain, **more})


def window(
    starts_at: datetime, ends_at: datetime, cause: Cause = Cause.FORCE_MAJEURE, **scope: Any
) -> Window:
    return Window(cause=cause, starts_at=starts_at, ends_at=ends_at, **scope)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "held"),
    [
        (NOON - HOUR, NOON - TICK, False),
        (NOON - HOUR, NOON, False),
        (NOON - HOUR, NOON + TICK, True),
        (NOON, NOON + TICK, True),
        (NOON, NOON, False),
        (NOON + TICK, DUE, False),
        (DUE - TICK, DUE + HOUR, False),
        (NOON - HOUR, DUE + HOUR, True),
    ],
)
def test_an_event_holds_what_is_counted_from_its_beginning_to_before_its_end(
    starts_at: datetime, ends_at: datetime, held: bool
) -> None:
    assert window(starts_at, ends_at).holds(unit()) is held


@pytest.mark.parametrize("state", ["late", "met", "let_go", "open", "counted"])
@pytest.mark.parametrize("due_at", [None, DUE])
def test_it_holds_what_was_met_let_go_or_runs_like_what_is_late(state: str, due_at: datetime | None) -> None:
    one = unit(state, due_at=due_at)
    assert window(NOON, NOON + HOUR).holds(one)
    assert is_relieved(one, [window(NOON, NOON + HOUR)])


def test_the_instant_that_a_unit_is_counted_in_decides_and_not_when_it_began_or_was_due() -> None:
    solved = unit(at=DUE + HOUR)
    assert not window(NOON - HOUR, DUE + HOUR).holds(solved)
    assert window(DUE + HOUR, DUE + 2 * HOUR).holds(solved)


@pytest.mark.parametrize(
    ("state", "due_at", "as_of", "late"),
    [
        ("late", DUE, LATER, True),
        ("late", None, LATER, True),
        ("met", DUE, LATER, False),
        ("let_go", DUE, LATER, False),
        ("counted", DUE, LATER, False),
        ("open", DUE, DUE, False),
        ("open", DUE, DUE + TICK, True),
        ("open", None, LATER, False),
    ],
)
def test_only_what_is_late_has_a_cause(
    state: str, due_at: datetime | None, as_of: datetime, late: bool
) -> None:
    one, rain = unit(state, due_at=due_at), window(NOON, DUE)
    assert is_late(one, as_of) is late
    assert cause_of(one, [rain], as_of) == (rain.cause if late else None)


@pytest.mark.parametrize(
    ("start", "end", "met"),
    [
        (NOON - HOUR, NOON, False),
        (NOON - HOUR, NOON + TICK, True),
        (DUE - TICK, DUE + HOUR, True),
        (DUE, DUE + HOUR, False),
        (NOON - HOUR, DUE + HOUR, True),
    ],
)
def test_a_window_is_of_the_months_that_an_instant_of_it_lies_in(
    start: datetime, end: datetime, met: bool
) -> None:
    assert window(NOON, DUE).meets(start, end) is met


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        ({}, True),
        ({"lob_id": LINE}, True),
        ({"lob_id": OTHER}, False),
        ({"channel": "email"}, True),
        ({"channel": "phone"}, False),
        ({"lob_id": LINE, "channel": "email"}, True),
        ({"lob_id": OTHER, "channel": "email"}, False),
        ({"lob_id": LINE, "channel": "phone"}, False),
        ({"interaction_id": CONTACT}, True),
        ({"interaction_id": OTHER}, False),
    ],
)
def test_whatever_narrows_an_event_must_hold(scope: dict[str, Any], held: bool) -> None:
    assert window(NOON, DUE, **scope).holds(unit()) is held


def test_the_providers_own_fault_names_a_unit_and_takes_nothing_out() -> None:
    fault, rain = window(NOON, DUE, Cause.PROVIDER_FAULT), window(NOON, DUE)
    assert (is_relieved(unit(), [fault]), cause_of(unit(), [fault], LATER)) == (False, fault.cause)
    for both in ([fault, rain], [rain, fault]):
        assert (is_relieved(unit(), both), cause_of(unit(), both, LATER)) == (True, rain.cause)
    assert cause_of(unit("met"), [fault, rain], LATER) is None


def test_of_two_events_the_first_one_names_the_cause() -> None:
    first, second = window(NOON, DUE, Cause.VOLUME_OVER_FORECAST), window(NOON, DUE)
    assert cause_of(unit(), [first, second], LATER) == Cause.VOLUME_OVER_FORECAST


MINUTES = st.integers(0, 60).map(lambda minutes: NOON + minutes * timedelta(minutes=1))


@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_two_windows_that_adjoin_hold_together_what_the_whole_holds(
    at: datetime, one: datetime, two: datetime, three: datetime
) -> None:
    """No unit is in both, none falls between them: intervals add up."""
    first, middle, last = sorted((one, two, three))
    counted = unit(at=at)
    parts = [window(first, middle).holds(counted), window(middle, last).holds(counted)]
    assert sum(parts) == window(first, last).holds(counted)


def test_a_contact_of_another_id_is_not_meant() -> None:
    assert not window(NOON, DUE, interaction_id=UUID(int=1)).holds(unit())
