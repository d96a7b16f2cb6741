"""The rule of relief, at every boundary of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.observing.units import Unit
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.windows import Window, cause_of, is_late, relieved_by
from tests.database import NOON

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
LINE, OTHER, CONTACT = uuid4(), uuid4(), uuid4()
DUE, LATER = NOON + 4 * HOUR, NOON + 9 * HOUR


def unit(state: str = "late", **more: Any) -> Unit:
    """Begun at noon, due four hours later, ended an hour after that."""
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
    ("starts_at", "ends_at", "touched"),
    [
        (NOON - HOUR, NOON, False),
        (NOON - HOUR, NOON + TICK, True),
        (NOON, NOON + TICK, True),
        (NOON + HOUR, NOON + 2 * HOUR, True),
        (DUE - TICK, DUE, True),
        (DUE - TICK, DUE + HOUR, True),
        (DUE, DUE + HOUR, False),
        (DUE + TICK, DUE + HOUR, False),
        (NOON - HOUR, DUE + HOUR, True),
    ],
)
def test_an_event_touches_what_was_begun_before_its_end_and_due_after_its_beginning(
    starts_at: datetime, ends_at: datetime, touched: bool
) -> None:
    assert window(starts_at, ends_at).touches(unit(), LATER) is touched


@pytest.mark.parametrize(
    ("state", "due_at", "as_of", "late"),
    [
        ("late", DUE, LATER, True),
        ("met", DUE, LATER, False),
        ("let_go", DUE, LATER, False),
        ("counted", DUE, LATER, False),
        ("open", DUE, DUE, False),
        ("open", DUE, DUE + TICK, True),
        ("open", None, LATER, False),
    ],
)
def test_only_what_is_late_is_touched(
    state: str, due_at: datetime | None, as_of: datetime, late: bool
) -> None:
    one = unit(state, due_at=due_at)
    assert is_late(one, as_of) is late
    assert window(NOON, DUE).touches(one, as_of) is late


@pytest.mark.parametrize(
    ("scope", "touched"),
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
def test_whatever_narrows_an_event_must_hold(scope: dict[str, Any], touched: bool) -> None:
    assert window(NOON, DUE, **scope).touches(unit(), LATER) is touched


def test_the_providers_own_fault_names_a_unit_and_does_not_excuse_it() -> None:
    fault, rain = window(NOON, DUE, Cause.PROVIDER_FAULT), window(NOON, DUE)
    assert (relieved_by(unit(), [fault], LATER), cause_of(unit(), [fault], LATER)) == (False, fault.cause)
    for both in ([fault, rain], [rain, fault]):
        assert (relieved_by(unit(), both, LATER), cause_of(unit(), both, LATER)) == (True, rain.cause)
    assert cause_of(unit("met"), [fault, rain], LATER) is None


def test_of_two_events_the_first_one_names_the_cause() -> None:
    first, second = window(NOON, DUE, Cause.VOLUME_OVER_FORECAST), window(NOON, DUE)
    assert cause_of(unit(), [first, second], LATER) == Cause.VOLUME_OVER_FORECAST


MINUTES = st.integers(0, 60).map(lambda minutes: NOON + minutes * timedelta(minutes=1))


@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_it_is_touched_exactly_where_some_instant_lies_in_both(
    since: datetime, due_at: datetime, starts_at: datetime, ends_at: datetime
) -> None:
    """By brute force, half a minute at a time, over what is not empty."""
    if since >= due_at or starts_at >= ends_at:
        return
    instants = (NOON + n * timedelta(seconds=30) for n in range(122))
    both = any(since <= each < due_at and starts_at <= each < ends_at for each in instants)
    one = msgspec.structs.replace(unit(), since=since, due_at=due_at)
    assert window(starts_at, ends_at).touches(one, LATER) is both


def test_a_contact_of_another_id_is_not_meant() -> None:
    assert not window(NOON, DUE, interaction_id=UUID(int=1)).touches(unit(), LATER)
